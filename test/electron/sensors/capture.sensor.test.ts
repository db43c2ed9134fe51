import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { captureSensor } from '#electron/sensors/capture.sensor.ts';
import { clipboardContentSensor } from '#electron/sensors/clipboard-content.sensor.ts';
import {
  type ClipboardContent,
  clipboardLimits,
  readClipboard,
} from '#electron/sensors/probe/clipboard-content.ts';
import {
  parseMutter,
  parsePipeWire,
  screenCastProbe,
} from '#electron/sensors/probe/screen-cast.ts';
import type { RunTool } from '#electron/sensors/probe/system-tool.ts';
import { EMPTY, failed, type Reading, told } from '#shared/incident/reading.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import { pass, watchSensor } from '#test/electron/sensors/watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const dump = readFileSync(join(import.meta.dirname, 'recorded/linux-pw-dump.txt'), 'utf8');

describe('screen casts', () => {
  const node = (state: string, cls: string, name = 'node') => ({
    type: 'PipeWire:Interface:Node',
    info: { state, props: { 'media.class': cls, 'node.name': name } },
  });
  test.each<[string, string, readonly string[]]>([
    ['GNOME gives the screen away', dump, ['gnome-shell']],
    [
      'a camera and its receiver',
      JSON.stringify([node('running', 'Video/Source'), node('running', 'Stream/Input/Video')]),
      [],
    ],
    [
      'sound',
      JSON.stringify([node('running', 'Stream/Output/Audio'), node('running', 'Audio/Sink')]),
      [],
    ],
    ['a cast that has ended', JSON.stringify([node('suspended', 'Stream/Output/Video')]), []],
    [
      'other objects',
      '[{"type":"PipeWire:Interface:Core","info":{"props":null}},{"id":1},null]',
      [],
    ],
  ])('PipeWire: %s', (_, json, found) => {
    expect(parsePipeWire(json)).toEqual(told(found));
  });
  test.each<[string, string, Reading<unknown>]>([
    ['nothing', '', EMPTY],
    ['a list of nothing', '[]', EMPTY],
    ['what is no object of it', '[{}]', failed('tool-unread')],
    ['an error in words', "can't connect: Host is down", failed('tool-unread')],
  ])('PipeWire: %s is no quiet screen', (_, json, read) => {
    expect(parsePipeWire(json)).toEqual(read);
  });

  test('GNOME: an object for each cast', () => {
    const idle = '/org\n/org/gnome\n/org/gnome/Mutter\n/org/gnome/Mutter/ScreenCast\n';
    expect(parseMutter(idle)).toEqual([]);
    expect(
      parseMutter(
        `${idle}/org/gnome/Mutter/ScreenCast/Session\n/org/gnome/Mutter/ScreenCast/Session/u2\n`,
      ),
    ).toEqual(['GNOME']);
  });

  const seat = (run: RunTool, x11 = false) => {
    const sensor = captureSensor(screenCastProbe('linux', { run, x11 }));
    return { sensor, ...watchSensor(sensor) };
  };

  test('begins and ends, and blocks the start', async () => {
    const quiet = '[{"id":0,"type":"PipeWire:Interface:Core"}]';
    let printed = quiet;
    const { sensor, words, limits } = seat(async (file) =>
      file === 'pw-dump' ? ok(printed) : fail('failed'),
    );
    expect(await sensor.check?.()).toEqual({ id: 'capture', outcome: 'ok', blocks: true });
    await pass(100);
    printed = dump;
    expect(await sensor.check?.()).toMatchObject({ cause: 'screen-share', names: ['gnome-shell'] });
    await pass(11_000);
    printed = '[]';
    await pass(11_000);
    expect(words()).toEqual(['began screen-share gnome-shell']);
    expect(limits.at(-1)).toEqual({ 'screen-share': { reason: 'tool-empty', partly: false } });
    printed = quiet;
    await pass(11_000);
    expect(words()).toEqual(['began screen-share gnome-shell', 'ended screen-share gnome-shell']);
    expect(limits.at(-1)).toEqual({});
  });

  test.each<[string, ReturnType<typeof captureSensor>, object]>([
    [
      'X11',
      captureSensor(
        screenCastProbe('linux', {
          run: async () => ok('[{"type":"PipeWire:Interface:Core"}]'),
          x11: true,
        }),
      ),
      { reason: 'platform', partly: true },
    ],
    [
      'no tool',
      captureSensor(
        screenCastProbe('linux', { run: async () => fail('tool-missing'), x11: false }),
      ),
      { reason: 'tool-missing', partly: false },
    ],
    ['Windows', captureSensor(screenCastProbe('win32')), { reason: 'platform', partly: false }],
    ['macOS', captureSensor(screenCastProbe('darwin')), { reason: 'platform', partly: false }],
  ])('%s: says what it cannot watch', async (_, sensor, limit) => {
    const { limits } = watchSensor(sensor);
    await pass(100);
    expect(limits).toEqual([{ 'screen-share': limit }]);
    sensor.stop();
  });

  test('what it cannot look at blocks nobody', async () => {
    expect(await captureSensor(null).check?.()).toEqual({
      id: 'capture',
      outcome: 'not-watched',
      cause: 'platform',
      blocks: false,
    });
  });
});

