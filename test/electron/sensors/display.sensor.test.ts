import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { displaySensor, judgeDisplays } from '#electron/sensors/display.sensor.ts';
import {
  type DisplayProbe,
  displayProbe,
  type Panel,
  parseDisplayProfile,
  parseMonitors,
  parseXrandr,
} from '#electron/sensors/probe/displays.ts';
import type { RunTool } from '#electron/sensors/probe/system-tool.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import { fakeSys } from '#test/electron/sensors/fake-sys.ts';
import { pass, watchSensor } from '#test/electron/sensors/watch.ts';

const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'recorded', name), 'utf8');
const never = new AbortController().signal;

const panel = (link: Panel['link'], mirrored: boolean | null = null): Panel => ({
  name: link,
  link,
  mirrored,
});

describe('what is wrong with the screens', () => {
  test.each<[string, number, readonly Panel[], string | null]>([
    ['a laptop', 1, [panel('internal')], null],
    ['a lone external monitor', 1, [panel('cable')], null],
    ['a lone external monitor, told exactly', 1, [panel('cable', false)], null],
    ['nothing is told', 1, [], null],
    ['two desktops', 2, [panel('internal'), panel('cable')], 'several'],
    ['two desktops, nothing told', 2, [], 'several'],
    ['a mirror', 1, [panel('internal', true), panel('cable', true)], 'mirrored'],
    ['more screens than desktops', 1, [panel('internal'), panel('cable')], 'mirrored'],
    [
      'two screens that are told not to mirror',
      1,
      [panel('internal', false), panel('cable', false)],
      null,
    ],
    ['a television in the air', 1, [panel('wireless', true), panel('internal', true)], 'wireless'],
    ['only a television in the air', 1, [panel('wireless')], 'wireless'],
    ['a driver without a screen', 1, [panel('virtual')], 'virtual'],
    ['the system has no screen for a moment', 0, [panel('cable')], null],
  ])('%s', (_, displays, panels, how) => {
    expect(judgeDisplays(displays, panels)?.how ?? null).toBe(how);
  });
});

describe('what the systems tell', () => {
  test.each<[string, readonly boolean[]]>([
    ['linux-xrandr-one.txt', [false]],
    ['linux-xrandr-extended.txt', [false, false]],
    ['linux-xrandr-mirrored.txt', [true, true]],
    ['linux-xrandr-other-only.txt', [false]],
  ])('X11: %s', (file, mirrored) => {
    expect(parseXrandr(recorded(file)).map((one) => one.mirrored)).toEqual(mirrored);
  });

  test('X11: a laptop’s own panel', () => {
    const text =
      'eDP-1 connected primary 1920x1080+0+0 (normal) 309mm x 174mm\nHDMI-1 connected (normal)\n';
    expect(parseXrandr(text)).toEqual([{ name: 'eDP-1', link: 'internal', mirrored: false }]);
  });

  test('Wayland: the kernel’s connectors, lit ones only', async () => {
    const machine = fakeSys();
    for (const [name, status, enabled] of [
      ['card0-eDP-1', 'connected', 'enabled'],
      ['card0-HDMI-A-1', 'connected', 'enabled'],
      ['card0-DP-1', 'connected', 'disabled'],
      ['card0-DP-2', 'disconnected', 'disabled'],
    ] as const) {
      machine.write(`sys/class/drm/${name}/status`, status);
      machine.write(`sys/class/drm/${name}/enabled`, enabled);
    }
    machine.write('sys/class/drm/version', 'drm 1.1.0');
    const probe = displayProbe('linux', { sys: machine.sys, x11: false });
    const listed = await probe?.list(never);
    expect(listed?.ok === true && listed.value.map(({ link }) => link)).toEqual([
      'cable',
      'internal',
    ]);
    machine.remove();
    expect(await probe?.list(never)).toEqual(fail('wayland'));
  });

  test('Windows: the kinds of connection', () => {
    const monitor = (VideoOutputTechnology: number, Active = true) => ({
      InstanceName: 'DISPLAY\\BOE0A2A\\4&1234&0&UID8388688_0',
      Active,
      VideoOutputTechnology,
    });
    const json = JSON.stringify([
      monitor(0x80000000),
      monitor(5),
      monitor(15),
      monitor(17),
      monitor(5, false),
    ]);
    expect(parseMonitors(json).map(({ link }) => link)).toEqual([
      'internal',
      'cable',
      'wireless',
      'virtual',
    ]);
    expect(parseMonitors('')).toEqual([]);
  });

  test('macOS: a mirror, a television in the air, a made-up screen', () => {
    const mirrored = parseDisplayProfile(recorded('darwin-displays-mirrored.txt'));
    expect(mirrored).toEqual([
      { name: 'Color LCD', link: 'internal', mirrored: true },
      { name: 'EPSON PJ', link: 'cable', mirrored: true },
    ]);
    const screen = (more: object) => ({
      _name: 'Screen',
      spdisplays_mirror: 'spdisplays_off',
      ...more,
    });
    const json = JSON.stringify({
      SPDisplaysDataType: [
        {
          spdisplays_ndrvs: [
            screen({
              spdisplays_connection_type: 'spdisplays_airplay',
              spdisplays_virtualdevice: 'spdisplays_yes',
            }),
            screen({ spdisplays_virtualdevice: 'spdisplays_yes' }),
            screen({ spdisplays_online: 'spdisplays_no' }),
          ],
        },
      ],
    });
    expect(parseDisplayProfile(json).map(({ link }) => link)).toEqual(['wireless', 'virtual']);
  });

  test.each<[NodeJS.Platform]>([['linux'], ['win32'], ['darwin']])(
    '%s without its tool says so',
    async (platform) => {
      const run: RunTool = async () => fail('tool-missing');
      expect(await displayProbe(platform, { run, sys: '/nowhere' })?.list(never)).toEqual(
        fail('tool-missing'),
      );
    },
  );
});

