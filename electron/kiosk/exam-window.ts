import { BrowserWindow, type Session } from 'electron';
import { KIOSK_URL } from './app-protocol.ts';

/**
 * The kiosk's one window: sandboxed, context-isolated, without menu, new windows or navigation away
 * from its own page, and with no permission but the camera.
 * @param preload absolute path of the bundled preload.
 */
export const createExamWindow = (
  session: Session,
  preload: string,
  kiosk: boolean,
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
      // A page in the background still has to watch the camera.
      backgroundThrottling: false,
    },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event, url) => {
    if (url !== KIOSK_URL) event.preventDefault();
  });

  const own = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === 'app:';
  session.setPermissionRequestHandler((contents, permission, grant, details) => {
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const camera = permission === 'media' && types.every((type) => type === 'video');
    grant(
      contents === webContents &&
        own(details.requestingUrl) &&
        (camera || permission === 'fullscreen'),
    );
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === 'media' && own(origin),
  );
  window.once('ready-to-show', () => window.show());
  return window;
};
