import { mkdirSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  app,
  type BrowserWindow,
  clipboard,
  globalShortcut,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  screen,
  systemPreferences,
} from 'electron';
import { pino } from 'pino';
import { HOST_ENFORCES } from '#shared/incident/coverage.ts';
import { createKioskEngine, type KioskEngine } from '#shared/kiosk/engine.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import { builtCoverage } from '#shared/kiosk/machine/machine-coverage.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { KIOSK_SOCKET_PATH } from '#shared/wire/kiosk-socket.ts';
import type { HostCapabilities } from '#shared/wire/kiosk-view.ts';
import { KeyStoreLockedError, openKioskStorage } from './adapters/kiosk-storage.ts';
import { nodeClock, nodeRandom, nodeScheduler } from './adapters/node-clock.ts';
import { nodeDigest } from './adapters/node-crypto.ts';
import { createNodeApi, createNodeLink } from './adapters/node-server.ts';
import { forkNativeFrom } from './adapters/utility-process.ts';
import { enrolFromSettings } from './config/enrol-from-settings.ts';
import type { DoctorParts } from './doctor/doctor.ts';
import { doctorWords } from './doctor/doctor-words.ts';
import { readMachineFacts } from './doctor/read-machine.ts';
import {
  buildRequirement,
  keepPassportSent,
  lastBuildState,
  sendPassport,
} from './doctor/send-passport.ts';
import { takePassport } from './doctor/take-passport.ts';
import { openKioskGate } from './ipc/kiosk-gate.ts';
import { KIOSK_URL } from './kiosk/app-protocol.ts';
import { deviceChecks, keyStoreRequirement } from './kiosk/host-requirements.ts';
import { KioskLockdown } from './kiosk/kiosk-lockdown.ts';
import { type Launch, logLaunch } from './kiosk/launch.ts';
import { lockdownCoverage } from './kiosk/lockdown-coverage.ts';
import { lockdownSteps } from './kiosk/lockdown-steps.ts';
import { networkDesk } from './network/network-desk.ts';
import { networkTool } from './network/network-tool.ts';
import { focusSensor } from './sensors/focus.sensor.ts';
import { machineSensors } from './sensors/machine-sensors.ts';
import { pageClipboardSensor } from './sensors/page-clipboard.sensor.ts';
import { programSensors } from './sensors/program-sensors.ts';
import { shortcutSensor } from './sensors/shortcut.sensor.ts';
import { orSwitchedOff } from './sensors/switched-off.ts';
import type { Settings } from './settings.ts';
import { kioskUpdates } from './update/kiosk-updates.ts';
import { readBuildIdentity } from './update/read-build-identity.ts';

const capabilitiesOf = (version: string, sensors: readonly Sensor[]): HostCapabilities => ({
  kind: 'electron',
  version,
  build: readBuildIdentity()?.hash ?? null,
  platform: `${process.platform} ${release()}`.slice(0, 80),
  coverage: builtCoverage(sensors, HOST_ENFORCES.electron),
});

/** The sentence for the person in front of a machine whose key store is locked. */
const explainLocked = (failure: unknown): never => {
  if (!(failure instanceof KeyStoreLockedError)) throw failure;
  const t = doctorWords(app.commandLine.getSwitchValue('lang'));
  throw new Error(t('locked', { store: t(`keyStore.${failure.store}`) }), { cause: failure });
};

/** Reading what the device remembers takes some milliseconds; after this the page is shown all the same, ms. */
const START_PATIENCE_MS = 3_000;

/** A line per event in the kiosk's own log file; never personal data or secrets. */
const createLog = (folder: string): Log => {
  const logger = pino(
    { base: null },
    pino.destination({ dest: join(folder, 'kiosk.log'), sync: true }),
  );
  return (level, message, facts) => logger[level](facts ?? {}, message);
};

export interface Kiosk {
  readonly engine: KioskEngine;
  /** For `--doctor`, and the passport that the kiosk sends by itself. */
  readonly doctor: DoctorParts;
  readonly lockdown: KioskLockdown;
  close(): Promise<void>;
}

/**
 * Puts the desktop kiosk together around its window. The only place that picks adapters.
 * @param folder the kiosk's data folder: database, key, log.
 * @param launch what the start found before there was a log.
 * @param idle nothing is started: no attempt goes on, nobody is enrolled (`--doctor`).
 */
