import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#shared/wire/page-policy.ts';
import { chromiumPath, launchArgs } from '#tools/chromium.ts';
import type {} from './sensor-page.ts';

const PAGE =
  '<!doctype html><title>x</title><main style="height:100vh">exam<input></main><script src="/page.js"></script>';
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 50 });

let server: Server;
let origin: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'sensor-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'chrome140',
  });
  const script = outputFiles[0]?.text ?? '';
  server = createServer((request, response) => {
    response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...launchArgs] });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(() => context?.close());

const open = async (before?: () => void): Promise<void> => {
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(origin);
};
const start = (means = { keyboardLock: true, oneProgram: false }) =>
  page.evaluate((one) => sensorPage.start(one), means);
const stated = () =>
  page.evaluate(() =>
    sensorPage.take().map(({ sensor, kind, phase, facts }) => ({ sensor, kind, phase, facts })),
  );
const coverage = () => page.evaluate(() => sensorPage.coverage());

describe('what is watched and what is not', () => {
  test('each kind that a page cannot see, or only in part, has its reason', async () => {
    await open();
    await start();
    expect(await coverage()).toMatchObject({
      'focus-lost': { level: 'detected' },
      'outside-input': { level: 'detected' },
      'extra-display': { level: 'detected', reason: 'page-only' },
      screenshot: { level: 'detected', reason: 'page-only' },
      peripheral: { level: 'detected', reason: 'page-only' },
      'virtual-machine': { level: 'detected', reason: 'page-only' },
      'forbidden-app': { level: 'not-watched', reason: 'page-only' },
      'screen-share': { level: 'not-watched', reason: 'page-only' },
      'remote-session': { level: 'not-watched', reason: 'page-only' },
      'prohibited-object': { level: 'not-watched', reason: 'not-built' },
    });
  });

  test('without Keyboard Lock, keys outside are seen in part', async () => {
    await open();
    await start({ keyboardLock: false, oneProgram: false });
    expect((await coverage())['outside-input']).toEqual({ level: 'detected', reason: 'page-only' });
  });

  test('a browser that does not tell about screens', async () => {
    await open(() => {
      Reflect.deleteProperty(Screen.prototype, 'isExtended');
    });
    await start();
    expect((await coverage())['extra-display']).toEqual({
      level: 'not-watched',
      reason: 'platform',
    });
    const checks = await page.evaluate(() => sensorPage.checks());
    expect(checks.find(({ id }) => id === 'display')).toMatchObject({
      outcome: 'not-watched',
      blocks: false,
    });
  });
});

describe('screens', () => {
  const fake = () => {
    let extended = false;
    Object.defineProperty(Screen.prototype, 'isExtended', { get: () => extended });
    Object.assign(globalThis, {
      plug: (on: boolean) => {
        extended = on;
        (screen as unknown as EventTarget).dispatchEvent(new Event('change'));
      },
    });
  };
  const plug = (on: boolean) =>
    page.evaluate((one) => (globalThis as unknown as { plug(on: boolean): void }).plug(one), on);

  test('a second one begins and ends, and is there from the start when it was', async () => {
    await open(fake);
    await start();
    await plug(true);
    await plug(true);
    await plug(false);
    expect(await stated()).toEqual([
      { sensor: 'display', kind: 'extra-display', phase: 'began', facts: { extended: true } },
      { sensor: 'display', kind: 'extra-display', phase: 'ended', facts: { extended: false } },
    ]);
    await page.evaluate(() => sensorPage.stop());
    await plug(true);
    expect(await stated()).toEqual([]);
    await start();
    expect((await stated()).map(({ phase }) => phase)).toEqual(['began']);
  });

  test('where policy allows it, they are counted; otherwise nobody is asked', async () => {
    await open(() => {
      const details = Object.assign(new EventTarget(), { screens: [{}, {}, {}] });
      Object.assign(window, { asked: 0, getScreenDetails: async () => details });
      navigator.permissions.query = async () => ({ state: 'granted' }) as PermissionStatus;
    });
    await start();
    await eventually(stated).toEqual([
      {
        sensor: 'display',
        kind: 'extra-display',
        phase: 'began',
        facts: { extended: true, screens: 3 },
      },
    ]);
    const other = await context.newPage();
    await other.addInitScript(() => {
      Object.assign(window, {
        getScreenDetails: () => Promise.reject(new Error('a person was asked')),
      });
    });
    await other.goto(origin);
    const failures: string[] = [];
    other.on('pageerror', (error) => failures.push(String(error)));
    await other.evaluate(() => sensorPage.start({ keyboardLock: true, oneProgram: false }));
    await other.waitForTimeout(300);
    expect(failures).toEqual([]);
  });
});

