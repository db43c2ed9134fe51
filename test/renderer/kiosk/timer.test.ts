import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { announcementBetween, timeLeft, timerState } from '#renderer/kiosk/timer.ts';
import { formatSpan } from '#renderer/ui/time-format.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';

describe('time left', () => {
  test.each([
    ['runs', { endsAt: 10_000, frozenRemainingMs: null }, 4_000, 6_000],
    ['is never negative', { endsAt: 10_000, frozenRemainingMs: null }, 12_000, 0],
    ['stands still', { endsAt: null, frozenRemainingMs: 77 }, 99_000, 77],
    ['is unknown before the start', { endsAt: null, frozenRemainingMs: null }, 1, null],
  ])('%s', (_, view, now, left) => {
    expect(timeLeft(view, now)).toBe(left);
  });
});

test.each([
  [16 * MINUTE, true, 'normal'],
  [15 * MINUTE, true, 'last15'],
  [5 * MINUTE, true, 'last5'],
  [MINUTE, true, 'last1'],
  [0, true, 'over'],
  [3 * MINUTE, false, 'stopped'],
] as const)('%i ms left, running %s: %s', (left, running, state) => {
  expect(timerState(left, running)).toBe(state);
});

describe('announcements', () => {
  test.each([
    [15 * MINUTE + 1, 15 * MINUTE, 15],
    [5 * MINUTE + SECOND, 5 * MINUTE - SECOND, 5],
    [MINUTE + 1, MINUTE, 1],
    [14 * MINUTE, 13 * MINUTE, null],
    // The machine slept over two marks: only what is true now is said.
    [20 * MINUTE, 4 * MINUTE, 5],
    [20 * MINUTE, 0, null],
    // Time that was given back says nothing.
    [4 * MINUTE, 14 * MINUTE, null],
  ])('from %i to %i ms', (before, now, minute) => {
    expect(announcementBetween(before, now)).toBe(minute);
  });

  test('each mark is said exactly once however the ticks fall', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 400 }), (steps) => {
        let left = 20 * MINUTE;
        const said: number[] = [];
        for (const step of steps) {
          const next = Math.max(1, left - step);
          const minute = announcementBetween(left, next);
          if (minute !== null) said.push(minute);
          left = next;
        }
        expect(said).toEqual([15, 5, 1].filter((minute) => left <= minute * MINUTE));
      }),
    );
  });
});

test.each([
  [0, '00:00'],
  [1, '00:01'],
  [59 * SECOND, '00:59'],
  [61 * SECOND, '01:01'],
  [75 * MINUTE, '1:15:00'],
  [-5, '00:00'],
])('%i ms reads %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});
