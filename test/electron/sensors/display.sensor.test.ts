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
import {
  EMPTY,
  failed,
  lackOf,
  notSupported,
  type Reading,
  told,
  toldOf,
} from '#shared/incident/reading.ts';
import { fail } from '#shared/kernel/result.ts';
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
    ['linux-xrandr-hidden.txt', [false, false]],
    ['linux-xrandr-invented.txt', [false]],
  ])('X11: %s', (file, mirrored) => {
    expect(toldOf(parseXrandr(recorded(file)))?.map((one) => one.mirrored)).toEqual(mirrored);
  });

  test('X11: a laptop’s own panel', () => {
    const text =
      'eDP-1 connected primary 1920x1080+0+0 (normal) 309mm x 174mm\nHDMI-1 connected (normal)\n';
    expect(parseXrandr(text)).toEqual(told([{ name: 'eDP-1', link: 'internal', mirrored: false }]));
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
    expect(toldOf(listed ?? EMPTY)?.map(({ link }) => link)).toEqual(['cable', 'internal']);
    machine.remove();
    expect(await probe?.list(never)).toEqual(notSupported('wayland'));
  });

  test('Windows: the kinds of connection', () => {
    const monitor = (VideoOutputTechnology: number, Active = true) => ({
      InstanceName: 'DISPLAY\\BOE0A2A\\4&1234&0&UID8388688_0',
      Active,
      VideoOutputTechnology,
    });
    const json = JSON.stringify({
      monitors: [monitor(0x80000000), monitor(5), monitor(15), monitor(17), monitor(5, false)],
    });
    expect(toldOf(parseMonitors(json))?.map(({ link }) => link)).toEqual([
      'internal',
      'cable',
      'wireless',
      'virtual',
    ]);
  });

  test('macOS: a mirror, a television in the air, a made-up screen', () => {
    const mirrored = parseDisplayProfile(recorded('darwin-displays-mirrored.txt'));
    expect(mirrored).toEqual(
      told([
        { name: 'Color LCD', link: 'internal', mirrored: true },
        { name: 'EPSON PJ', link: 'cable', mirrored: true },
      ]),
    );
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
    expect(toldOf(parseDisplayProfile(json))?.map(({ link }) => link)).toEqual([
      'wireless',
      'virtual',
    ]);
  });

  test.each<[string, string, Reading<unknown>['state'], string | null]>([
    ['nothing', '', 'failed', 'tool-unread'],
    ['an error in words', "Can't open display :9", 'failed', 'tool-unread'],
    [
      'a screen without a lit output',
      'Screen 0: minimum 8 x 8\nHDMI-1 disconnected\n',
      'empty',
      'tool-empty',
    ],
  ])('X11: %s is no lone screen', (_, text, state, reason) => {
    const read = parseXrandr(text);
    expect([read.state, lackOf(read)]).toEqual([state, reason]);
  });

  test('X11: where the server gives no answer the kernel does, in part', async () => {
    const machine = fakeSys();
    machine.write('sys/class/drm/card0-eDP-1/status', 'connected');
    machine.write('sys/class/drm/card0-eDP-1/enabled', 'enabled');
    const probe = (run: RunTool) => displayProbe('linux', { sys: machine.sys, run })?.list(never);
    expect(await probe(async () => fail('failed'))).toMatchObject({
      state: 'partial',
      reason: 'tool-failed',
      value: [{ link: 'internal', mirrored: null }],
    });
    machine.write('sys/class/drm/card0-eDP-1/enabled', 'disabled');
    expect(await probe(async () => fail('failed'))).toEqual(failed('tool-failed'));
    machine.remove();
  });

  test.each<[string, readonly [string, string][], Reading<unknown>['state']]>([
    ['no connector', [], 'not-supported'],
    ['none lit', [['disconnected', 'disabled']], 'empty'],
    ['one lit', [['connected', 'enabled']], 'told'],
    ['one lit that does not say whether it is there', [['unknown', 'enabled']], 'failed'],
    [
      'one lit, and one that does not say',
      [
        ['connected', 'enabled'],
        ['unknown', 'enabled'],
      ],
      'partial',
    ],
  ])('Wayland: %s', async (_, connectors, state) => {
    const machine = fakeSys();
    connectors.forEach(([status, enabled], i) => {
      machine.write(`sys/class/drm/card0-DP-${i}/status`, status);
      machine.write(`sys/class/drm/card0-DP-${i}/enabled`, enabled);
    });
    const read = await displayProbe('linux', { sys: machine.sys, x11: false })?.list(never);
    expect(read?.state).toBe(state);
    machine.remove();
  });

  const one = '{"InstanceName":"DISPLAY\\\\BOE0A2A\\\\4","Active":true,"VideoOutputTechnology":5}';
  test.each<[string, string, Reading<unknown>]>([
    ['one', `{"monitors":[${one}]}`, told([{ name: 'BOE0A2A', link: 'cable', mirrored: null }])],
    ['the class is not supported', '{"refused":"NotSupported"}', notSupported('not-supported')],
    ['the class is not there', '{"refused":"InvalidClass"}', notSupported('not-supported')],
    ['rights are missing', '{"refused":"AccessDenied"}', notSupported('tool-blocked')],
    ['another error', '{"refused":"Failed"}', failed('tool-failed')],
    ['no monitor', '{"monitors":[]}', EMPTY],
    ['none that is on', `{"monitors":[${one.replace('true', 'false')}]}`, EMPTY],
    ['nothing', '', EMPTY],
    ['a list of nothing', '[]', EMPTY],
    ['half an answer', '{"monitors":[{"Insta', failed('tool-unread')],
    ['another answer', '{}', failed('tool-unread')],
  ])('Windows: %s', (_, json, read) => {
    expect(parseMonitors(json)).toEqual(read);
  });
  test.each(['-1', '-2', '4294967295', 'null'])(
    'Windows: a connection of %s is in part',
    (link) => {
      expect(parseMonitors(`{"monitors":[${one.replace('5}', `${link}}`)}]}`)).toMatchObject({
        state: 'partial',
        reason: 'not-supported',
        value: [{ link: 'unknown' }],
      });
    },
  );

  test.each<[string, string, Reading<unknown>['state']]>([
    ['no adapter', '{"SPDisplaysDataType":[]}', 'empty'],
    ['an adapter without a lit screen', '{"SPDisplaysDataType":[{"_name":"Apple M1"}]}', 'empty'],
    ['another answer', '{"SPHardwareDataType":[]}', 'failed'],
    ['nothing', '', 'empty'],
    ['one screen', '{"SPDisplaysDataType":[{"spdisplays_ndrvs":[{"_name":"A"}]}]}', 'told'],
    [
      'two, and not a word on mirrors',
      '{"SPDisplaysDataType":[{"spdisplays_ndrvs":[{"_name":"A"},{"_name":"B"}]}]}',
      'partial',
    ],
  ])('macOS: %s', (_, json, state) => {
    expect(parseDisplayProfile(json).state).toBe(state);
  });

  test.each<[NodeJS.Platform]>([['linux'], ['win32'], ['darwin']])(
    '%s without its tool says so',
    async (platform) => {
      const run: RunTool = async () => fail('tool-missing');
      expect(await displayProbe(platform, { run, sys: '/nowhere' })?.list(never)).toEqual(
        notSupported('tool-missing'),
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

  const seat = (listed: Reading<readonly Panel[]>, exact = false) => {
    const state = { displays: 1, listed };
    const screen = Object.assign(new EventEmitter(), {
      getAllDisplays: () => Array.from({ length: state.displays }, () => ({})),
    });
    const probe: DisplayProbe = { everyMs: 4_000, exact, list: async () => state.listed };
    return { state, screen, sensor: displaySensor(screen as never, probe) };
  };

  test('a second display begins at once and ends', async () => {
    const { state, screen, sensor } = seat(told([panel('internal', false)]));
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
    const { state, sensor } = seat(told([panel('internal', false)]));
    const { words } = watchSensor(sensor);
    await pass(100);
    state.listed = told([panel('internal', true), panel('cable', true)]);
    await pass(5_000);
    expect(words()).toEqual(['began extra-display 2 mirrored']);
    sensor.stop();
  });

  test('without the system’s tool, several displays are still seen, and the rest is told as not watched', async () => {
    const { state, screen, sensor } = seat(notSupported('tool-missing'));
    const { words, limits } = watchSensor(sensor);
    await pass(100);
    expect(limits).toEqual([{ 'extra-display': { reason: 'tool-missing', partly: true } }]);
    state.displays = 2;
    screen.emit('display-added');
    await pass(300);
    expect(words()).toEqual(['began extra-display 2 several']);
    sensor.stop();
  });

  test('monitors that somebody made hide no screen and make none', async () => {
    const { state, screen, sensor } = seat(
      parseXrandr(recorded('linux-xrandr-invented.txt')),
      true,
    );
    const { words } = watchSensor(sensor);
    state.displays = 2;
    screen.emit('display-added');
    await pass(5_000);
    expect(words()).toEqual([]);
    expect(await sensor.check?.()).toMatchObject({ cause: 'invented', blocks: false });
    state.displays = 1;
    state.listed = parseXrandr(recorded('linux-xrandr-hidden.txt'));
    await pass(5_000);
    expect(words()).toEqual(['began extra-display 2 several']);
    expect(await sensor.check?.()).toMatchObject({ cause: 'several', blocks: true });
    sensor.stop();
  });

  test('what nobody could list is not one screen', async () => {
    const { state, sensor } = seat(told([panel('internal', false)]));
    expect(await sensor.check?.()).toMatchObject({ outcome: 'ok' });
    for (const read of [EMPTY, notSupported('not-supported'), failed('tool-unread')]) {
      state.listed = read;
      expect(await sensor.check?.()).toMatchObject({
        outcome: 'not-watched',
        cause: read.reason,
        blocks: false,
      });
    }
  });

  test('the device check says which', async () => {
    const { state, sensor } = seat(told([panel('cable')]));
    expect(await sensor.check?.()).toEqual({ id: 'display', outcome: 'ok', blocks: true });
    state.listed = told([panel('wireless')]);
    expect(await sensor.check?.()).toMatchObject({ outcome: 'failed', cause: 'wireless' });
    state.displays = 2;
    expect(await sensor.check?.()).toMatchObject({
      outcome: 'failed',
      cause: 'several',
      blocks: true,
    });
  });
});
