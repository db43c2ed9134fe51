import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { electronVersion } from '#test/electron-standin/version.ts';
import type {} from '#test/standin/fixture-app/globals.ts';
import { type Desktop, startDesktop } from '#test/support/desktop.ts';
import {
  type Kiosk,
  type KioskOptions,
  kioskCommand,
  launchKiosk,
} from '#test/support/electron-launch.ts';
import { liveProcesses } from '#test/support/processes.ts';

const main = fileURLToPath(import.meta.resolve('#test/standin/fixture-app/main.ts'));
let desktop: Desktop;

/** The machine may be busy with something else. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });

beforeAll(async () => {
  desktop = await startDesktop();
});
afterAll(() => desktop?.stop());

function optionsFor(more: Partial<KioskOptions> = {}): KioskOptions {
  const userData = mkdtempSync(join(tmpdir(), 'atalaya-fixture-'));
  onTestFinished(() => rmSync(userData, { recursive: true, force: true }));
  return { main, userData, desktop, ...more };
}

async function launch(options: KioskOptions): Promise<Kiosk> {
  const kiosk = await launchKiosk(options);
  await vi.waitUntil(async () => {
    const log = await logOf(kiosk);
    return log.includes('loaded app://bundle/index.html') && log.includes('focus');
  }, 15_000);
  return kiosk;
}

const logOf = (kiosk: Kiosk): Promise<string[]> => kiosk.app.evaluate(() => fixtureMain.log);
const hasFocus = (kiosk: Kiosk): Promise<boolean> => kiosk.page.evaluate(() => document.hasFocus());
const seenBy = (kiosk: Kiosk): Promise<string[]> => kiosk.page.evaluate(() => window.seen);
const textIn = (kiosk: Kiosk): Promise<string> => kiosk.page.inputValue('#text');

async function exitOf(kiosk: Kiosk): Promise<number | null> {
  const child = kiosk.app.process();
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

describe('one kiosk', () => {
  let kiosk: Kiosk;
  let options: KioskOptions;
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-fixture-'));

  beforeAll(async () => {
    options = { main, userData: folder, desktop, env: { FIXTURE_KEEP_OPEN: '1' } };
    kiosk = await launch(options);
  });
  afterAll(async () => {
    await kiosk?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await kiosk.page.fill('#text', '');
  });

  test('its page covers the screen and has the preload’s API before its own scripts run', async () => {
    const { page } = kiosk;
    const found = await page.evaluate(() => ({
      early: window.early,
      size: [innerWidth, innerHeight],
      fullscreen: matchMedia('(display-mode: fullscreen)').matches,
      secure: isSecureContext,
      node: typeof (globalThis as { require?: unknown }).require,
      argument: window.fixture.argument,
      sandboxed: window.fixture.sandboxed,
      frozen: Object.isFrozen(window.fixture) && Object.isFrozen(window.fixture.nested),
      electron: window.fixture.canRequire('electron'),
      fs: window.fixture.canRequire('fs'),
    }));
    expect(found).toEqual({
      early: 'object',
      size: [1366, 768],
      fullscreen: true,
      secure: true,
      node: 'undefined',
      argument: true,
      sandboxed: true,
      frozen: true,
      electron: 'object',
      fs: 'module not found: fs',
    });
    const told = await kiosk.app.evaluate(({ app, BrowserWindow, screen }) => {
      const [window] = BrowserWindow.getAllWindows();
      return {
        url: window?.webContents.getURL(),
        kiosk: window?.isKiosk(),
        onTop: window?.isAlwaysOnTop(),
        protected: window?.isContentProtected(),
        visible: window?.isVisible(),
        displays: screen.getAllDisplays().length,
        userData: app.getPath('userData'),
        version: app.getVersion(),
      };
    });
    expect(told).toEqual({
      url: 'app://bundle/index.html',
      kiosk: true,
      onTop: true,
      protected: true,
      visible: true,
      displays: 1,
      userData: folder,
      version: electronVersion(),
    });
  });

  test('values cross both bridges unharmed, and errors in Electron’s words', async () => {
    const found = await kiosk.page.evaluate(async () => {
      const api = window.fixture;
      const big = new Uint8Array(1 << 20).map((_, i) => i % 251);
      const back = await api.echo({ big, when: new Date(5), map: new Map([['a', Number.NaN]]) });
      const thrownBy = (run: () => unknown): string => {
        try {
          return `nothing, but ${run()}`;
        } catch (error) {
          return String(error);
        }
      };
      const told = await new Promise((resolve) => {
        api.tell({ a: 1 }, (value, bytes) => resolve([value, [...bytes]]));
      });
      const messageOf = (error: Error): string => error.message;
      return {
        same: back.big.length === big.length && back.big.every((byte, i) => byte === big[i]),
        when: back.when instanceof Date && back.when.getTime(),
        nan: Number.isNaN(back.map.get('a')),
        sum: api.sum(2, 3),
        shout: api.nested.shout('hola'),
        explosion: thrownBy(() => api.explode()),
        fail: await api.fail().catch(messageOf),
        nobody: await api.nobody().catch(messageOf),
        uncloneable: thrownBy(() => api.echo(Symbol('x'))),
        told,
      };
    });
    expect(found).toEqual({
      same: true,
      when: 5,
      nan: true,
      sum: 5,
      shout: 'hola!',
      explosion: 'Error: boom',
      fail: "Error invoking remote method 'fail': TypeError: nope",
      nobody: "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
      uncloneable: 'Error: An object could not be cloned.',
      told: [{ a: 1 }, [1, 2, 3]],
    });
    expect(await logOf(kiosk)).toContain('echo from app://bundle/index.html');
    await eventually(() => kiosk.page.evaluate(() => window.fixture.hellos())).toEqual([
      'from main',
    ]);
  });

  test('the policy holds: no inline script, no eval, no foreign address, own worker', async () => {
    const found = await kiosk.page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      const evaluates = document.createElement('script');
      evaluates.src = 'evaluates.js';
      const evaluated = new Promise((resolve) => {
        evaluates.addEventListener('load', () => resolve(document.title));
      });
      document.head.append(evaluates);
      return {
        injected: 'injected' in window,
        evaluated: await evaluated,
        foreign: await fetch('https://example.com/').then(String, () => 'refused'),
        own: await fetch('model.bin').then(String, () => 'refused'),
        worker: await new Promise((resolve) => {
          new Worker('worker.js', { type: 'module' }).addEventListener('message', ({ data }) =>
            resolve(data),
          );
        }),
      };
    });
    expect(found).toEqual({
      injected: false,
      evaluated: 'no eval',
      foreign: 'refused',
      own: 'refused',
      worker: 'part 200 404',
    });
  });

  test('the permission handlers decide', async () => {
    const found = await kiosk.page.evaluate(async () => ({
      // No camera is plugged in: allowed, and then not found.
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).catch((e) => e.name),
      screen: await navigator.mediaDevices.getDisplayMedia().catch((e) => e.name),
      notifications: await Notification.requestPermission(),
      clipboard: await navigator.clipboard.readText().catch((e) => e.name),
      fullscreen: await document.body.requestFullscreen().catch((e) => e.name),
      queried: (await navigator.permissions.query({ name: 'geolocation' })).state,
      media: (await navigator.permissions.query({ name: 'camera' as PermissionName })).state,
    }));
    expect(found).toEqual({
      camera: 'NotFoundError',
      screen: 'NotAllowedError',
      notifications: 'denied',
      clipboard: 'NotAllowedError',
      fullscreen: 'NotAllowedError',
      queried: 'denied',
      media: 'granted',
    });
    expect(await logOf(kiosk)).toContain('permission media app://bundle/index.html');
  });

  test('keys: the main process sees them first and may keep them', async () => {
    await kiosk.page.focus('#text');
    await desktop.type('uno dos ');
    await desktop.key('ctrl+b');
    await desktop.type('tres cuatro');
    await eventually(() => textIn(kiosk)).toBe('uno dos tres cuatro');
    expect(await logOf(kiosk)).toContain('held back b');
    const seen = await seenBy(kiosk);
    expect(seen).toContain('keydown Control');
    expect(seen).not.toContain('keydown b');
  });

  test('keys that mean something to a browser mean nothing here, and reach the page', async () => {
    const keys = ['ctrl+t', 'ctrl+n', 'ctrl+w', 'ctrl+p', 'F12', 'F11', 'ctrl+shift+i', 'alt+Left'];
    await desktop.key(...keys);
    await eventually(() => seenBy(kiosk)).toContain('keydown ArrowLeft');
    const seen = await seenBy(kiosk);
    for (const key of ['t', 'n', 'w', 'p', 'F12', 'F11', 'I'])
      expect(seen).toContain(`keydown ${key}`);
    expect(kiosk.app.windows()).toHaveLength(1);
    expect(await kiosk.page.evaluate(() => [innerWidth, innerHeight])).toEqual([1366, 768]);
    expect(await hasFocus(kiosk)).toBe(true);
  });

  test('a global shortcut is taken from the page', async () => {
    const before = (await seenBy(kiosk)).length;
    await desktop.key('ctrl+shift+q');
    await eventually(() => logOf(kiosk)).toContain('shortcut');
    expect((await seenBy(kiosk)).slice(before)).not.toContain('keydown Q');
  });

  test('another program takes the focus and gives it back', async () => {
    const before = (await logOf(kiosk)).length;
    expect(await hasFocus(kiosk)).toBe(true);
    const thief = await desktop.steal();
    await eventually(() => hasFocus(kiosk)).toBe(false);
    await eventually(async () => (await logOf(kiosk)).slice(before)).toEqual(['blur', 'app blur']);
    await thief.release();
    await eventually(() => hasFocus(kiosk)).toBe(true);
    await eventually(async () => (await logOf(kiosk)).slice(before)).toEqual([
      'blur',
      'app blur',
      'focus',
    ]);
  });

  test('minimising and restoring', async () => {
    const before = (await logOf(kiosk)).length;
    const since = async (): Promise<string[]> => (await logOf(kiosk)).slice(before);
    await kiosk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    await eventually(since).toEqual(expect.arrayContaining(['minimize', 'blur']));
    await kiosk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.restore());
    await eventually(since).toEqual(expect.arrayContaining(['restore', 'focus']));
    await eventually(() => hasFocus(kiosk)).toBe(true);
    await eventually(() => kiosk.page.evaluate(() => innerWidth)).toBe(1366);
  });

  test('a second display', async () => {
    await desktop.attachDisplay();
    await eventually(() => logOf(kiosk)).toContain('display-added 1024');
    const count = (): Promise<number> =>
      kiosk.app.evaluate(({ screen }) => screen.getAllDisplays().length);
    expect(await count()).toBe(2);
    await desktop.detachDisplay();
    await eventually(() => logOf(kiosk)).toContain('display-removed');
    expect(await count()).toBe(1);
  });

  test('the page goes nowhere by itself and opens nothing', async () => {
    await kiosk.page.click('#out');
    await kiosk.page.click('#tab');
    await kiosk.page.evaluate(() => window.open('w.html', 'w', 'width=200'));
    await eventually(() => logOf(kiosk)).toEqual(
      expect.arrayContaining([
        'will-navigate https://example.com/away',
        'window-open https://example.com/tab',
        'window-open app://bundle/w.html',
      ]),
    );
    expect(await kiosk.page.evaluate(() => location.pathname)).toBe('/index.html');
    expect(kiosk.app.windows()).toHaveLength(1);
  });

  test('a reload is no attempt to close', async () => {
    const before = (await logOf(kiosk)).length;
    await kiosk.page.reload();
    await kiosk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.reload());
    await eventually(async () =>
      (await logOf(kiosk)).slice(before).filter((line) => line.startsWith('loaded')),
    ).toHaveLength(2);
    expect((await logOf(kiosk)).slice(before)).not.toContain('close');
  });

  test('a second start tells the first and ends', async () => {
    const { command, args, env } = kioskCommand({ ...options, args: ['--second'] });
    const second = spawn(command, args, { env, stdio: 'ignore' });
    const code = await new Promise((resolve) => second.once('exit', resolve));
    expect(code).toBe(3);
    await eventually(() => logOf(kiosk)).toContain('second-instance --second {"from":"fixture"}');
  });

  test('what is not covered throws in the app', async () => {
    const message = await kiosk.app.evaluate(({ app, shell }) => {
      const attempts = [
        () => app.getFileIcon('x'),
        () => shell.beep(),
        () => app.on('login', () => {}),
      ];
      return attempts.map((attempt) => {
        try {
          attempt();
          return 'allowed';
        } catch (error) {
          return String(error);
        }
      });
    });
    expect(message).toEqual([
      expect.stringContaining('app.getFileIcon is not covered'),
      expect.stringContaining('shell.beep is not covered'),
      'allowed',
    ]);
  });

  test('closing can be prevented, by the window manager as by the app', async () => {
    const closes = async (): Promise<number> =>
      (await logOf(kiosk)).filter((line) => line === 'close').length;
    await desktop.key('alt+F4');
    await eventually(closes).toBe(1);
    await kiosk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await eventually(closes).toBe(2);
    await kiosk.app.evaluate(({ app }) => app.quit());
    await eventually(closes).toBe(3);
    expect(await kiosk.page.evaluate(() => document.title)).toBe('Fixture');
    expect(await logOf(kiosk)).not.toContain('will-quit');
  });

  test('orders to its window that overtake each other are taken in their order', async () => {
    for (let round = 0; round < 3; round += 1) {
      await kiosk.app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.minimize();
        window?.restore();
        window?.maximize();
        window?.minimize();
        window?.setFullScreen(true);
      });
      const state = () =>
        kiosk.app.evaluate(({ BrowserWindow }) => {
          const [window] = BrowserWindow.getAllWindows();
          return [window?.isMinimized(), window?.isMaximized(), window?.isFullScreen()];
        });
      await eventually(state).toEqual([false, false, true]);
    }
  });
});

test('alt+F4 closes an app that does not mind, and it quits', async () => {
  const kiosk = await launch(optionsFor());
  const exited = exitOf(kiosk);
  await desktop.key('alt+F4');
  expect(await exited).toBe(0);
});

test('a crashed page is loaded anew by the app', async () => {
  const kiosk = await launch(optionsFor());
  onTestFinished(() => kiosk.kill());
  await kiosk.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  await eventually(async () => (await logOf(kiosk)).slice(-2)).toEqual([
    'gone crashed',
    'loaded app://bundle/index.html',
  ]);
  const again = await kiosk.app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return [contents?.isCrashed(), await contents?.executeJavaScript('fixture.sum(1, 2)')];
  });
  expect(again).toEqual([false, 3]);
});

test('killed, nothing of it is left, and it starts again with what the page had stored', async () => {
  const options = optionsFor();
  const first = await launch(options);
  await first.page.evaluate(async () => {
    localStorage.setItem('answer', '42');
    await new Promise((resolve) => {
      const request = indexedDB.open('ledger', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('entries');
      request.onsuccess = () => {
        const change = request.result.transaction('entries', 'readwrite', { durability: 'strict' });
        change.objectStore('entries').put('kept', 1);
        change.oncomplete = resolve;
      };
    });
  });
  await first.kill();
  expect(liveProcesses(({ args }) => args.includes(options.userData))).toEqual([]);
  const second = await launch(options);
  onTestFinished(() => second.kill());
  const kept = await second.page.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.open('ledger', 1);
        request.onsuccess = () => {
          const entry = request.result.transaction('entries').objectStore('entries').get(1);
          entry.onsuccess = () => resolve(entry.result);
        };
      }),
  );
  expect(kept).toBe('kept');
});

test('killed alone, the main process takes its browser with it', async () => {
  const options = optionsFor();
  const kiosk = await launch(options);
  const pid = kiosk.app.process().pid ?? 0;
  const exited = exitOf(kiosk);
  process.kill(pid, 'SIGKILL');
  await exited;
  const left = () => liveProcesses(({ args }) => args.includes(options.userData));
  await eventually(left).toEqual([]);
});
