import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hookReach, keyHookSensor } from '#electron/sensors/key-hook.sensor.ts';
import { usbChanges } from '#electron/sensors/native/usb-changes.ts';
import { failed, notSupported, type Reading, told } from '#shared/incident/reading.ts';
import type { Limits, Signal } from '#shared/ports/sensor.port.ts';
import { fakeNative } from '#test/electron/sensors/fake-native.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const hook = (reach: Parameters<typeof keyHookSensor>[0]['reach'] = told('all-keys')) => {
  const native = fakeNative();
  const contents = new EventEmitter();
  const said: Signal[] = [];
  const limits: Limits[] = [];
  let beats = 0;
  const sensor = keyHookSensor({ fork: native.fork, contents: contents as never, reach });
  sensor.start((signal) => said.push(signal), {
    limited: (one) => limits.push(one),
    alive: () => (beats += 1),
  });
  const press = (kind: string, shortcut: string, byPlace = false) =>
    native.tell({ type: 'press', kind, shortcut, byPlace });
  const window = (input: object) =>
    contents.emit(
      'before-input-event',
      {},
      {
        type: 'keyDown',
        key: 'a',
        control: false,
        alt: false,
        shift: false,
        meta: false,
        isAutoRepeat: false,
        ...input,
      },
    );
  const words = () => said.map(({ kind, facts }) => `${kind} ${facts.shortcut}`);
  return { native, sensor, said, limits, press, window, words, beats: () => beats, contents };
};

