import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningProgram } from '#electron/sensors/probe/process-table.ts';
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import type { SeenWindow, WindowTable } from '#electron/sensors/probe/window-table.ts';
import { linuxWindows } from '#electron/sensors/program-sensors.ts';
import { foreignWindows, windowsSensor } from '#electron/sensors/windows.sensor.ts';
import { EMPTY, notSupported, type Reading, told } from '#shared/incident/reading.ts';
import type { Limits, Signal } from '#shared/ports/sensor.port.ts';

const options = { lists: programLists({}), platform: 'linux', ownPid: 1 } as const;

const program = (
  pid: number,
  file: string,
  more: Partial<RunningProgram> = {},
): RunningProgram => ({
  pid,
  ppid: 0,
  file,
  shown: [file],
  path: `/usr/bin/${file}`,
  args: [],
  ageMs: 60_000,
  onDesktop: true,
  hasWindow: null,
  installed: true,
  ...more,
});
const window = (pid: number | null, more: Partial<SeenWindow> = {}): SeenWindow => ({
  id: 10 + (pid ?? 0),
  pid,
  className: '',
  role: 'unmanaged',
  visible: true,
  place: { x: 100, y: 100, width: 300, height: 100 },
  layer: 5,
  above: true,
  hiddenFromCapture: false,
  title: 'privado',
  ...more,
});
const exam = window(1, {
  role: 'application',
  layer: 3,
  above: false,
  place: { x: 0, y: 0, width: 1_000, height: 1_000 },
});
const programs = [
  program(1, 'atalaya'),
  program(2, 'battery-notice'),
  program(3, 'dunst'),
  program(4, 'obs'),
];

describe('what a window without focus comes to', () => {
  const cases: [string, SeenWindow, readonly string[]][] = [
    [
      'of an unlisted, installed program: only lasting it says something',
      window(2),
      ['battery-notice patient'],
    ],
    [
      'of one that hides from captures: at once',
      window(2, { hiddenFromCapture: true }),
      ['battery-notice'],
    ],
    ['of a listed program: at once', window(4), ['OBS Studio']],
    ['below the exam', window(2, { layer: 2 }), []],
    ['beside the exam', window(2, { place: { x: 1_200, y: 0, width: 300, height: 100 } }), []],
    ['too small to be read', window(2, { place: { x: 0, y: 0, width: 39, height: 100 } }), []],
    ['of the desktop', window(3), []],
    ['of the exam', window(1), []],
    ['of nobody that has a name', window(null), []],
    [
      'of another machine: by what it calls itself',
      window(null, { className: 'XClock' }),
      ['XClock'],
    ],
  ];
  it.each(cases)('%s', (_, seen, said) => {
    const foreign = foreignWindows([exam, seen], programs, options);
    expect(foreign.map(({ name, patient }) => (patient ? `${name} patient` : name))).toEqual(said);
  });
  it('an application counts also behind the exam and minimised', () => {
    const open = (more: Partial<SeenWindow>) =>
      foreignWindows(
        [exam, window(2, { role: 'application', above: false, ...more })],
        programs,
        options,
      );
    expect(open({ layer: 1 })).toMatchObject([{ overlay: false, covers: 0, patient: false }]);
    expect(open({ visible: false })).toMatchObject([{ overlay: false, covers: 0 }]);
    expect(open({ layer: 9 })).toMatchObject([{ covers: 0.03 }]);
  });
});

describe('the sensor', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const watch = (list: WindowTable['list'], titles = false) => {
    const signals: Signal[] = [];
    const limits: Limits[] = [];
    const sensor = windowsSensor({
      ...options,
      windows: { list, close: () => undefined },
      processes: { list: async () => told(programs) },
      limits: {},
      titles,
      everyMs: 1_000,
    });
    sensor.start((signal) => signals.push(signal), {
      limited: (limit) => limits.push(limit),
      alive: () => undefined,
    });
    return { sensor, signals, limits };
  };

  it('a notice that goes away within ten seconds is nobody’s act', async () => {
    let shown = true;
    const { signals, sensor } = watch(async () => told(shown ? [exam, window(2)] : [exam]));
    await vi.advanceTimersByTimeAsync(10_000);
    shown = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(signals).toEqual([]);
    sensor.stop();
  });

  it('one that stays is stated', async () => {
    const { signals, sensor } = watch(async () => told([exam, window(2)]));
    await vi.advanceTimersByTimeAsync(14_000);
    expect(signals).toEqual([]);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(signals).toMatchObject([
      { phase: 'began', facts: { program: 'battery-notice', overlay: true } },
    ]);
    sensor.stop();
  });

  it('titles are kept only where the institution says so', async () => {
    const without = watch(async () => told([exam, window(4)]));
    const withTitles = watch(async () => told([exam, window(4)]), true);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(JSON.stringify(without.signals)).not.toContain('privado');
    expect(withTitles.signals[0]?.facts).toMatchObject({ title: 'privado' });
    without.sensor.stop();
    withTitles.sensor.stop();
  });

  it('a system that refuses is told as not watched', async () => {
    const { limits, signals, sensor } = watch(async () => notSupported('tool-blocked'));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(limits).toEqual([{ 'forbidden-app': { reason: 'tool-blocked', partly: false } }]);
    expect(signals).toEqual([]);
    sensor.stop();
  });

  it('no window at all is no clean desktop, and one that nobody can see now is not closed', async () => {
    let read: Reading<readonly SeenWindow[]> = told([exam, window(4)]);
    const { limits, signals, sensor } = watch(async () => read);
    await vi.advanceTimersByTimeAsync(3_000);
    read = EMPTY;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(signals.map(({ phase }) => phase)).toEqual(['began']);
    expect(limits).toEqual([{ 'forbidden-app': { reason: 'tool-empty', partly: false } }]);
    read = told([exam]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(signals.map(({ phase }) => phase)).toEqual(['began', 'ended']);
    expect(limits.at(-1)).toEqual({});
    sensor.stop();
  });
});

describe('what a Linux desktop shows of others', () => {
  it.each([
    [{ DISPLAY: ':0' }, true, {}],
    [{ DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0' }, true, { reason: 'wayland', partly: true }],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, false, { reason: 'wayland', partly: false }],
    [{ DISPLAY: ':0', XDG_SESSION_TYPE: 'wayland' }, true, { reason: 'wayland', partly: true }],
    [{}, false, { reason: 'platform', partly: false }],
  ])('%j', (environment, shows, limit) => {
    const { table, limits } = linuxWindows(environment, false);
    expect(table !== null).toBe(shows);
    expect(limits['forbidden-app'] ?? {}).toEqual(limit);
  });
});