export const composeKiosk = async (
  window: BrowserWindow,
  folder: string,
  settings: Settings,
  version: string,
  launch: Launch,
  idle = false,
): Promise<Kiosk> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = createLog(folder);
  const storage = await openKioskStorage({
    folder,
    platform: process.platform,
    secrets: safeStorage,
  }).catch(explainLocked);
  if (storage.setAside !== null) {
    log('error', 'identity set aside', { why: storage.setAside.why });
  }
  const clipboardSensor = pageClipboardSensor();
  const machine = machineSensors({
    window,
    screen,
    clipboard,
    powerMonitor,
    clock: nodeClock,
    fork: forkNativeFrom(import.meta.dirname),
    platform: process.platform,
    environment: process.env,
    folder,
    server: settings.server,
    peripherals: settings.peripherals,
    locked: () => lockdown.entered,
    mayHook: () => systemPreferences.isTrustedAccessibilityClient(false),
  });
  const sensors = [
    focusSensor(window, machine.away),
    shortcutSensor(window.webContents),
    clipboardSensor,
    ...machine.sensors,
    lockdownCoverage(() => lockdown),
    ...programSensors({
      platform: process.platform,
      environment: process.env,
      pid: process.pid,
      rules: settings.programs,
    }),
  ].map(orSwitchedOff(settings.switchedOffSensors));
  const lockdown = new KioskLockdown(
    lockdownSteps(
      {
        window,
        clipboard,
        globalShortcut,
        powerSaveBlocker,
        platform: process.platform,
        stated: ({ kind, shortcut }) => {
          machine.heard(kind);
          engine.signal({ kind, phase: 'happened', facts: { shortcut } });
        },
      },
      launch.durable,
    ),
    launch.journal,
    log,
  );
  logLaunch(log, launch);
  const api = createNodeApi(settings.server);
  const capabilities = capabilitiesOf(version, sensors);
  const engine: KioskEngine = createKioskEngine({
    clock: nodeClock,
    scheduler: nodeScheduler,
    random: nodeRandom,
    digest: nodeDigest,
    key: storage.key,
    ledger: storage.ledger,
    store: storage.store,
    identityProblem: storage.setAside === null ? null : { code: 'device-changed' },
    api,
    live: createNodeLink(settings.server, KIOSK_SOCKET_PATH),
    sensors,
    lockdown,
    capabilities,
    checks: async () => [
      ...deviceChecks(),
      keyStoreRequirement(storage),
      ...buildRequirement(await lastBuildState(storage.store)),
    ],
    // Electron's main process does not tell the battery's charge; the page's is not trusted for it.
    power: () => ({ battery: null, charging: null }),
    deviceName: settings.deviceName,
    log,
  });
  const closeGate = openKioskGate({
    host: engine,
    contents: window.webContents,
    pageUrl: KIOSK_URL,
    network: networkDesk({
      tool: networkTool(process.platform),
      rights: settings.network,
      onChanged: () => engine.networkChanged(true),
      log: (what, outcome) => log('info', 'network changed by the person', { what, outcome }),
    }),
    onSignal: ({ kind, facts }) =>
      kind === 'clipboard'
        ? clipboardSensor.report(facts)
        : engine.signal({ kind, phase: 'happened', facts }),
    log,
  });
  const sending = { store: storage.store, api };
  const doctor: DoctorParts = {
    busy: async () => (await storage.store.get('session')) !== undefined,
    take: () =>
      takePassport({
        survey: engine.survey,
        facts: () => readMachineFacts(folder),
        capabilities,
        keyStore: storage.keyStore,
        deviceName: settings.deviceName,
        now: () => Date.now(),
      }),
    send: (passport) => sendPassport(sending, passport),
    server: settings.server,
    setAside: storage.setAside?.folder ?? null,
  };
  if (idle) {
    const close = async (): Promise<void> => {
      closeGate();
      await engine.stop();
      storage.close();
    };
    return { engine, doctor, lockdown, close };
  }
  // A storage that fails is tried again for ever: then the page has to come up and say so.
  await Promise.race([engine.start(), pause(START_PATIENCE_MS, undefined, { ref: false })]);
  void machine.learn();
  // What was known of the network before a sleep is of another hour.
  const woke = () => engine.networkChanged(true);
  powerMonitor.on('resume', woke);
  const stopPassport = keepPassportSent({
    ...sending,
    take: doctor.take,
    scheduler: nodeScheduler,
    log,
  });
  const stopEnrolling = enrolFromSettings({
    host: engine,
    settings,
    folder,
    scheduler: nodeScheduler,
    log,
  });
  const leaveUpdates = kioskUpdates({
    host: engine,
    store: storage.store,
    settings,
    packaged: app.isPackaged,
    version,
    executable: process.execPath,
    scheduler: nodeScheduler,
    log,
  });
  return {
    engine,
    doctor,
    lockdown,
    close: async () => {
      const installUpdate = leaveUpdates();
      powerMonitor.off('resume', woke);
      stopPassport();
      stopEnrolling();
      closeGate();
      // Whatever fails here, the machine is given back.
      await engine
        .stop()
        .catch((error: unknown) => log('error', 'engine not stopped', { error: String(error) }));
      await lockdown.leave();
      machine.stop();
      storage.close();
      await installUpdate();
    },
  };
};
