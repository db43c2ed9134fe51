/** Why there is no camera: refused by the person or a policy, none there, used elsewhere, other. */
export type CameraProblem = 'denied' | 'missing' | 'in-use' | 'failed';

const CONSTRAINTS: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 10 },
};

/**
 * Asks for the camera's stream, without sound.
 * @param deviceId the device to use; another one where it is not there.
 * @throws what `getUserMedia` throws: `cameraProblemOf` says what it means.
 */
export async function openCamera(deviceId: string | undefined): Promise<MediaStream> {
  const { mediaDevices } = navigator;
  if (!deviceId) return mediaDevices.getUserMedia({ video: CONSTRAINTS, audio: false });
  try {
    // Only as a demand does a device's name outweigh how well another one's pictures fit.
    return await mediaDevices.getUserMedia({
      video: { ...CONSTRAINTS, deviceId: { exact: deviceId } },
      audio: false,
    });
  } catch (error) {
    if (cameraProblemOf(error) !== 'missing') throw error;
    return mediaDevices.getUserMedia({ video: CONSTRAINTS, audio: false });
  }
}

/** What a refusal of `getUserMedia` means. */
export function cameraProblemOf(error: unknown): CameraProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in-use';
    default:
      return 'failed';
  }
}
