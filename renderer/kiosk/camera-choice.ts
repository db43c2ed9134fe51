/** A camera of this machine. */
export interface CameraDevice {
  /** The browser's own name for it: the same each time on this machine, for this origin. */
  readonly id: string;
  /** As the system calls it. */
  readonly label: string;
}

/** Which cameras there are and which one is used. */
export interface CameraChoice {
  readonly all: readonly CameraDevice[];
  readonly usedId: string | null;
}

const KEY = 'atalaya-camera';

/** The camera that was chosen on this machine before; undefined when none was. */
export const rememberedCamera = (): string | undefined => {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined; // storage is forbidden: then nothing is remembered
  }
};

export const rememberCamera = (id: string): void => {
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // As above: it is asked again next time.
  }
};

/** Cameras with a name: the browser tells none before one of them was opened. */
export const camerasOfMachine = async (): Promise<readonly CameraDevice[]> => {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices
    .filter(({ kind, deviceId, label }) => kind === 'videoinput' && deviceId !== '' && label !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
};
