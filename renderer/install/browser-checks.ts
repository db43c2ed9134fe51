/** How a line stands: `mild` works, with less than the platform could give. */
export type BrowserOutcome = 'ok' | 'mild' | 'failed';

/** One line about the browser that shows the installation page. */
export interface BrowserCheck {
  readonly id:
    | 'secure'
    | 'browser'
    | 'session'
    | 'camera'
    | 'storage'
    | 'offline'
    | 'keyboard'
    | 'display'
    | 'capture'
    | 'computer';
  readonly outcome: BrowserOutcome;
}

/** What the checks look at; the page gives the browser's own. */
export interface BrowserFacts {
  readonly secure: boolean;
  /** Chromium's major version; null for another browser. */
  readonly chromium: number | null;
  /** The session shows this one program only, as the institution's policy says. */
  readonly managedKiosk: boolean;
  readonly camera: PermissionState | 'missing';
  /** Whether what the exam stores is safe from being cleared to make room; null where the browser does not say. */
  readonly persisted: boolean | null;
  /** Files of the exam's page are kept on this device. */
  readonly offline: boolean;
  readonly keyboardLock: boolean;
  /** Null: the browser does not tell how many screens there are. */
  readonly extended: boolean | null;
  /**
   * Giving the screen away: `none`, this browser cannot; `all-screens`, a policy lets this page take all of them at
   * once; `possible`, it can ask, and whether policy forbids it (with which exceptions) no page can read.
   */
  readonly capture: 'none' | 'possible' | 'all-screens';
  readonly mobile: boolean;
}

/** What the pages are built for (`vite.config.ts`). */
const OLDEST_CHROMIUM = 140;

/** Judges the present browser: is it fit for an exam, and what is missing. */
export const browserChecks = (facts: BrowserFacts): readonly BrowserCheck[] => {
  const line = (id: BrowserCheck['id'], outcome: BrowserOutcome): BrowserCheck => ({ id, outcome });
  const mildIf = (good: boolean): BrowserOutcome => (good ? 'ok' : 'mild');
  return [
    line('secure', facts.secure ? 'ok' : 'failed'),
    line('browser', (facts.chromium ?? 0) >= OLDEST_CHROMIUM ? 'ok' : 'failed'),
    line('computer', facts.mobile ? 'failed' : 'ok'),
    line('session', mildIf(facts.managedKiosk)),
    line(
      'camera',
      facts.camera === 'missing' || facts.camera === 'denied'
        ? 'failed'
        : mildIf(facts.camera === 'granted'),
    ),
    line('storage', mildIf(facts.persisted === true)),
    line('offline', mildIf(facts.offline)),
    line('keyboard', mildIf(facts.keyboardLock)),
    line('display', facts.extended === true ? 'failed' : mildIf(facts.extended === false)),
    line('capture', facts.capture === 'all-screens' ? 'failed' : mildIf(facts.capture === 'none')),
  ];
};

interface AgentData {
  readonly mobile: boolean;
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
}

/** A browser that does not answer must not leave whoever looks without an answer, ms. */
const PATIENCE_MS = 1_500;

/** What the browser says; the other value where it has no such thing, refuses, throws or says nothing. */
export const asked = <T>(ask: () => Promise<T> | T, otherwise: T): Promise<T> =>
  Promise.race([
    (async () => ask())().catch(() => otherwise),
    new Promise<T>((resolve) => setTimeout(resolve, PATIENCE_MS, otherwise)),
  ]);

const cameraState = async (): Promise<BrowserFacts['camera']> => {
  const devices = await asked(() => navigator.mediaDevices.enumerateDevices(), []);
  if (!devices.some(({ kind }) => kind === 'videoinput')) return 'missing';
  const query = () => navigator.permissions.query({ name: 'camera' as PermissionName });
  return asked(async () => (await query()).state, 'prompt');
};

const keptForOffline = async (): Promise<boolean> => {
  const names = await caches.keys();
  const registration = await navigator.serviceWorker.getRegistration('../');
  return registration?.active != null && names.some((name) => name.startsWith('atalaya-kiosk-'));
};

const captureState = (): BrowserFacts['capture'] => {
  const devices: object = navigator.mediaDevices ?? {};
  if ('getAllScreensMedia' in devices) return 'all-screens';
  return 'getDisplayMedia' in devices ? 'possible' : 'none';
};

const agentData = (): AgentData | undefined =>
  (navigator as Navigator & { readonly userAgentData?: AgentData }).userAgentData;
const byName = (): boolean => /Android|iPhone|iPad/.test(navigator.userAgent);

/** Looks at the browser that this page runs in. Never throws: what cannot be asked is not there. */
export const presentFacts = async (
  managedKiosk: boolean,
  keyboardLock: boolean,
): Promise<BrowserFacts> => {
  const [camera, persisted, offline, version, extended, capture, mobile] = await Promise.all([
    asked(cameraState, 'missing'),
    asked<boolean | null>(() => navigator.storage.persisted(), null),
    asked(keptForOffline, false),
    asked(() => agentData()?.brands.find(({ brand }) => brand === 'Chromium')?.version, undefined),
    asked(() => (screen as Screen & { readonly isExtended?: boolean }).isExtended ?? null, null),
    asked(captureState, 'possible'),
    asked(() => agentData()?.mobile ?? byName(), byName()),
  ]);
  return {
    secure: isSecureContext,
    chromium: version === undefined ? null : Number(version),
    managedKiosk,
    camera,
    persisted,
    offline,
    keyboardLock,
    extended,
    capture,
    mobile,
  };
};
