import { BrowserWindow, type Session } from 'electron';
import { KIOSK_URL } from './app-protocol.ts';
import { guardPage, guardSession, revivePage, type Stated } from './page-guard.ts';

/**
 * The kiosk's one window: sandboxed, context-isolated, without menu, new windows or navigation away
 * from its own page, and with no permission but the camera.
 * @param preload absolute path of the bundled preload.
 * @param kiosk whether it takes the whole screen from the start.
 * @param stated puts on record what the page tried.
 */
export const createExamWindow = (
  session: Session,
  preload: string,
  kiosk: boolean,
  stated: Stated,
): BrowserWindow => {
  const window = new BrowserWindow({
    kiosk,
    fullscreen: kiosk,
    width: 1366,
    height: 768,
    show: false,
    backgroundColor: '#f4f6f9',
    autoHideMenuBar: true,
    webPreferences: {
      session,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      devTools: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      // A page in the background still has to watch the camera.
      backgroundThrottling: false,
    },
  });
  guardSession(session, window.webContents, stated);
  guardPage(window, KIOSK_URL, stated);
  revivePage(window.webContents, () => window.loadURL(KIOSK_URL), stated);
  window.once('ready-to-show', () => window.show());
  return window;
};