describe('the content of the clipboard', () => {
  const seat = (options: { locked?: boolean; manager?: boolean; wayland?: boolean } = {}) => {
    const state = {
      types: [] as string[],
      locked: options.locked ?? true,
      focused: true,
      cleared: 0,
      wayland: options.wayland ?? false,
      fails: false,
    };
    const clipboard = {
      has: async (type: string) => {
        if (state.fails) throw new Error('no clipboard');
        // Wayland answers whoever has no keyboard as if there were nothing.
        return (state.focused || !state.wayland) && state.types.includes(type);
      },
      clear: () => {
        state.cleared += 1;
        const held = state.types;
        state.types = [];
        // A clipboard manager puts back what was there.
        if (options.manager === true) setTimeout(() => (state.types = held), 100);
      },
    };
    const sensor = clipboardContentSensor({
      read: () => readClipboard(clipboard, { wayland: state.wayland, focused: state.focused }),
      clear: clipboard.clear,
      limits: clipboardLimits(state.wayland),
      locked: () => state.locked,
      focused: () => state.focused,
    });
    return { state, sensor, ...watchSensor(sensor) };
  };

  test.each<[string, readonly string[], boolean, string]>([
    ['a picture', ['image/png'], false, 'happened screenshot clipboard-image'],
    [
      'a picture with its markup',
      ['image/png', 'text/html'],
      false,
      'happened screenshot clipboard-image',
    ],
    ['text that was copied elsewhere', ['text/plain'], true, 'happened clipboard copied-elsewhere'],
    [
      'text while nobody left the exam',
      ['text/plain'],
      false,
      'happened outside-input clipboard-text',
    ],
  ])('%s is stated once and cleared', async (_, types, left, said) => {
    const { state, words } = seat();
    await pass(5_000);
    state.focused = !left;
    await pass(1_000);
    state.focused = true;
    state.types = [...types];
    await pass(1_100);
    expect(words()).toEqual([said]);
    expect(state.types).toEqual([]);
    await pass(10_000);
    expect(words()).toHaveLength(1);
  });

  test('each screenshot is one act', async () => {
    const { state, words } = seat();
    await pass(5_000);
    state.types = ['image/png'];
    await pass(5_000);
    state.types = ['image/png'];
    await pass(5_000);
    expect(words()).toHaveLength(2);
  });

  test('what was there before the machine was locked is nobody’s act', async () => {
    const { state, words } = seat({ locked: false });
    state.types = ['image/png'];
    await pass(10_000);
    expect(state.cleared).toBe(0);
    state.locked = true;
    await pass(1_100);
    expect(state.types).toEqual([]);
    await pass(10_000);
    expect(words()).toEqual([]);
  });

  test('a clipboard manager that puts things back is no act, and is told', async () => {
    const { state, words, limits } = seat({ locked: false, manager: true });
    state.types = ['text/plain'];
    await pass(2_000);
    state.locked = true;
    await pass(60_000);
    expect(words()).toEqual([]);
    expect(limits.at(-1)).toEqual({ clipboard: { reason: 'platform', partly: true } });
  });

  test('what lies there when the sensor is started anew came after the last look, and is told', async () => {
    const { state, sensor, words, again } = seat();
    await pass(5_000);
    sensor.stop();
    state.types = ['image/png'];
    await pass(20_000);
    again();
    await pass(1_100);
    expect(words()).toEqual(['happened screenshot clipboard-image']);
    // Unlocked meanwhile, it was the person's own.
    sensor.stop();
    state.locked = false;
    state.types = ['image/png'];
    again();
    await pass(2_000);
    state.locked = true;
    await pass(2_000);
    expect(words()).toHaveLength(1);
  });

  test('Wayland shows nothing to whoever has no keyboard: what was copied meanwhile is told at the return', async () => {
    const { state, words, limits } = seat({ wayland: true });
    await pass(5_000);
    state.focused = false;
    await pass(3_000);
    state.types = ['text/plain'];
    await pass(30_000);
    expect(words()).toEqual([]);
    expect(state.types).toEqual(['text/plain']);
    state.focused = true;
    await pass(1_100);
    expect(words()).toEqual(['happened clipboard copied-elsewhere']);
    expect(limits).toEqual([{ clipboard: { reason: 'wayland', partly: true } }]);
  });

  test('a clipboard that answers with an error holds nothing that is known, and is told', async () => {
    const { state, words, limits } = seat();
    await pass(5_000);
    state.types = ['image/png'];
    state.fails = true;
    await pass(30_000);
    expect(words()).toEqual([]);
    expect(limits.at(-1)).toMatchObject({ screenshot: { reason: 'tool-failed', partly: true } });
    state.fails = false;
    await pass(1_100);
    expect(words()).toEqual(['happened screenshot clipboard-image']);
    expect(limits.at(-1)).toEqual({});
  });

  test.each<[string, () => unknown, boolean, boolean, Reading<ClipboardContent>]>([
    ['nothing', async () => false, false, true, told('nothing')],
    ['an answer that is none', async () => undefined, false, true, failed('tool-unread')],
    ['an error', async () => Promise.reject(new Error('x')), false, true, failed('tool-failed')],
    ['nothing, with the keyboard', async () => false, true, true, told('nothing')],
    ['nothing, without the keyboard', async () => false, true, false, failed('wayland')],
  ])('read: %s', async (_, has, wayland, focused, reading) => {
    expect(await readClipboard({ has } as never, { wayland, focused })).toEqual(reading);
  });

  test('a clipboard that hangs is abandoned, and says nothing', async () => {
    const sensor = clipboardContentSensor({
      read: () => new Promise(() => undefined),
      clear: () => undefined,
      locked: () => true,
      focused: () => true,
    });
    const { said, beats } = watchSensor(sensor);
    await pass(30_000);
    expect(said).toEqual([]);
    expect(beats()).toBe(0);
    sensor.stop();
  });
});