describe('key hook', () => {
  test('a press that the window never saw is stated, with its age', () => {
    const { press, said } = hook();
    press('outside-input', 'alt+tab');
    vi.advanceTimersByTime(299);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(said).toEqual([
      {
        kind: 'outside-input',
        phase: 'happened',
        ageMs: 300,
        facts: { shortcut: 'alt+tab', outsideWindow: true },
      },
    ]);
  });

  test.each<[string, number, number]>([
    ['the window first', 0, 100],
    ['the hook first', 100, 0],
    ['at once', 0, 0],
  ])('a press that the window told of as well is not doubled: %s', (_, hookAfter, windowAfter) => {
    const { press, window, said } = hook();
    setTimeout(() => press('outside-input', 'alt+f4'), hookAfter);
    setTimeout(() => window({ key: 'F4', alt: true }), windowAfter);
    vi.advanceTimersByTime(2_000);
    expect(said).toEqual([]);
  });

  test('what the lockdown took and told of is not doubled either', () => {
    const { press, sensor, said } = hook();
    sensor.heard('screenshot');
    press('screenshot', 'printscreen');
    vi.advanceTimersByTime(2_000);
    expect(said).toEqual([]);
  });

  test('another kind, or a press some time ago, is another press', () => {
    const { press, window, words } = hook();
    window({ key: 'F4', alt: true });
    press('screenshot', 'printscreen');
    vi.advanceTimersByTime(2_000);
    press('outside-input', 'alt+tab');
    vi.advanceTimersByTime(2_000);
    expect(words()).toEqual(['screenshot printscreen', 'outside-input alt+tab']);
  });

  test.each<[string, string, { key: string; alt?: boolean; control?: boolean }]>([
    ['AltGr with E types €', 'alt+e', { key: '€' }],
    ['AltGr with D on a keyboard that has a letter there', 'alt+d', { key: 'ð', alt: true }],
    ['Control with A, which is where others have Q', 'ctrl+q', { key: 'a', control: true }],
  ])('the window’s character outweighs the key’s place: %s', (_, shortcut, input) => {
    for (const first of ['hook', 'window']) {
      const { press, window, said } = hook();
      setTimeout(() => press('outside-input', shortcut, true), first === 'hook' ? 0 : 80);
      setTimeout(() => window({ type: 'keyDown', ...input }), first === 'hook' ? 80 : 0);
      vi.advanceTimersByTime(2_000);
      expect(said).toEqual([]);
    }
    const { press, words } = hook();
    press('outside-input', shortcut, true);
    vi.advanceTimersByTime(2_000);
    expect(words()).toEqual([`outside-input ${shortcut}`]);
  });

  test('a letter in the window is no press of the rules', () => {
    const { press, window, words } = hook();
    window({ key: 'e' });
    press('outside-input', 'alt+tab');
    vi.advanceTimersByTime(2_000);
    expect(words()).toEqual(['outside-input alt+tab']);
  });

  test.each([
    { type: 'press', kind: 'outside-input', shortcut: 'la contraseña es 1234', byPlace: false },
    { type: 'press', kind: 'focus-lost', shortcut: 'alt+tab', byPlace: false },
    { type: 'press', kind: 'print', shortcut: 'ctrl+p', byPlace: true, text: 'x' },
    'press',
    null,
  ])('what the process must not say is not heard: %j', (message) => {
    const { native, said } = hook();
    native.tell(message);
    vi.advanceTimersByTime(2_000);
    expect(said).toEqual([]);
  });

  test('a process that crashes is started again, is told of, and nothing of it counts', () => {
    const { native, limits, said } = hook();
    const lost = {
      'outside-input': { reason: 'tool-missing', partly: true },
      screenshot: { reason: 'tool-missing', partly: true },
    };
    native.tell({ type: 'ready' });
    native.exit();
    expect(limits).toEqual([lost]);
    vi.advanceTimersByTime(1_100);
    expect(native.state.started).toBe(2);
    native.tell({ type: 'ready' });
    expect(limits.at(-1)).toEqual({});
    vi.advanceTimersByTime(60_000);
    expect(said).toEqual([]);
  });

  test('where it never gets ready it is asked again rarely, and the sensor is alive all the same', () => {
    const { native, beats } = hook();
    native.tell({ type: 'failed' });
    native.exit();
    vi.advanceTimersByTime(15_000);
    expect(native.state.started).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(native.state.started).toBe(2);
    expect(beats()).toBeGreaterThan(4);
  });

  test('a process that never gets ready is ended', () => {
    const { native } = hook();
    vi.advanceTimersByTime(14_000);
    expect(native.state.ended).toBe(0);
    vi.advanceTimersByTime(2_000);
    expect(native.state.ended).toBe(1);
    const ready = hook().native;
    ready.tell({ type: 'ready' });
    vi.advanceTimersByTime(60_000);
    expect(ready.state.ended).toBe(0);
  });

  test('a process that watches and then hangs is silent, so that the sensor counts as hung', () => {
    const { native, beats } = hook();
    native.tell({ type: 'ready' });
    const before = beats();
    vi.advanceTimersByTime(60_000);
    expect(beats()).toBe(before);
    native.tell({ type: 'alive' });
    expect(beats()).toBe(before + 1);
  });

  test('stopped, it says nothing more and ends its process', () => {
    const { native, sensor, press, said, contents } = hook();
    press('outside-input', 'alt+tab');
    sensor.stop();
    sensor.stop();
    press('outside-input', 'alt+tab');
    native.exit();
    vi.advanceTimersByTime(60_000);
    expect(said).toEqual([]);
    expect(native.state).toMatchObject({ started: 1, ended: 1, watchers: ['keys'] });
    expect(contents.listenerCount('before-input-event')).toBe(0);
  });

  test('a program that cannot be started at all is no failure of the kiosk', () => {
    const sensor = keyHookSensor({
      fork: () => {
        throw new Error('no such file');
      },
      contents: new EventEmitter() as never,
      reach: told('all-keys'),
    });
    const limited = vi.fn();
    sensor.start(() => undefined, { limited, alive: () => undefined });
    expect(limited).toHaveBeenCalledWith(
      expect.objectContaining({ screenshot: expect.anything() }),
    );
    sensor.stop();
  });

  test.each<[NodeJS.Platform, NodeJS.ProcessEnv, () => boolean, Reading<'all-keys'>]>([
    ['linux', { XDG_SESSION_TYPE: 'x11', DISPLAY: ':0' }, () => true, told('all-keys')],
    ['linux', { XDG_SESSION_TYPE: 'wayland', DISPLAY: ':0' }, () => true, notSupported('wayland')],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, () => true, notSupported('wayland')],
    ['linux', { XDG_SESSION_TYPE: 'tty' }, () => true, notSupported('platform')],
    ['linux', { DISPLAY: '' }, () => true, notSupported('platform')],
    ['win32', {}, () => true, told('all-keys')],
    ['darwin', {}, () => true, told('all-keys')],
    ['darwin', {}, () => false, failed('no-permission')],
    [
      'darwin',
      {},
      () => {
        throw new Error('no such call');
      },
      failed('tool-failed'),
    ],
    ['freebsd', {}, () => true, notSupported('not-built')],
  ])('what can be seen on %s %j', (platform, environment, trusted, reach) => {
    expect(hookReach(platform, environment, trusted)).toEqual(reach);
  });

  test('an obstacle stays told while the hook runs', () => {
    const { native, limits } = hook(notSupported('wayland'));
    native.tell({ type: 'ready' });
    expect(limits.at(-1)).toEqual({
      'outside-input': { reason: 'wayland', partly: true },
      screenshot: { reason: 'wayland', partly: true },
    });
  });
});

describe('USB changes', () => {
  test('a swarm of them asks for one look, when things have settled', () => {
    const native = fakeNative();
    const changed = vi.fn();
    const close = usbChanges(native.fork)(changed);
    native.tell({ type: 'ready' });
    for (let i = 0; i < 5; i += 1) native.tell({ type: 'plugged' });
    expect(changed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(changed).toHaveBeenCalledTimes(1);
    close();
    native.tell({ type: 'plugged' });
    vi.advanceTimersByTime(1_000);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(native.state).toMatchObject({ ended: 1, watchers: ['usb'] });
  });
});