describe('full screen', () => {
  test('is taken at the first click, its loss is stated, and the next click takes it back', async () => {
    await open();
    await start();
    await page.evaluate(() => sensorPage.enter());
    const full = () => page.evaluate(() => document.fullscreenElement !== null);
    await page.click('main');
    await eventually(full).toBe(true);
    await page.evaluate(() => document.exitFullscreen());
    await eventually(full).toBe(false);
    await eventually(async () => (await stated()).map(({ facts }) => facts.shortcut)).toContain(
      'fullscreen-exit',
    );
    await page.click('main');
    await eventually(full).toBe(true);
    await page.evaluate(() => sensorPage.leave());
    await eventually(full).toBe(false);
    await page.click('main');
    await page.waitForTimeout(200);
    expect(await full()).toBe(false);
  });

  test('paper stays empty while the machine is locked, and not longer', async () => {
    await open();
    await page.emulateMedia({ media: 'print' });
    const shown = () => page.evaluate(() => getComputedStyle(document.documentElement).display);
    expect(await shown()).toBe('block');
    await page.evaluate(() => sensorPage.enter());
    expect(await shown()).toBe('none');
    await page.evaluate(() => sensorPage.enter());
    await page.evaluate(() => sensorPage.leave());
    expect(await shown()).toBe('block');
  });

  test('the system’s keys are asked for again whenever full screen comes back', async () => {
    await open(() => {
      let locks = 0;
      Object.defineProperty(navigator, 'keyboard', {
        value: {
          lock: async () => {
            locks += 1;
          },
          unlock: () => {
            locks = -100;
          },
        },
      });
      Object.assign(globalThis, { locks: () => locks });
    });
    const locks = () => page.evaluate(() => (globalThis as unknown as { locks(): number }).locks());
    await page.evaluate(() => sensorPage.enter());
    // In one turn of the page: the browser's own event of the entering may still be to come.
    const [before, after] = await page.evaluate(() => {
      const { locks: count } = globalThis as unknown as { locks(): number };
      const first = count();
      document.dispatchEvent(new Event('fullscreenchange'));
      return [first, count()] as const;
    });
    expect(before).toBeGreaterThan(0);
    expect(after).toBe(before + 1);
    await page.evaluate(() => sensorPage.leave());
    expect(await locks()).toBe(-100);
    await page.evaluate(() => document.dispatchEvent(new Event('fullscreenchange')));
    expect(await locks()).toBe(-100);
  });
});

