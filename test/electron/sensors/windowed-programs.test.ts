import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunningProgram } from '#electron/sensors/probe/process-table.ts';
import type { SeenWindow, WindowTable } from '#electron/sensors/probe/window-table.ts';
import { withWindows } from '#electron/sensors/probe/windowed-programs.ts';
import { programsSensor } from '#electron/sensors/programs.sensor.ts';
import { openness, type ProgramRule } from '#shared/incident/program-rules.ts';
import {
  EMPTY,
  failed,
  notSupported,
  type Reading,
  told,
  toldOf,
} from '#shared/incident/reading.ts';
import { pass, watchSensor } from '#test/electron/sensors/watch.ts';

const CLIENT: ProgramRule = {
  id: 'nube',
  name: 'Nube de archivos',
  category: 'other',
  names: { linux: ['nube'], windows: ['nube'], darwin: ['nube'] },
  waitsHidden: true,
};
const program = (pid: number, hasWindow: boolean | null): RunningProgram => ({
  pid,
  ppid: 0,
  file: pid === 7 ? 'nube' : 'otro',
  shown: [],
  path: null,
  args: [],
  ageMs: 60_000,
  onDesktop: true,
  hasWindow,
});
const window = (pid: number): SeenWindow => ({
  id: pid,
  pid,
  className: '',
  role: 'application',
  visible: true,
  place: { x: 0, y: 0, width: 100, height: 100 },
  layer: 1,
  above: false,
  hiddenFromCapture: false,
  title: '',
});
const never = new AbortController().signal;

test.each<[boolean, boolean | null, ReturnType<typeof openness>]>([
  [true, true, 'open'],
  [true, false, 'waiting'],
  [true, null, 'unknown'],
  [false, true, 'waiting'],
  [false, null, 'waiting'],
])('a program that may wait, on the desktop %s, with a window %s: %s', (desktop, has, state) => {
  expect(openness(CLIENT, desktop, has)).toBe(state);
  // One that never waits was opened, whatever is known of its windows.
  expect(openness({}, desktop, has)).toBe(desktop ? 'open' : 'waiting');
});

describe('who has a window', () => {
  const listing = [program(7, null), program(8, null), program(9, true)];
  const seen = async (windows: Reading<readonly SeenWindow[]> | Error, matters = true) => {
    const asked = vi.fn(async () => {
      if (windows instanceof Error) throw windows;
      return windows;
    });
    const table: WindowTable = { list: asked, close: () => undefined };
    const read = await withWindows(
      { list: async () => told(listing) },
      table,
      ({ pid }) => matters && pid === 7,
    ).list(never);
    return { has: toldOf(read)?.map(({ hasWindow }) => hasWindow), asked: asked.mock.calls.length };
  };
  test.each<[string, Reading<readonly SeenWindow[]> | Error, readonly (boolean | null)[]]>([
    ['told', told([window(8)]), [false, true, true]],
    ['in part', { state: 'partial', value: [window(8)], reason: 'wayland' }, [null, null, true]],
    ['empty', EMPTY, [null, null, true]],
    ['not supported', notSupported('wayland'), [null, null, true]],
    ['failed', failed('tool-failed'), [null, null, true]],
    ['broken', new Error('no display'), [null, null, true]],
  ])('%s', async (_, windows, has) => {
    expect(await seen(windows)).toEqual({ has, asked: 1 });
  });
  test('is not asked where nothing depends on it', async () => {
    expect(await seen(told([window(7)]), false)).toEqual({ has: [null, null, true], asked: 0 });
  });
});

describe('a client that may only wait', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  test.each<
    ['linux' | 'windows' | 'darwin', boolean | null, string | null, boolean, readonly string[]]
  >([
    [
      'linux',
      null,
      'waiting',
      false,
      ['happened platform program-in-doubt Nube de archivos other'],
    ],
    [
      'windows',
      null,
      'waiting',
      false,
      ['happened platform program-in-doubt Nube de archivos other'],
    ],
    [
      'darwin',
      null,
      'waiting',
      false,
      ['happened platform program-in-doubt Nube de archivos other'],
    ],
    ['linux', false, null, true, []],
    ['windows', false, null, true, []],
    ['linux', true, 'running', true, ['began forbidden-app Nube de archivos other name']],
    ['windows', true, 'running', true, ['began forbidden-app Nube de archivos other name']],
  ])('on %s, with a window %s', async (platform, hasWindow, cause, blocks, words) => {
    const sensor = programsSensor({
      table: { list: async () => told([program(7, hasWindow)]) },
      lists: { forbidden: [CLIENT], allowed: [] },
      platform,
      ownPid: 1,
    });
    const line = await sensor.check?.();
    expect([line?.outcome, line?.cause ?? null, line?.blocks]).toEqual([
      cause === null ? 'ok' : 'failed',
      cause,
      blocks,
    ]);
    const heard = watchSensor(sensor);
    await pass(10_000);
    expect(heard.words()).toEqual(words);
    sensor.stop();
  });
});
