import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FastRun, type KeyTime, NO_TYPING, typeKey } from '#shared/incident/typing-speed.ts';

const type = (keys: readonly KeyTime[]): readonly FastRun[] => {
  let state = NO_TYPING;
  return keys.flatMap((key) => {
    const next = typeKey(state, key);
    state = next.state;
    return next.run === null ? [] : [next.run];
  });
};

/** Keys with these gaps between them, ms. */
const keys = (gaps: readonly number[], more: Partial<KeyTime> = {}): readonly KeyTime[] => {
  let atMs = 1_000;
  return [0, ...gaps].map((gap) => {
    atMs += gap;
    return { atMs, repeat: false, late: false, ...more };
  });
};
const even = (count: number, gap: number): readonly number[] =>
  Array.from({ length: count }, () => gap);

describe('typing speed', () => {
  test.each<[string, readonly KeyTime[], readonly FastRun[]]>([
    ['a device that types a line', keys(even(24, 8)), [{ keys: 25, medianMs: 8 }]],
    ['the longest run is stated once', keys(even(400, 8)), [{ keys: 25, medianMs: 8 }]],
    [
      'two lines with a pause are two',
      keys([...even(24, 8), 2_000, ...even(24, 5)]),
      [
        { keys: 25, medianMs: 8 },
        { keys: 25, medianMs: 5 },
      ],
    ],
    ['one key short of a run', keys(even(23, 8)), []],
    ['a very fast typist (150 words a minute)', keys(even(500, 80)), []],
    ['the fastest hands for a moment', keys(even(100, 50)), []],
    [
      'rolled fingers among ordinary keys',
      keys(Array.from({ length: 99 }, (_, i) => (i % 3 === 0 ? 6 : 120))),
      [],
    ],
    [
      'hesitating device: one slow key in five',
      keys(Array.from({ length: 60 }, (_, i) => (i % 5 === 0 ? 90 : 9))),
      [{ keys: 25, medianMs: 9 }],
    ],
    ['a held key', keys(even(200, 10), { repeat: true }), []],
    ['keys that come in a heap after a stall', keys(even(200, 2), { late: true }), []],
    ['keys that were queued and come at once', keys(even(200, 0.2)), []],
    [
      'a hand, then a device',
      keys([...even(50, 120), ...even(24, 8)]),
      [{ keys: 25, medianMs: 8 }],
    ],
    ['a clock that runs backwards', keys([...even(20, 8), -5, ...even(10, 8)]), []],
  ])('%s', (_, pressed, runs) => {
    expect(type(pressed)).toEqual(runs);
  });

  test('no hand is ever stated, whatever it types', () => {
    const gaps = fc.array(fc.integer({ min: 12, max: 3_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, (some) => {
        expect(type(keys(some))).toEqual([]);
      }),
    );
  });

  test('every device under 12 ms is stated within its first 25 keys', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 24, maxLength: 60 });
    fc.assert(
      fc.property(gaps, (some) => {
        expect(type(keys(some).slice(0, 25))).toHaveLength(1);
      }),
    );
  });

  test('held keys in between change nothing', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 80 });
    fc.assert(
      fc.property(gaps, fc.nat(), (some, where) => {
        const pressed = keys(some);
        const held = pressed.flatMap((key, i) =>
          i === where % pressed.length ? [key, { ...key, repeat: true }] : [key],
        );
        expect(type(held)).toEqual(type(pressed));
      }),
    );
  });

  test('what is remembered stays small', () => {
    let state = NO_TYPING;
    for (const key of keys(even(1_000, 100))) state = typeKey(state, key).state;
    expect(state.gaps.length).toBeLessThan(25);
  });
});
