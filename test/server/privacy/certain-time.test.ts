import { describe, expect, test } from 'vitest';
import { certainTime, type TimeMarks } from '#server/privacy/certain-time.ts';
import { syncedIn } from '#server/privacy/timedatectl.ts';
import { kioskTimes } from '#server/record/kiosk-times.ts';
import type { DeviceId } from '#shared/kernel/ids.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { NOW, testClock } from '#test/server/test-clock.ts';

// What is deleted is gone: a server's clock that runs ahead is believed only when somebody else says the same.

const HOUR = 60 * MINUTE;
const YEARS = 10 * 365 * 24 * HOUR;

const marksOf = (kept: { certain: number | null; newest: number | null }): TimeMarks => ({
  certain: async () => kept.certain,
  keepCertain: async (at) => {
    kept.certain = at;
  },
  newest: async () => kept.newest,
});

/** A server whose log knows `NOW`, with the given wall clock and kiosks. */
const world = async (
  aheadMs: number,
  synced: boolean | null,
  kiosks: readonly number[],
  kept = { certain: NOW as number | null, newest: NOW as number | null },
) => {
  const clock = testClock(NOW + aheadMs);
  const times = kioskTimes(clock.steady);
  const said: string[] = [];
  const time = certainTime({
    clock,
    marks: marksOf(kept),
    synced: async () => synced,
    kiosks: times,
    log: (_level, text) => said.push(text),
  });
  await time.begin();
  for (const [i, at] of kiosks.entries()) times.hear(`device-${i}` as DeviceId, at);
  return { clock, times, time, kept, said };
};

const RIGHT = [NOW, NOW + MINUTE, NOW - MINUTE];
const wrong = (ahead: number): number[] => [NOW + ahead, NOW + ahead, NOW + ahead];

describe.each([
  ['two hours', 2 * HOUR],
  ['ten years', YEARS],
])('a clock %s ahead', (_name, ahead) => {
  test.each([
    ['nobody says anything', null, [], NOW],
    ['the system says that it is not kept', false, [], NOW],
    ['the system says that it is kept', true, [], NOW + ahead],
    ['the kiosks say otherwise', null, RIGHT, NOW],
    ['the kiosks say the same', null, wrong(ahead), NOW + ahead],
    ['two kiosks say the same', null, wrong(ahead).slice(1), NOW + ahead],
    ['one kiosk says the same', null, wrong(ahead).slice(2), NOW],
    ['one of two says the same', null, [NOW, NOW + ahead], NOW],
    ['one of three says the same', null, [NOW, NOW, NOW + ahead], NOW],
    ['kept, and one kiosk otherwise', true, [NOW], NOW + ahead],
    ['kept, and three kiosks otherwise', true, RIGHT, NOW],
    ['not kept, and the kiosks say the same', false, wrong(ahead), NOW + ahead],
    ['kiosks ten years behind', null, wrong(-YEARS), NOW],
  ] as const)('%s', async (_what, synced, kiosks, certain) => {
    const { time, said } = await world(ahead, synced, kiosks);
    expect(await time.now()).toBe(certain);
    expect(said).toEqual(
      certain === NOW ? ['nobody confirms the clock: nothing is deleted by it'] : [],
    );
  });

  test('what passes is certain, however wrong the clock: and it is kept over a restart', async () => {
    const { clock, time, kept } = await world(ahead, null, []);
    clock.advance(3 * HOUR);
    expect(await time.now()).toBe(NOW + 3 * HOUR);
    // Ended for two hours; the clock is as wrong as before.
    const later = await world(ahead + 5 * HOUR, null, [], kept);
    expect(await later.time.now()).toBe(NOW + 3 * HOUR);
    // And somebody writes into the log with it.
    later.kept.newest = NOW + ahead + 5 * HOUR;
    const last = await world(ahead + 5 * HOUR, null, [], later.kept);
    expect(await last.time.now()).toBe(NOW + 3 * HOUR);
  });

  test('what waits is told, until somebody confirms the clock', async () => {
    const { clock, time, times } = await world(ahead, null, []);
    const wait = { serverTime: NOW + ahead, certainTime: NOW };
    expect(await time.waits()).toEqual(wait);
    for (const [i, at] of wrong(ahead).entries()) times.hear(`device-${i}` as DeviceId, at);
    // Asked again and again it looks once a minute.
    expect(await time.waits()).toEqual(wait);
    clock.advance(MINUTE);
    expect(await time.waits()).toBeNull();
  });

  test('an older log is believed as far as it goes', async () => {
    const { time } = await world(ahead, null, [], { certain: null, newest: NOW - HOUR });
    expect(await time.now()).toBe(NOW - HOUR);
  });

  test('put right again, time goes on where it is', async () => {
    const { clock, time, times, said } = await world(ahead, null, []);
    expect(await time.now()).toBe(NOW);
    clock.jump(-ahead);
    clock.advance(HOUR);
    for (const n of [1, 2]) times.hear(`device-${n}` as DeviceId, NOW + HOUR);
    expect(await time.now()).toBe(NOW + HOUR);
    expect(said.at(-1)).toBe('the clock is confirmed');
  });
});

test('a clock behind is never ahead of itself', async () => {
  const { clock, time } = await world(-HOUR, null, RIGHT);
  expect(await time.now()).toBe(NOW - HOUR);
  clock.jump(HOUR);
  expect(await time.now()).toBe(NOW);
});

test.each([
  ['nobody', null, []],
  ['the system', true, []],
  ['the kiosks', null, [NOW - HOUR, NOW - HOUR]],
] as const)(
  'what was certain is not taken back by a start with a clock behind that %s confirms',
  async (_who, synced, kiosks) => {
    const { clock, time, kept } = await world(-HOUR, synced, [...kiosks]);
    const stored = kept.certain;
    for (let i = 0; i < 5; i += 1) {
      await time.now();
      expect(kept.certain).toBe(stored);
      clock.advance(10 * MINUTE);
    }
    // And goes on from there as soon as it comes to it.
    clock.advance(HOUR);
    await time.now();
    expect(kept.certain).toBeGreaterThan(stored ?? 0);
  },
);

test('what a device said a day ago says nothing', async () => {
  const { clock, time, times } = await world(0, null, RIGHT);
  expect(await time.now()).toBe(NOW);
  clock.advance(25 * HOUR);
  clock.jump(YEARS);
  expect(times.now()).toBeNull();
  expect(await time.now()).toBe(NOW + 25 * HOUR);
});

test.each([
  ['NTPSynchronized=yes\n', true],
  ['NTPSynchronized=no\n', false],
  ['', null],
  ['NTPSynchronized=\n', null],
  ['Failed to connect to bus: Host is down\n', null],
  ['CanNTP=yes\nNTPSynchronized=yes\n', true],
])('timedatectl that says %j', (said, synced) => {
  expect(syncedIn(said)).toBe(synced);
});
