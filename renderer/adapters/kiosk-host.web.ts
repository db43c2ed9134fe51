import type { IncidentKind } from '#shared/incident/kind.ts';
import { builtCoverage } from '#shared/kiosk/coverage.ts';
import { createKioskEngine, type KioskEngine } from '#shared/kiosk/engine.ts';
import type { PowerInfo } from '#shared/kiosk/engine-deps.ts';
import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { KIOSK_SOCKET_PATH } from '#shared/wire/kiosk-socket.ts';
import type { HostCapabilities, Requirement } from '#shared/wire/kiosk-view.ts';
import { createFetchApi, createSocketLink } from './fetch-server.ts';
import { IndexedDbDeviceStore, IndexedDbLedger, openKioskDatabase } from './indexed-db-store.ts';
import { openSoleHost } from './sole-host.ts';
import { WebCryptoDeviceKey, webDigest } from './web-crypto.ts';
import { fillsTheScreen, hasKeyboardLock, WebLockdown } from './web-lockdown.ts';
import { webSensors } from './web-sensors.ts';

/** A page stops these events inside itself; what the system does outside of it only a managed kiosk session stops. */
const ENFORCED: ReadonlySet<IncidentKind> = new Set(['clipboard']);

const capabilitiesOf = (version: string, sensors: readonly Sensor[]): HostCapabilities => {
  const agent = navigator as Navigator & { readonly userAgentData?: { readonly platform: string } };
  return {
    kind: 'web',
    version,
    build: null,
    platform: (agent.userAgentData?.platform ?? navigator.platform).slice(0, 80),
    coverage: builtCoverage(sensors, ENFORCED),
  };
};

/**
 * Art. 29k: an exam is sat on a computer. A touch laptop has a fine pointer too and passes, and so does a
 * computer without any mouse: everything works by keyboard.
 */
const isComputer = (): boolean => {
  const agent = navigator as Navigator & { readonly userAgentData?: { readonly mobile: boolean } };
  const phone = agent.userAgentData?.mobile ?? /Android|iPhone|iPad/.test(navigator.userAgent);
  return !phone && (matchMedia('(any-pointer: fine)').matches || navigator.maxTouchPoints === 0);
};

const deviceChecks = async (): Promise<readonly Requirement[]> => {
  const extended = (screen as Screen & { readonly isExtended?: boolean }).isExtended;
  return [
    isComputer()
      ? { id: 'computer', outcome: 'ok', blocks: true }
      : { id: 'computer', outcome: 'failed', cause: 'phone', blocks: true },
    extended === undefined
      ? { id: 'display', outcome: 'not-watched', cause: 'unknown', blocks: false }
      : extended
        ? { id: 'display', outcome: 'failed', cause: 'several', blocks: true }
        : { id: 'display', outcome: 'ok', blocks: true },
    document.fullscreenEnabled || fillsTheScreen()
      ? { id: 'fullscreen', outcome: 'ok', blocks: true }
      : { id: 'fullscreen', outcome: 'failed', cause: 'refused', blocks: true },
    hasKeyboardLock()
      ? { id: 'keyboard-lock', outcome: 'ok', blocks: false }
      : { id: 'keyboard-lock', outcome: 'not-watched', cause: 'unknown', blocks: false },
  ];
};

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

/**
 * Puts the browser kiosk together and goes on with what its profile remembers. A second page of the same
 * profile waits for the first one to go away, and says so.
 * @param version of this build, shown to staff.
 * @param checks what is checked of the device before the exam.
 * @throws when the browser denies storage or keys.
 */
export const createWebHost = async (
  version: string,
  checks: () => Promise<readonly Requirement[]> = deviceChecks,
): Promise<KioskHost> => {
  const sensors = webSensors();
  const capabilities = capabilitiesOf(version, sensors);
  return openSoleHost(capabilities, () => openEngine(capabilities, sensors, checks));
};

const openEngine = async (
  capabilities: HostCapabilities,
  sensors: readonly Sensor[],
  checks: () => Promise<readonly Requirement[]>,
): Promise<KioskEngine> => {
  const database = await openKioskDatabase();
  // Asks that the browser never throws the ledger away to make room.
  void navigator.storage?.persist?.();
  const engine = createKioskEngine({
    clock: { monotonicMs: () => performance.now(), wallMs: () => Date.now() },
    scheduler: {
      after: (ms, task) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      every: (ms, task) => {
        const timer = setInterval(task, ms);
        return () => clearInterval(timer);
      },
    },
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
    checks,
    power: watchPower(),
    log: (level, message, facts) => console[level](`atalaya: ${message}`, facts ?? {}),
  });
  await engine.start();
  return engine;
};
