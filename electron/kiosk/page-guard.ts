import type { BrowserWindow, Session, WebContents } from 'electron';
import type { Signal } from '#shared/ports/sensor.port.ts';

/** Puts something that was stopped on record; does nothing outside an attempt. */
export type Stated = (kind: Signal['kind'], facts: Signal['facts']) => void;

/** A page that hangs this long is not coming back, ms. */
const HANG_MS = 10_000;
/** Pauses before a page that ended is loaded again, ms; the last one for all further times. */
const RELOAD_AFTER_MS = [0, 1_000, 3_000, 10_000] as const;
/** After this long without trouble the next failure counts as the first, ms. */
const CALM_MS = 60_000;

/** The scheme of an address and nothing else of it: enough to know what was tried, nothing personal. */
const schemeOf = (url: string): string => (URL.parse(url)?.protocol ?? 'unknown:').slice(0, 40);

/** Whether an address is the page itself, wherever in it. */
const isPage = (url: string, page: string): boolean => url.split('#', 1)[0] === page;

/**
 * Nothing leads out of the page: no other address, frame, window, download, tool, zoom or menu. What was
 * tried is on record (Art. 29j), whoever tried it.
 * @param page the one address that may be shown.
 */
export const guardPage = (window: BrowserWindow, page: string, stated: Stated): void => {
  const { webContents } = window;
  const refused = (shortcut: string, url: string): void =>
    stated('outside-input', { shortcut, target: schemeOf(url) });

  webContents.setWindowOpenHandler(({ url }) => {
    refused('new-window', url);
    return { action: 'deny' };
  });
  const onNavigation = (event: { preventDefault(): void }, url: string): void => {
    if (isPage(url, page)) return;
    event.preventDefault();
    refused('navigation', url);
  };
  webContents.on('will-navigate', onNavigation);
  webContents.on('will-redirect', onNavigation);
  webContents.on('will-frame-navigate', (details) => {
    // The main frame's own navigations also come as `will-navigate`.
    if (details.isMainFrame) return;
    details.preventDefault();
    refused('navigation', details.url);
  });
  webContents.on('will-attach-webview', (event) => {
    event.preventDefault();
    stated('outside-input', { shortcut: 'webview' });
  });
  webContents.on('devtools-opened', () => {
    webContents.closeDevTools();
    stated('outside-input', { shortcut: 'developer-tools' });
  });
  webContents.on('context-menu', (event) => event.preventDefault());
  // Alt+Space and a right click on the frame: move, close, switch.
  window.on('system-context-menu', (event) => event.preventDefault());
  webContents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });

  // Pinching and Ctrl with the wheel; the keys are the shortcut sensor's.
  const resetZoom = (): void => webContents.setZoomFactor(1);
  webContents.on('zoom-changed', resetZoom);
  webContents.on('did-finish-load', () => {
    resetZoom();
    webContents.setVisualZoomLevelLimits(1, 1).catch(() => undefined);
  });
};

/**
 * A page that crashed or hangs is loaded again; the exam's state lives in the main process and nothing is
 * lost. On record as a failure of the machine, which never counts against anybody.
 * @param load shows the page anew.
 */
export const revivePage = (
  contents: WebContents,
  load: () => Promise<void>,
  stated: Stated,
): void => {
  let failures = 0;
  let lastFailure = Number.NEGATIVE_INFINITY;
  let hanging: NodeJS.Timeout | undefined;
  let loading: NodeJS.Timeout | undefined;
  const revive = (status: string): void => {
    const now = performance.now();
    failures = now - lastFailure > CALM_MS ? 0 : failures + 1;
    lastFailure = now;
    stated('device-failure', { part: 'page', status });
    const pause = RELOAD_AFTER_MS[Math.min(failures, RELOAD_AFTER_MS.length - 1)];
    clearTimeout(loading);
    loading = setTimeout(() => {
      if (!contents.isDestroyed()) load().catch(() => revive('not-loaded'));
    }, pause);
  };
  contents.on('render-process-gone', (_event, { reason }) => {
    clearTimeout(hanging);
    if (reason !== 'clean-exit') revive(reason);
  });
  contents.on('unresponsive', () => {
    clearTimeout(hanging);
    hanging = setTimeout(() => contents.forcefullyCrashRenderer(), HANG_MS);
  });
  contents.on('responsive', () => clearTimeout(hanging));
};

/**
 * Everything that a page could ask the browser for is refused, but the camera for the exam's own page.
 * @param contents the exam's own.
 */
export const guardSession = (session: Session, contents: WebContents, stated: Stated): void => {
  const own = (url: string | undefined): boolean => URL.parse(url ?? '')?.protocol === 'app:';

  session.setPermissionRequestHandler((asking, permission, grant, details) => {
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const camera =
      permission === 'media' && types.length > 0 && types.every((type) => type === 'video');
    grant(camera && asking === contents && details.isMainFrame && own(details.requestingUrl));
    if (permission === 'display-capture') stated('screen-share', { action: 'requested' });
    if (permission === 'openExternal')
      stated('outside-input', {
        shortcut: 'other-program',
        target: schemeOf('externalURL' in details ? (details.externalURL ?? '') : ''),
      });
  });
  session.setPermissionCheckHandler(
    (asking, permission, origin, details) =>
      permission === 'media' &&
      details.mediaType !== 'audio' &&
      details.isMainFrame &&
      // Null when no page asks, as a worker does.
      (asking === null || asking === contents) &&
      own(origin),
  );
  session.setDisplayMediaRequestHandler((_request, answer) => {
    stated('screen-share', { action: 'requested' });
    answer(null);
  });

  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault();
    choose('');
  });
  session.on('file-system-access-restricted', (_event, _details, decide) => decide('deny'));

  session.on('will-download', (event) => {
    event.preventDefault();
    stated('outside-input', { shortcut: 'download' });
  });
  session.setSpellCheckerEnabled(false);
};
