import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  globalShortcut,
  ipcMain,
  Menu,
  protocol,
  screen,
  session,
} from 'electron';

/*
 * A small Electron app in the manner of a kiosk: it does nothing but keep a log of what reaches its
 * main process, for the tests to read.
 */

const folder = import.meta.dirname;
const log: string[] = [];
const note = (text: string): void => {
  log.push(text);
};
let mayClose = process.env['FIXTURE_KEEP_OPEN'] !== '1';

globalThis.fixtureMain = {
  log,
  allowClose: () => {
    mayClose = true;
  },
};

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (!app.requestSingleInstanceLock({ from: 'fixture' })) app.exit(3);
app.on('second-instance', (_event, argv, _cwd, data) => {
  note(`second-instance ${argv.at(-1)} ${JSON.stringify(data)}`);
});
app.on('browser-window-blur', () => note('app blur'));
app.on('will-quit', () => note('will-quit'));

const FILES: Record<string, [type: string, body: string]> = {
  '/index.html': [
    'text/html; charset=utf-8',
    '<!doctype html><title>Fixture</title><script src="page.js"></script><input id="text"><a id="out" href="https://example.com/away">fuera</a><a id="tab" target="_blank" href="https://example.com/tab">otra</a><script>document.title = "inline ran"</script>',
  ],
  '/page.js': [
    'text/javascript',
    'window.seen = []; for (const type of ["keydown","blur","focus","copy"]) addEventListener(type, (e) => seen.push(type + (e.key ? " " + e.key : ""))); window.early = typeof fixture;',
  ],
  '/evaluates.js': [
    'text/javascript',
    'try { document.title = Function("return \'eval ran\'")(); } catch { document.title = "no eval"; }',
  ],
  '/worker.js': [
    'text/javascript',
    'import { part } from "./part.js"; const found = ["model.bin", "missing"].map(async (name) => (await fetch(name)).status); postMessage([part, ...(await Promise.all(found))].join(" "))',
  ],
  '/part.js': ['text/javascript', 'export const part = "part";'],
  '/model.bin': ['application/octet-stream', 'x'.repeat(1000)],
};

void app.whenReady().then(() => {
  Menu.setApplicationMenu(null);
  protocol.handle('app', (request) => {
    const url = new URL(request.url);
    const [type, body] = FILES[url.pathname] ?? [];
    if (!type || url.host !== 'bundle') return new Response('no', { status: 404 });
    return new Response(body, {
      headers: {
        'content-type': type,
        ...(type.startsWith('text/html') ? { 'content-security-policy': POLICY } : {}),
      },
    });
  });
  session.defaultSession.setPermissionRequestHandler((_contents, permission, callback, details) => {
    note(`permission ${permission} ${details.requestingUrl}`);
    callback(permission === 'media');
  });
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === 'media',
  );
  ipcMain.handle('echo', (event, value) => {
    note(`echo from ${event.senderFrame?.url}`);
    return value;
  });
  ipcMain.handle('fail', () => {
    throw new TypeError('nope');
  });
  ipcMain.on('tell', (event, value) => event.reply('told', value, new Uint8Array([1, 2, 3])));
  screen.on('display-added', (_event, display) => note(`display-added ${display.bounds.width}`));
  screen.on('display-removed', () => note('display-removed'));
  globalShortcut.register('CommandOrControl+Shift+Q', () => note('shortcut'));

  const window = new BrowserWindow({
    kiosk: true,
    alwaysOnTop: true,
    show: false,
    webPreferences: {
      preload: join(folder, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      backgroundThrottling: false,
      additionalArguments: ['--fixture=yes'],
    },
  });
  window.setContentProtection(true);
  window.on('blur', () => note('blur'));
  window.on('focus', () => note('focus'));
  window.on('minimize', () => note('minimize'));
  window.on('restore', () => note('restore'));
  window.on('leave-full-screen', () => note('leave-full-screen'));
  window.on('closed', () => note('closed'));
  window.on('close', (event) => {
    note('close');
    if (!mayClose) event.preventDefault();
  });
  window.once('ready-to-show', () => {
    note('ready-to-show');
    window.show();
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(({ url }) => {
    note(`window-open ${url}`);
    return { action: 'deny' };
  });
  webContents.on('will-navigate', (event) => {
    note(`will-navigate ${event.url}`);
    event.preventDefault();
  });
  webContents.on('before-input-event', (event, input) => {
    if (input.type === 'keyDown' && input.control && input.key.toLowerCase() === 'b') {
      note(`held back ${input.key}`);
      event.preventDefault();
    }
  });
  webContents.on('render-process-gone', (_event, details) => {
    note(`gone ${details.reason}`);
    void window.loadURL('app://bundle/index.html');
  });
  webContents.on('did-finish-load', () => {
    note(`loaded ${webContents.getURL()}`);
    webContents.send('hello', 'from main');
  });
  void window.loadURL('app://bundle/index.html');
});
