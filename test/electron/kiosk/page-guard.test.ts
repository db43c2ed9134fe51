import { EventEmitter } from 'node:events';
import type { BrowserWindow, Session, WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { guardPage, guardSession, revivePage } from '#electron/kiosk/page-guard.ts';

const PAGE = 'app://bundle/kiosk/index.html';

/** Events and handlers of a page that no test browser makes: redirects, webviews, devices. */
const guarded = () => {
  const told: string[] = [];
  const stated = (kind: string, facts: object): void => {
    told.push([kind, ...Object.values(facts)].join(' '));
  };
  const handlers = new Map<string, (...args: never[]) => unknown>();
  const handler =
    (name: string) =>
    (value: (...args: never[]) => unknown): void => {
      handlers.set(name, value);
    };
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: handler('open'),
    closeDevTools: () => told.push('closed'),
    setZoomFactor: (factor: number) => told.push(`zoom ${factor}`),
    setVisualZoomLevelLimits: async (a: number, b: number) => told.push(`limits ${a} ${b}`),
  });
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: handler('request'),
    setPermissionCheckHandler: handler('check'),
    setDisplayMediaRequestHandler: handler('display'),
    setDevicePermissionHandler: handler('device'),
    setBluetoothPairingHandler: handler('pair'),
    setSpellCheckerEnabled: (on: boolean) => told.push(`spelling ${on}`),
  });
  const window = Object.assign(new EventEmitter(), { webContents: contents });
  guardPage(window as unknown as BrowserWindow, PAGE, stated);
  guardSession(session as unknown as Session, contents as unknown as WebContents, stated);
  /** @returns whether the event was prevented. */
  const emit = (emitter: EventEmitter, name: string, ...rest: unknown[]): boolean => {
    let prevented = false;
    const preventDefault = (): void => {
      prevented = true;
    };
    const [first, ...others] = rest;
    const params = typeof first === 'object' && first !== null ? first : {};
    const args = typeof first === 'object' ? others : rest;
    emitter.emit(name, { ...params, preventDefault }, ...args);
    return prevented;
  };
  const call = (name: string, ...args: unknown[]): unknown =>
    (handlers.get(name) as (...args: unknown[]) => unknown)(...args);
  return { told, contents, session, window, emit, call };
};

describe('navigation', () => {
  test.each([
    [PAGE, false],
    [`${PAGE}#enrol=ABC`, false],
    ['app://bundle/kiosk/other.html', true],
    ['app://bundle/kiosk/index.html?x', true],
    ['app://other/kiosk/index.html', true],
    ['https://example.com/', true],
    ['file:///etc/passwd', true],
    ['ms-settings:display', true],
    ['mailto:a@b.c', true],
    ['javascript:alert(1)', true],
    ['no address', true],
  ])('%s', (url, refused) => {
    const page = guarded();
    for (const event of ['will-navigate', 'will-redirect'])
      expect(page.emit(page.contents, event, url)).toBe(refused);
    const stated = page.told.filter((one) => one.startsWith('outside-input'));
    expect(stated).toHaveLength(refused ? 2 : 0);
    // The scheme, and nothing of what may be personal in an address.
    for (const one of stated) expect(one).toMatch(/^outside-input navigation [a-z-]+:$/);
  });

  test('a frame goes nowhere at all; the main frame is asked about once', () => {
    const page = guarded();
    const frame = (isMainFrame: boolean) =>
      page.emit(page.contents, 'will-frame-navigate', { url: PAGE, isMainFrame });
    expect(frame(false)).toBe(true);
    expect(frame(true)).toBe(false);
    expect(page.told).toEqual(['spelling false', 'outside-input navigation app:']);
  });

  test('windows, webviews, tools and menus', () => {
    const page = guarded();
    expect(page.call('open', { url: 'https://example.com/x' })).toEqual({ action: 'deny' });
    expect(page.emit(page.contents, 'will-attach-webview')).toBe(true);
    page.contents.emit('devtools-opened');
    expect(page.emit(page.contents, 'context-menu')).toBe(true);
    expect(page.emit(page.window, 'system-context-menu')).toBe(true);
    expect(page.told).toEqual([
      'spelling false',
      'outside-input new-window https:',
      'outside-input webview',
      'closed',
      'outside-input developer-tools',
    ]);
  });

  test('zoom goes back, with every page anew', () => {
    const page = guarded();
    page.contents.emit('zoom-changed', {}, 'in');
    page.contents.emit('did-finish-load');
    expect(page.told).toEqual(['spelling false', 'zoom 1', 'zoom 1', 'limits 1 1']);
  });
});

