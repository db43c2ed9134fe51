import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clockMoved, clockSensor } from '#electron/sensors/clock.sensor.ts';
import { readTimeZone, zoneOfLink } from '#electron/sensors/probe/time-zone.ts';
import { EMPTY, notSupported, told } from '#shared/incident/reading.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import { pass, watchSensor } from '#test/electron/sensors/watch.ts';

const at = (wallMs: number, monotonicMs: number) => ({ wallMs, monotonicMs });
const MINUTE = 60_000;

describe('a clock that is set', () => {
  test.each<[string, number, number, boolean, number]>([
    ['runs', 10_000, 10_000, false, 0],
    ['slews', 10_005, 10_000, false, 0],
    ['steps by a time service', 10_000 + 40_000, 10_000, false, 0],
    ['is put back an hour', 10_000 - 60 * MINUTE, 10_000, false, -60 * MINUTE],
    ['is put forward ten minutes', 10_000 + 10 * MINUTE, 10_000, false, 10 * MINUTE],
    ['ran on through a sleep', 60 * MINUTE, 10_000, true, 0],
    ['is put back during a sleep', 10_000 - 10 * MINUTE, 10_000, true, -10 * MINUTE],
    ['and its monotonic sister both slept through', 60 * MINUTE, 60 * MINUTE, false, 0],
  ])('%s', (_, wall, monotonic, slept, moved) => {
    expect(clockMoved(at(0, 0), at(wall, monotonic), slept)).toBe(moved);
  });

  test('daylight saving and whatever passes of time moves nothing', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(1e9), fc.boolean(), (wall, mono, passed, slept) => {
        expect(clockMoved(at(wall, mono), at(wall + passed, mono + passed), slept)).toBe(0);
      }),
    );
  });
});

describe('clock sensor', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const seat = () => {
    const state = { skew: 0, zone: 'America/Guayaquil' as string | null };
    let woke = (): void => undefined;
    const sensor = clockSensor({
      clock: { wallMs: () => Date.now() + state.skew, monotonicMs: () => performance.now() },
      timeZone: async () => (state.zone === null ? EMPTY : told(state.zone)),
      onWake: (listener) => {
        woke = listener;
        return () => {
          woke = () => undefined;
        };
      },
    });
    return { state, sensor, woke: () => woke(), ...watchSensor(sensor) };
  };

  test('a moved clock is technical', async () => {
    const { state, words } = seat();
    await pass(20_000);
    state.skew = -3_600_000;
    await pass(16_000);
    expect(words()).toEqual(['happened platform clock-moved -3600']);
    await pass(60_000);
    expect(words()).toHaveLength(1);
  });

  test('waking up is no move', async () => {
    const { state, woke, words } = seat();
    await pass(20_000);
    state.skew = 3_600_000;
    woke();
    await pass(30_000);
    expect(words()).toEqual([]);
  });

  test('another time zone; one that cannot be read for a while is the same', async () => {
    const { state, words } = seat();
    await pass(16_000);
    state.zone = null;
    await pass(16_000);
    state.zone = 'America/Guayaquil';
    await pass(16_000);
    expect(words()).toEqual([]);
    state.zone = 'Europe/Madrid';
    await pass(16_000);
    expect(words()).toEqual([
      'happened platform time-zone-changed America/Guayaquil Europe/Madrid',
    ]);
  });

  test('stopped, it says nothing', async () => {
    const { state, sensor, words } = seat();
    sensor.stop();
    state.skew = -3_600_000;
    await pass(60_000);
    expect(words()).toEqual([]);
  });
});

describe('the system’s time zone', () => {
  const never = new AbortController().signal;
  let etc = '';
  beforeEach(() => {
    etc = mkdtempSync(join(tmpdir(), 'atalaya-etc-'));
  });
  afterEach(() => rmSync(etc, { recursive: true, force: true }));

  test('a link, else a file, else unknown', async () => {
    const run = async () => fail('tool-missing' as const);
    expect(await readTimeZone('linux', never, run, etc)).toEqual(notSupported('platform'));
    writeFileSync(join(etc, 'timezone'), '\n');
    expect(await readTimeZone('linux', never, run, etc)).toEqual(EMPTY);
    writeFileSync(join(etc, 'timezone'), 'America/Bogota\n');
    expect(await readTimeZone('linux', never, run, etc)).toEqual(told('America/Bogota'));
    symlinkSync('/usr/share/zoneinfo/America/Guayaquil', join(etc, 'localtime'));
    expect(await readTimeZone('linux', never, run, etc)).toEqual(told('America/Guayaquil'));
    expect(zoneOfLink('/var/db/timezone/zoneinfo/Europe/Madrid')).toBe('Europe/Madrid');
  });

  test('this machine’s own', async () => {
    expect(await readTimeZone(process.platform, never)).toEqual(told(expect.any(String)));
  });

  test('Windows says it itself', async () => {
    const run = async () => ok('SA Pacific Standard Time\r\n');
    expect(await readTimeZone('win32', never, run)).toEqual(told('SA Pacific Standard Time'));
    const refused = async () => fail('tool-blocked' as const);
    expect(await readTimeZone('win32', never, refused)).toEqual(notSupported('tool-blocked'));
  });
});
