import { join } from 'node:path';
import { app, dialog, Menu, session } from 'electron';
import { composeKiosk, type Kiosk } from './compose.ts';
import { KIOSK_URL, registerAppScheme, serveApp } from './kiosk/app-protocol.ts';
import { createExamWindow } from './kiosk/exam-window.ts';
import { readSettings } from './settings.ts';

const dist = join(import.meta.dirname, '..');
/** `--enrol=CODE` enrols the machine at its first start, so that nobody types codes on 300 laptops. */
const enrolCode = process.argv
  .find((argument) => argument.startsWith('--enrol='))
  ?.slice('--enrol='.length);
/** `--windowed` is for trying the program on a desk: one window instead of the whole screen. */
const windowed = process.argv.includes('--windowed');

registerAppScheme();
// The face models read the camera's picture through WebGL; machines without a usable GPU draw it in software.
// Chromium calls that unsafe for the web's pages; this program only ever shows its own.
app.commandLine.appendSwitch('enable-unsafe-swiftshader');

const start = async (): Promise<void> => {
  Menu.setApplicationMenu(null);
  const folder = app.getPath('userData');
  const settings = readSettings(folder, process.env, { packaged: app.isPackaged });
  serveApp(session.defaultSession, join(dist, 'renderer'));
  const window = createExamWindow(
    session.defaultSession,
    join(dist, 'electron/preload.cjs'),
    !windowed,
  );

  let kiosk: Kiosk | null = null;
  let closing = false;
  // While the machine is locked for an exam, closing the window or quitting does nothing but go on record.
  const refuse = (event: { preventDefault(): void }, shortcut: string): void => {
    if (kiosk === null || !kiosk.lockdown.entered || closing) return;
    event.preventDefault();
    kiosk.engine.signal({ kind: 'outside-input', phase: 'happened', facts: { shortcut } });
  };
  window.on('close', (event) => refuse(event, 'close-window'));
  app.on('before-quit', (event) => refuse(event, 'quit'));
  app.on('will-quit', (event) => {
    if (kiosk === null || closing) return;
    event.preventDefault();
    closing = true;
    void kiosk.close().finally(() => app.quit());
  });
  app.on('window-all-closed', () => app.quit());
  app.on('second-instance', () => window.focus());
  // A page that crashed is loaded again: the exam's state lives in this process.
  window.webContents.on('render-process-gone', () => void window.loadURL(KIOSK_URL));

  kiosk = await composeKiosk(window, folder, settings, app.getVersion());
  await window.loadURL(
    enrolCode === undefined ? KIOSK_URL : `${KIOSK_URL}#enrol=${encodeURIComponent(enrolCode)}`,
  );
};

if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      dialog.showErrorBox('Atalaya', error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
} else {
  app.quit();
}