describe('permissions', () => {
  const ask = (permission: string, details: object, other = false): unknown => {
    const page = guarded();
    let granted: unknown;
    page.call(
      'request',
      other ? {} : page.contents,
      permission,
      (answer: boolean) => {
        granted = answer;
      },
      { isMainFrame: true, requestingUrl: PAGE, ...details },
    );
    return granted;
  };
  const video = { mediaTypes: ['video'] };

  test('the camera, for the exam’s own page, in its main frame', () => {
    expect(ask('media', video)).toBe(true);
    expect(ask('media', video, true)).toBe(false);
    expect(ask('media', { ...video, isMainFrame: false })).toBe(false);
    expect(ask('media', { ...video, requestingUrl: 'https://example.com' })).toBe(false);
    expect(ask('media', { mediaTypes: ['video', 'audio'] })).toBe(false);
    expect(ask('media', { mediaTypes: ['audio'] })).toBe(false);
    expect(ask('media', { mediaTypes: [] })).toBe(false);
    expect(ask('media', {})).toBe(false);
  });

  test.each([
    'clipboard-read',
    'clipboard-sanitized-write',
    'display-capture',
    'fileSystem',
    'fullscreen',
    'geolocation',
    'hid',
    'idle-detection',
    'keyboardLock',
    'local-fonts',
    'mediaKeySystem',
    'midi',
    'notifications',
    'openExternal',
    'pointerLock',
    'serial',
    'speaker-selection',
    'usb',
    'web-printing',
    'window-management',
    'unknown',
    'what-comes-next',
  ])('%s: no', (permission) => {
    expect(ask(permission, {})).toBe(false);
    const page = guarded();
    expect(
      page.call('check', page.contents, permission, 'app://bundle', { isMainFrame: true }),
    ).toBe(false);
  });

  test.each([
    [{ mediaType: 'video', isMainFrame: true }, 'app://bundle', true],
    [{ isMainFrame: true }, 'app://bundle', true],
    [{ mediaType: 'audio', isMainFrame: true }, 'app://bundle', false],
    [{ mediaType: 'video', isMainFrame: false }, 'app://bundle', false],
    [{ mediaType: 'video', isMainFrame: true }, 'https://example.com', false],
    [{ mediaType: 'video', isMainFrame: true }, 'null', false],
  ])('looking at the camera’s permission: %j from %s', (details, origin, allowed) => {
    const page = guarded();
    expect(page.call('check', page.contents, 'media', origin, details)).toBe(allowed);
    expect(page.call('check', {}, 'media', origin, details)).toBe(false);
  });

  test('another program, and a picture of the screen, are on record', () => {
    const page = guarded();
    const external = { isMainFrame: true, requestingUrl: PAGE, externalURL: 'ms-settings:display' };
    page.call('request', page.contents, 'openExternal', () => undefined, external);
    let given: unknown = 'nothing';
    page.call('display', {}, (streams: unknown) => {
      given = streams;
    });
    expect(given).toBeNull();
    expect(page.told).toEqual([
      'spelling false',
      'outside-input other-program ms-settings:',
      'screen-share requested',
    ]);
  });

  test('no device, no file, no download', () => {
    const page = guarded();
    expect(page.call('device', { deviceType: 'hid' })).toBe(false);
    const chosen: unknown[] = [];
    const choose = (...args: unknown[]): void => {
      chosen.push(args[0] ?? '');
    };
    expect(page.emit(page.session, 'select-hid-device', {}, {}, choose)).toBe(true);
    expect(page.emit(page.session, 'select-usb-device', {}, {}, choose)).toBe(true);
    expect(page.emit(page.session, 'select-serial-port', {}, [], {}, choose)).toBe(true);
    expect(page.emit(page.contents, 'select-bluetooth-device', {}, [], choose)).toBe(true);
    expect(chosen).toEqual(['', '', '', '']);
    page.call('pair', {}, choose);
    expect(chosen.at(-1)).toEqual({ confirmed: false });
    page.session.emit('file-system-access-restricted', {}, {}, choose);
    expect(chosen.at(-1)).toBe('deny');
    expect(page.emit(page.session, 'will-download', {})).toBe(true);
    expect(page.told.at(-1)).toBe('outside-input download');
  });
});

describe('a page that ended', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());
  const dying = (load: () => Promise<void>) => {
    const told: string[] = [];
    const contents = Object.assign(new EventEmitter(), {
      isDestroyed: () => false,
      forcefullyCrashRenderer: () => {
        told.push('killed');
        contents.emit('render-process-gone', {}, { reason: 'killed' });
      },
    });
    revivePage(contents as unknown as WebContents, load, (kind, facts) =>
      told.push([kind, ...Object.values(facts)].join(' ')),
    );
    return { told, contents };
  };

  test('is loaded again at once; the more often, the later', async () => {
    let loads = 0;
    const { told, contents } = dying(async () => {
      loads += 1;
    });
    const crash = (): boolean => contents.emit('render-process-gone', {}, { reason: 'crashed' });
    crash();
    await vi.advanceTimersByTimeAsync(0);
    expect(loads).toBe(1);
    crash();
    await vi.advanceTimersByTimeAsync(999);
    expect(loads).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(loads).toBe(2);
    for (let i = 0; i < 5; i++) crash();
    await vi.advanceTimersByTimeAsync(120_000);
    crash();
    const before = loads;
    await vi.advanceTimersByTimeAsync(0);
    expect(loads).toBe(before + 1);
    expect(new Set(told)).toEqual(new Set(['device-failure page crashed']));
  });

  test('and cannot be loaded is tried again', async () => {
    let loads = 0;
    const { contents } = dying(async () => {
      loads += 1;
      if (loads < 3) throw new Error('ERR_FAILED');
    });
    contents.emit('render-process-gone', {}, { reason: 'oom' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loads).toBe(3);
  });

  test('a page that went by itself is none of it', async () => {
    let loads = 0;
    const { told, contents } = dying(async () => {
      loads += 1;
    });
    contents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([loads, told]).toEqual([0, []]);
  });

  test('a page that hangs is ended and loaded; one that comes back is left alone', async () => {
    let loads = 0;
    const { told, contents } = dying(async () => {
      loads += 1;
    });
    contents.emit('unresponsive');
    await vi.advanceTimersByTimeAsync(9_000);
    contents.emit('responsive');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([loads, told]).toEqual([0, []]);
    contents.emit('unresponsive');
    await vi.advanceTimersByTimeAsync(10_001);
    expect(loads).toBe(1);
    expect(told).toEqual(['killed', 'device-failure page killed']);
  });
});
