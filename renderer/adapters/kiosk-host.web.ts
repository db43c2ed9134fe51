import { HOST_ENFORCES } from '#shared/incident/coverage.ts';
import { enrolUnattended } from '#shared/kiosk/door/unattended-enrolment.ts';
import { createKioskEngine, type KioskEngine } from '#shared/kiosk/engine.ts';
import type { Log, PowerInfo } from '#shared/kiosk/engine-deps.ts';
import { builtCoverage } from '#shared/kiosk/machine/machine-coverage.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { KIOSK_SOCKET_PATH } from '#shared/wire/kiosk-socket.ts';
import type { HostCapabilities, Requirement } from '#shared/wire/kiosk-view.ts';
import { createFetchApi, createSocketLink } from './fetch-server.ts';
import { IndexedDbDeviceStore, IndexedDbLedger, openKioskDatabase } from './indexed-db-store.ts';
import { askToKeepStorage } from './kept-storage.ts';
import { openSoleHost } from './sole-host.ts';
import { WebCryptoDeviceKey, webDigest } from './web-crypto.ts';
import { fillsTheScreen, hasKeyboardLock, WebLockdown } from './web-lockdown.ts';
import { webSensors } from './web-sensors.ts';
import {
  presentWebSession,
  sessionDeviceName,
  sessionEnrolCode,
  type WebSession,
} from './web-session.ts';

const isKiosk = (session: WebSession): boolean => session.kind === 'managed-kiosk';

const capabilitiesOf = (
  version: string,
  session: WebSession,
  sensors: readonly Sensor[],
): HostCapabilities => ({
  kind: 'web',
  version,
  build: null,
  platform: `${session.system}${isKiosk(session) ? ' · kiosk' : ''}`.slice(0, 80),
  coverage: builtCoverage(
    sensors,
    // A page stops events inside itself; other programs only a managed kiosk session stops.
    isKiosk(session)
      ? HOST_ENFORCES.web
      : new Set([...HOST_ENFORCES.web].filter((kind) => kind !== 'forbidden-app')),
  ),
});

/**
 * Art. 29k: an exam is sat on a computer. A touch laptop has a fine pointer too and passes, and so does a
 * computer without any mouse: everything works by keyboard.
 */
const isComputer = (): boolean => {
  const agent = navigator as Navigator & { readonly userAgentData?: { readonly mobile: boolean } };
  const phone = agent.userAgentData?.mobile ?? /Android|iPhone|iPad/.test(navigator.userAgent);
  return !phone && (matchMedia('(any-pointer: fine)').matches || navigator.maxTouchPoints === 0);
};

/** What of the machine no sensor checks. */
const deviceChecks = async (session: WebSession): Promise<readonly Requirement[]> => [
  isComputer()
    ? { id: 'computer', outcome: 'ok', blocks: true }
    : { id: 'computer', outcome: 'failed', cause: 'phone', blocks: true },
  isKiosk(session)
    ? { id: 'session', outcome: 'ok', blocks: false }
    : { id: 'session', outcome: 'failed', cause: session.kind, blocks: false },
];

interface Battery extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

/** The battery as Chromium tells it; null elsewhere. */
const watchPower = (): (() => PowerInfo) => {
  let battery: Battery | null = null;
  const source = navigator as Navigator & { readonly getBattery?: () => Promise<Battery> };
  void source
    .getBattery?.()
    .then((found) => {
      battery = found;
    })
    .catch(() => undefined);
  return () => ({ battery: battery?.level ?? null, charging: battery?.charging ?? null });
};

const scheduler: Scheduler = {
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, task) => {
    const timer = setInterval(task, ms);
    return () => clearInterval(timer);
  },
};

const log: Log = (level, message, facts) => console[level](`atalaya: ${message}`, facts ?? {});

/**
 * Puts the browser kiosk together and goes on with what its profile remembers. A second page of the same
 * profile waits for the first one to go away, and says so. A managed device enrols by itself with the code
 * that policy gives it.
 * @param version of this build, shown to staff.
 * @param checks what is checked before the exam besides the sensors' own checks.
 * @throws when the browser denies storage or keys.
 */
export const createWebHost = async (
  version: string,
  checks: typeof deviceChecks = deviceChecks,
): Promise<KioskHost> => {
  const session = await presentWebSession(fillsTheScreen());
  const sensors = webSensors({ keyboardLock: hasKeyboardLock(), oneProgram: isKiosk(session) });
  const capabilities = capabilitiesOf(version, session, sensors);
  return openSoleHost(capabilities, async () => {
    const engine = await openEngine(capabilities, sensors, session, () => checks(session));
    const code = sessionEnrolCode(session);
    if (code !== null) enrolUnattended({ host: engine, code, scheduler, log });
    return engine;
  });
};

const openEngine = async (
  capabilities: HostCapabilities,
  sensors: readonly Sensor[],
  session: WebSession,
  checks: () => Promise<readonly Requirement[]>,
): Promise<KioskEngine> => {
  const database = await openKioskDatabase();
  const kept = askToKeepStorage(navigator.storage, log);
  const engine = createKioskEngine({
    clock: { monotonicMs: () => performance.now(), wallMs: () => Date.now() },
    scheduler,
    random: { uuid: () => crypto.randomUUID() },
    digest: webDigest,
    key: await WebCryptoDeviceKey.open(database),
    ledger: new IndexedDbLedger(database),
    store: new IndexedDbDeviceStore(database),
    api: createFetchApi(new URL('/', location.href).href),
    live: createSocketLink(KIOSK_SOCKET_PATH),
    sensors,
    lockdown: new WebLockdown(),
    capabilities,
    checks: async () => [...(await checks()), kept()],
    power: watchPower(),
    deviceName: sessionDeviceName(session),
    log,
  });
  addEventListener('online', () => engine.networkChanged(true));
  addEventListener('offline', () => engine.networkChanged(false));
  await engine.start();
  return engine;
};
