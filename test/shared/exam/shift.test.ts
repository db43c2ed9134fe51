import { describe, expect, it } from 'vitest';
import { checkInOpensAt, shiftFrom, shiftStage, timeAllowed } from '#shared/exam/shift.ts';
import { MINUTE } from '#shared/kernel/time.ts';

const EIGHT = Date.UTC(2026, 1, 2, 13, 0);
const at = (minutes: number) => EIGHT + minutes * MINUTE;

it('a shift lasts an hour and a quarter', () => {
  expect(shiftFrom(EIGHT)).toEqual({ startsAt: EIGHT, endsAt: at(75) });
});

it.each([
  [undefined, at(-10)],
  [10, at(-10)],
  [30, at(-30)],
  [0, EIGHT],
])('check-in opens %s minutes before', (minutes, expected) => {
  expect(checkInOpensAt({ startsAt: EIGHT }, minutes)).toBe(expected);
});

it.each([
  [at(-10) - 1, 'too-early'],
  [at(-10), 'check-in'],
  [EIGHT - 1, 'check-in'],
  [EIGHT, 'running'],
  [at(75) - 1, 'running'],
  [at(75), 'over'],
])('stage at %i', (now, stage) => {
  expect(shiftStage(shiftFrom(EIGHT), now)).toBe(stage);
});

describe('time allowed', () => {
  it.each<readonly [string, number, number, number, number]>([
    ['on time', 60, 0, 0, 60],
    ['before the start it is what there will be', 60, 0, -10, 60],
    ['before the start, never more than the shift', 90, 0, -10, 75],
    ['15 minutes late still leaves the hour', 60, 0, 15, 60],
    ['20 minutes late loses five', 60, 0, 20, 55],
    ['extra time, on time, within the shift', 60, 15, 0, 75],
    ['extra time never goes past the shift', 60, 30, 0, 75],
    ['extra time and late', 60, 30, 10, 65],
    ['the last minute', 60, 0, 74, 1],
    ['too late', 60, 0, 75, 0],
    ['much too late', 60, 0, 500, 0],
  ])('%s', (_, duration, extra, now, expected) => {
    const allowed = timeAllowed({
      durationMs: duration * MINUTE,
      extraMs: extra * MINUTE,
      ...shiftFrom(EIGHT),
      now: at(now),
    });
    expect(allowed).toBe(expected * MINUTE);
  });
});
