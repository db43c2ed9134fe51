import { describe, expect, it } from 'vitest';
import {
  checkInOpensAt,
  msUntilStart,
  roomTime,
  shiftFrom,
  shiftStage,
  timeEndsAt,
} from '#shared/exam/shift.ts';
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

it('the exam may begin with the shift and not before', () => {
  expect(msUntilStart(shiftFrom(EIGHT), at(-3))).toBe(3 * MINUTE);
  expect(msUntilStart(shiftFrom(EIGHT), EIGHT)).toBe(0);
});

describe('when time is over', () => {
  it.each<readonly [string, number, number, number, number]>([
    ['on time', 60, 0, 0, 60],
    ['on time, never more than the shift', 90, 0, 0, 75],
    ['15 minutes late still leaves the hour', 60, 0, 15, 75],
    ['20 minutes late ends with the shift', 60, 0, 20, 75],
    ['what it stood still is added', 60, 10, 0, 70],
    ['but never goes past the shift', 60, 30, 0, 75],
    ['late, and stopped', 50, 10, 10, 70],
    ['the last minute', 60, 0, 74, 75],
  ])('%s', (_, duration, stopped, startedAt, expected) => {
    const end = timeEndsAt({
      startedAt: at(startedAt),
      durationMs: duration * MINUTE,
      stoppedMs: stopped * MINUTE,
      shiftEndsAt: shiftFrom(EIGHT).endsAt,
    });
    expect(end).toBe(at(expected));
  });
});

it.each([
  [at(-30) - 1, 'later'],
  [at(-30), 'now'],
  [at(90) - 1, 'now'],
  [at(90), 'over'],
])('in the room at %i', (now, time) => {
  expect(roomTime(shiftFrom(EIGHT), now)).toBe(time);
});
