import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { windowEvents } from '#test/electron-standin/main/browser-window-options.ts';
import { openboxKeys } from '#test/electron-standin/main/global-shortcut.ts';
import {
  policyForChromium,
  protocol,
  toChromium,
  toElectron,
} from '#test/electron-standin/main/protocol.ts';
import { webContentsEvents } from '#test/electron-standin/main/web-contents-events.ts';
import { createCodec } from '#test/electron-standin/page/codec.ts';
import { absent, strict } from '#test/electron-standin/strict.ts';
import { parseMonitors } from '#test/electron-standin/x11/monitors.ts';
import { windowsIn } from '#test/electron-standin/x11/properties.ts';

describe('the IPC codec', () => {
  const codec = createCodec();
  const roundTrip = (value: unknown): unknown => codec.decode(codec.encode(value));

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['minus zero', -0],
    ['bigint', 2n ** 80n],
    ['date', new Date(86_400_000)],
    ['invalid date', new Date(Number.NaN)],
    ['regexp', /a"b/giu],
    ['map', new Map<unknown, unknown>([[{ a: 1 }, new Set([undefined, null])]])],
    ['buffer', new Uint8Array([1, 2, 255]).buffer],
    ['bytes', new Uint8Array([0, 128, 255])],
    ['part of a buffer', new Uint8Array([9, 1, 2, 3]).subarray(1, 3)],
    ['floats', new Float64Array([1.5, Number.NaN])],
    ['holes of undefined', [1, undefined, [null]]],
    ['an awkward key', JSON.parse('{"__proto__": {"t": "map"}, "t": "ref"}')],
  ])('carries %s', (_, value) => {
    expect(isDeepStrictEqual(roundTrip(value), value)).toBe(true);
  });

  test('carries whatever a structured clone carries', () => {
    const options = { withBigInt: true, withDate: true, withMap: true, withSet: true };
    const values = fc.anything({ ...options, withTypedArray: true });
    fc.assert(
      fc.property(values, (value) => isDeepStrictEqual(roundTrip(value), structuredClone(value))),
    );
  });

  test('keeps cycles and shared references', () => {
    const shared = { name: 'shared' };
    const value = { shared, again: shared, self: null as unknown };
    value.self = value;
    const back = roundTrip(value) as typeof value;
    expect(back.self).toBe(back);
    expect(back.again).toBe(back.shared);
  });

  test('keeps what an error is', () => {
    const back = roundTrip(new RangeError('too far', { cause: 7 })) as RangeError;
    expect(back).toBeInstanceOf(RangeError);
    expect([back.message, back.cause]).toEqual(['too far', 7]);
  });

  test.each<[string, unknown]>([
    ['functions', () => 1],
    ['symbols', Symbol('x')],
    ['promises', Promise.resolve()],
    ['a function deep inside', { list: [new Map([[1, { run: () => 1 }]])] }],
  ])('refuses %s', (_, value) => {
    expect(() => codec.encode(value)).toThrow('An object could not be cloned.');
  });
});

describe('addresses', () => {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true } }]);

  test.each([
    ['app://bundle/index.html?a=1#b', 'https://bundle.app.localhost/index.html?a=1#b'],
    ['app://bundle', 'https://bundle.app.localhost/'],
    ['https://example.com/app://x', 'https://example.com/app://x'],
    ['other://bundle/x', 'other://bundle/x'],
  ])('%s is %s in Chromium', (electron, chromium) => {
    expect(toChromium(electron)).toBe(chromium);
    expect(toElectron(chromium)).toBe(electron === 'app://bundle' ? 'app://bundle/' : electron);
  });

  const KEY = 'https://bundle.app.localhost/.electron-stand-in/key';
  test.each([
    [
      "default-src 'none'; img-src app:",
      `default-src 'none'; img-src https://*.app.localhost; connect-src ${KEY}`,
    ],
    ["connect-src 'none'", `connect-src ${KEY}`],
    [
      "default-src 'self'; connect-src app://api",
      `default-src 'self'; connect-src https://api.app.localhost ${KEY}`,
    ],
    ["script-src 'self'", "script-src 'self'"],
  ])('the policy %s', (policy, expected) => {
    expect(policyForChromium(policy, 'https://bundle.app.localhost')).toBe(expected);
  });
});

describe('what is not covered', () => {
  test('throws with its name', () => {
    const app = strict({ quit: () => 1 }, 'app');
    expect(app.quit()).toBe(1);
    expect(() => Reflect.get(app, 'dock')).toThrow('app.dock is not covered');
    expect(() => Reflect.set(app, 'badgeCount', 1)).toThrow('setting app.badgeCount');
    const tray = absent('Tray') as new () => object;
    expect(() => new tray()).toThrow('Tray is not covered');
    expect(() => Reflect.get(tray, 'from')).toThrow('Tray.from is not covered');
  });

  test.each([
    ['BaseWindow', windowEvents],
    ['WebContents', webContentsEvents],
  ])('the events of %s are those that Electron has', (_, { fires, quiet }) => {
    const types = createRequire(import.meta.url).resolve('electron/electron.d.ts');
    const text = readFileSync(types, 'utf8');
    const invented = [...fires, ...quiet].filter((name) => !text.includes(`on(event: '${name}'`));
    expect(invented).toEqual([]);
  });
});

test.each([
  ['CommandOrControl+Shift+Q', 'C-S-q'],
  ['Shift+Ctrl+q', 'C-S-q'],
  ['PrintScreen', 'Print'],
  ['Alt+F4', 'A-F4'],
  ['Super+L', 'W-l'],
  ['MediaPlayPause', undefined],
  ['Hyper+A', undefined],
])('the accelerator %s', (accelerator, keys) => {
  expect(openboxKeys(accelerator)).toBe(keys);
});

test('what xrandr prints', () => {
  const text = `Monitors: 2
 0: +*DUMMY0 1366/361x768/203+0+0  DUMMY0
 1: +DUMMY1 1024/271x768/203+1366+0  DUMMY1
`;
  expect(parseMonitors(text)).toEqual([
    { name: 'DUMMY0', primary: true, x: 0, y: 0, width: 1366, height: 768 },
    { name: 'DUMMY1', primary: false, x: 1366, y: 0, width: 1024, height: 768 },
  ]);
});

test.each([
  ['_NET_CLIENT_LIST(WINDOW): window id # 0x400002, 0x600003', [0x400002, 0x600003]],
  ['_NET_ACTIVE_WINDOW(WINDOW): window id # 0x0', []],
  ['_NET_ACTIVE_WINDOW:  not found.', []],
])('what xprop prints: %s', (line, windows) => {
  expect(windowsIn(line)).toEqual(windows);
});
