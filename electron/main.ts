import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, dialog, Menu, powerMonitor, session } from 'electron';
import { composeKiosk, type Kiosk } from './compose.ts';
import { doctorOptions, runDoctor } from './doctor/doctor.ts';
import { doctorWords } from './doctor/doctor-words.ts';
import { KIOSK_URL, registerAppScheme, serveApp } from './kiosk/app-protocol.ts';
import { durableSteps, undoableSteps } from './kiosk/durable-steps.ts';
import { createExamWindow } from './kiosk/exam-window.ts';
import { type Undone, undoLeftOver } from './kiosk/kiosk-lockdown.ts';
import { launchObjections } from './kiosk/launch-objections.ts';
import { launchWords } from './kiosk/launch-words.ts';
import { LockdownJournal } from './kiosk/lockdown-journal.ts';
import type { Stated } from './kiosk/page-guard.ts';
import { watchWaysOut } from './kiosk/ways-out.ts';
import { readSettings } from './settings.ts';

/** sysexits.h, EX_CONFIG: how the program was started, not the program. */
const EXIT_REFUSED = 78;

const has = (name: string): boolean => process.argv.includes(`--${name}`);
const words = launchWords(app.commandLine.getSwitchValue('lang'));

let kiosk: Kiosk | null = null;
const stated: Stated = (kind, facts) => kiosk?.engine.signal({ kind, phase: 'happened', facts });

const objections = launchObjections(process.argv, process.execArgv, process.env, process.platform);
/** Developers and the tests start the program with tools that an installed one refuses. */
const strict = app.isPackaged || has('strict-launch');
const refused = strict && objections.some(({ refuses }) => refuses);

// Node opens its debugger when this signal comes, unless somebody else takes it.
process.on('SIGUSR1', () => stated('outside-input', { shortcut: 'debugger-signal' }));

const dist = join(import.meta.dirname, '..');
/** `--enrol=CODE` enrols the machine at its first start, so that nobody types codes on 300 laptops. */
const enrolCode = process.argv
  .find((argument) => argument.startsWith('--enrol='))
  ?.slice('--enrol='.length);

const machine = {
  platform: process.platform,
  environment: process.env,
  home: homedir(),
  // An AppImage is mounted somewhere else at each start.
  program: app.isPackaged ? (process.env.APPIMAGE ?? process.execPath) : null,
};
const openJournal = (): LockdownJournal =>
  LockdownJournal.open(join(app.getPath('userData'), 'lockdown.json'));

/** `--doctor [--json FILE] [--upload]`: what this machine is good for, as a table and an exit code. */
const doctor = async (journal: LockdownJournal, leftOver: Undone): Promise<void> => {
  const folder = app.getPath('userData');
  const settings = readSettings(folder, process.env, { packaged: app.isPackaged });
  const preload = join(dist, 'electron/preload.cjs');
  // Never loaded and so never shown: only what the sensors look at.
  const window = createExamWindow(session.defaultSession, preload, false, stated);
  const launch = { journal, durable: durableSteps(machine), leftOver, objections };
  const idle = await composeKiosk(window, folder, settings, app.getVersion(), launch, true);
  const t = doctorWords(app.commandLine.getSwitchValue('lang'));
  const code = await runDoctor(idle.doctor, doctorOptions(process.argv), t, console.log);
  await idle.close();
  app.exit(code);
};

const start = async (journal: LockdownJournal, leftOver: Undone): Promise<void> => {
  Menu.setApplicationMenu(null);
  const folder = app.getPath('userData');
  const settings = readSettings(folder, process.env, { packaged: app.isPackaged });
  serveApp(session.defaultSession, join(dist, 'renderer'));
  const window = createExamWindow(
    session.defaultSession,
    join(dist, 'electron/preload.cjs'),
    // `--windowed` is for trying the program on a desk: one window instead of the whole screen.
    !has('windowed'),
    stated,
  );
  watchWaysOut({
    app,
    window,
    powerMonitor,
    process,
    locked: () => kiosk?.lockdown.entered ?? false,
    stated,
    close: async () => kiosk?.close(),
  });
  kiosk = await composeKiosk(window, folder, settings, app.getVersion(), {
    journal,
    durable: durableSteps(machine),
    leftOver,
    objections,
  });
  await window.loadURL(
    enrolCode === undefined ? KIOSK_URL : `${KIOSK_URL}#enrol=${encodeURIComponent(enrolCode)}`,
  );
};

const fail = (error: unknown): void => {
  dialog.showErrorBox('Atalaya', error instanceof Error ? error.message : String(error));
  app.exit(1);
};

/** `--restore`: gives the machine back after a crash, says what it did and ends; needs no screen. */
const restore = async (): Promise<void> => {
  let knocked = false;
  app.on('second-instance', (_event, argv) => {
    knocked ||= !argv.includes('--restore');
  });
  const journal = openJournal();
  const result = await undoLeftOver(journal, undoableSteps(machine));
  for (const line of words.restored(result, journal.spoiled)) console.log(line);
  // Who opened the kiosk meanwhile was turned away by this one.
  if (knocked) app.relaunch({ args: process.argv.slice(1).filter((one) => one !== '--restore') });
  app.exit(result.failed.length > 0 || journal.spoiled !== null ? 1 : 0);
};

/** Opens the kiosk; first of all what an earlier run left behind is undone. */
const open = async (): Promise<void> => {
  const journal = openJournal();
  const leftOver = await undoLeftOver(journal, undoableSteps(machine));
  await app.whenReady();
  await (has('doctor') ? doctor : start)(journal, leftOver);
};

if (refused) {
  const { title, text } = words.refusal(objections);
  dialog.showErrorBox(title, text);
  app.exit(EXIT_REFUSED);
} else {
  registerAppScheme();
  // The face models read the camera's picture through WebGL; machines without a usable GPU draw it in software.
  // Chromium calls that unsafe for the web's pages; this program only ever shows its own.
  app.commandLine.appendSwitch('enable-unsafe-swiftshader');
  if (!app.requestSingleInstanceLock()) {
    const asked = has('restore') || has('doctor');
    if (asked) console.log(words.running());
    app.exit(asked ? 1 : 0);
  } else if (has('restore')) {
    // Awaited here, where Electron waits for the module: without a screen it would end the program first.
    await restore().catch(fail);
  } else open().catch(fail);
}