describe('the page’s life', () => {
  test('a page that the browser put to sleep says for how long', async () => {
    await open();
    await start();
    // Chromium freezes only pages that it hides, and a test's page is never hidden: its events are given.
    await page.evaluate(async () => {
      document.dispatchEvent(new Event('freeze'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      document.dispatchEvent(new Event('resume'));
    });
    await eventually(async () =>
      (await stated()).filter(({ sensor }) => sensor === 'page-life'),
    ).toEqual([
      {
        sensor: 'page-life',
        kind: 'platform',
        phase: 'happened',
        facts: {
          cause: 'page-frozen',
          sleptMs: expect.toSatisfy((ms) => ms >= 290 && ms < 10_000),
        },
      },
    ]);
  });
});

describe('a page that is away', () => {
  const fake = () => {
    let here = true;
    let aheadMs = 0;
    document.hasFocus = () => here;
    const wall = Date.now.bind(Date);
    Date.now = () => wall() + aheadMs;
    Object.assign(globalThis, {
      go: (there: boolean) => {
        here = !there;
        window.dispatchEvent(new Event(there ? 'blur' : 'focus'));
      },
      sleep: (ms: number) => {
        aheadMs += ms;
      },
    });
  };
  const go = (away: boolean) =>
    page.evaluate(
      (there) => (globalThis as unknown as { go(there: boolean): void }).go(there),
      away,
    );
  const words = async () =>
    (await stated())
      .filter(({ sensor }) => sensor === 'focus')
      .map(({ kind, phase, facts }) => [kind, phase, facts.cause ?? facts.hidden]);

  test('is a lost focus, told at the return; what a sleep explains is for people', async () => {
    await open(fake);
    await start();
    await page.waitForTimeout(100);
    await go(true);
    await page.waitForTimeout(700);
    expect(await words()).toEqual([]);
    await go(false);
    expect(await words()).toEqual([
      ['focus-lost', 'began', false],
      ['focus-lost', 'ended', false],
    ]);
    // An exam that stops does not wait whether anything explains it.
    await go(true);
    await page.evaluate(() => sensorPage.lastWord());
    expect(await words()).toEqual([['focus-lost', 'began', false]]);
    await go(false);
    expect(await words()).toEqual([['focus-lost', 'ended', false]]);
    await go(true);
    await page.evaluate(() =>
      (globalThis as unknown as { sleep(ms: number): void }).sleep(600_000),
    );
    await eventually(words).toEqual([['platform', 'happened', 'page-stopped']]);
    await go(false);
    await page.waitForTimeout(600);
    expect(await words()).toEqual([]);
  });
});

describe('cameras', () => {
  const fake = () => {
    let ids = ['own'];
    navigator.mediaDevices.enumerateDevices = async () =>
      ids.map((deviceId) => ({
        kind: 'videoinput',
        deviceId,
        // Browsers put a camera's numbers on USB behind its name.
        label: /^[0-9a-f]{4}:/.test(deviceId)
          ? `Cam (${deviceId.slice(0, 9)})`
          : `Camera ${deviceId}`,
      })) as MediaDeviceInfo[];
    Object.assign(globalThis, {
      cameras: (now: string[]) => {
        ids = now;
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      },
    });
  };
  const cameras = async (...ids: string[]) => {
    await page.evaluate(
      (now) => (globalThis as unknown as { cameras(ids: string[]): void }).cameras(now),
      ids,
    );
    await page.waitForTimeout(50);
  };

  test('the machine’s own may go and come; a strange one is stated each time it comes', async () => {
    await open(fake);
    await start();
    await page.waitForTimeout(50);
    await cameras();
    await cameras('own');
    expect(await stated()).toEqual([]);
    await cameras('own', 'strange');
    await cameras('own', 'strange');
    await cameras('own');
    await cameras('strange');
    expect((await stated()).map(({ kind, phase, facts }) => [kind, phase, facts.device])).toEqual([
      ['platform', 'happened', 'Camera strange'],
      ['platform', 'happened', 'Camera strange'],
    ]);
  });

  test('a webcam on USB: one for one is for people, a second one is an act, as on the desktop', async () => {
    await open(fake);
    await page.evaluate(() =>
      (globalThis as unknown as { cameras(ids: string[]): void }).cameras(['04f2:b6bf-1']),
    );
    await start();
    await page.waitForTimeout(50);
    await cameras('046d:0825-2');
    await cameras('04f2:b6bf-1', '046d:0825-2');
    await cameras('04f2:b6bf-1');
    await cameras('04f2:b6bf-1', '046d:0825-2');
    expect((await stated()).map(({ kind, facts }) => [kind, facts.device, facts.why])).toEqual([
      ['platform', 'Cam (046d:0825)', 'replaced'],
      ['peripheral', 'Cam (046d:0825)', 'second'],
    ]);
  });

  test('until the browser names cameras, none is strange', async () => {
    await open(fake);
    await page.evaluate(() =>
      (globalThis as unknown as { cameras(ids: string[]): void }).cameras(['']),
    );
    await start();
    await page.waitForTimeout(50);
    await cameras('own');
    expect(await stated()).toEqual([]);
    await cameras('own', 'second');
    expect(await stated()).toHaveLength(1);
  });
});

test('stopped sensors say nothing more, and started again they do', async () => {
  await open();
  await start();
  await page.evaluate(() => sensorPage.stop());
  await page.keyboard.press('F5');
  await page.goto(origin);
  await start();
  await page.evaluate(() => sensorPage.stop());
  await page.evaluate(() => {
    for (const type of ['copy', 'paste', 'freeze', 'resume'])
      document.dispatchEvent(new Event(type));
  });
  expect(await stated()).toEqual([]);
  await start();
  await page.evaluate(() => document.dispatchEvent(new Event('copy')));
  expect((await stated()).map(({ kind }) => kind)).toContain('clipboard');
});

test('one’s own words move within their field by the keys, and only there', async () => {
  await open();
  await start();
  await page.evaluate(() => {
    document.body.innerHTML =
      '<textarea id="own"></textarea><textarea id="other"></textarea><button>x</button>';
  });
  const written = (id: string) => page.locator(`#${id}`).inputValue();
  await page.locator('#own').focus();
  await page.keyboard.type('No copie');
  for (const keys of ['Control+a', 'Control+x', 'Control+v', 'Control+v', 'Shift+Insert'])
    await page.keyboard.press(keys);
  expect(await written('own')).toBe('No copieNo copieNo copie');
  await page.locator('#other').focus();
  await page.keyboard.press('Control+v');
  expect(await written('other')).toBe('');
  const facts = async () => (await stated()).filter(({ kind }) => kind === 'clipboard');
  expect(await facts()).toEqual([]);
  // The field is gone: on the page itself a paste is what it was.
  await page.evaluate(() => document.querySelector('#own')?.remove());
  await page.locator('button').focus();
  await page.keyboard.press('Control+v');
  expect(await facts()).toHaveLength(1);
});