describe('display sensor', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const seat = (listed: Awaited<ReturnType<DisplayProbe['list']>>) => {
    const state = { displays: 1, listed };
    const screen = Object.assign(new EventEmitter(), {
      getAllDisplays: () => Array.from({ length: state.displays }, () => ({})),
    });
    const probe: DisplayProbe = { everyMs: 4_000, list: async () => state.listed };
    return { state, screen, sensor: displaySensor(screen as never, probe) };
  };

  test('a second display begins at once and ends', async () => {
    const { state, screen, sensor } = seat(ok([panel('internal', false)]));
    const { words, limits } = watchSensor(sensor);
    await pass(100);
    state.displays = 2;
    screen.emit('display-added');
    await pass(300);
    expect(words()).toEqual(['began extra-display 2 several']);
    state.displays = 1;
    screen.emit('display-removed');
    await pass(300);
    expect(words()).toHaveLength(2);
    expect(limits).toEqual([]);
    sensor.stop();
    expect(screen.listenerCount('display-added')).toBe(0);
  });

  test('a mirror that Electron counts as one desktop', async () => {
    const { state, sensor } = seat(ok([panel('internal', false)]));
    const { words } = watchSensor(sensor);
    await pass(100);
    state.listed = ok([panel('internal', true), panel('cable', true)]);
    await pass(5_000);
    expect(words()).toEqual(['began extra-display 2 mirrored']);
    sensor.stop();
  });

  test('without the system’s tool, several displays are still seen, and the rest is told as not watched', async () => {
    const { state, screen, sensor } = seat(fail('tool-missing'));
    const { words, limits } = watchSensor(sensor);
    await pass(100);
    expect(limits).toEqual([{ 'extra-display': { reason: 'tool-missing', partly: true } }]);
    state.displays = 2;
    screen.emit('display-added');
    await pass(300);
    expect(words()).toEqual(['began extra-display 2 several']);
    sensor.stop();
  });

  test('the device check says which', async () => {
    const { state, sensor } = seat(ok([panel('cable')]));
    expect(await sensor.check?.()).toEqual({ id: 'display', outcome: 'ok', blocks: true });
    state.listed = ok([panel('wireless')]);
    expect(await sensor.check?.()).toMatchObject({ outcome: 'failed', cause: 'wireless' });
    state.displays = 2;
    expect(await sensor.check?.()).toMatchObject({
      outcome: 'failed',
      cause: 'several',
      blocks: true,
    });
  });
});
