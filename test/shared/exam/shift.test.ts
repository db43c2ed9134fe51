import { describe, expect, it } from 'vitest';
import {
  checkInOpensAt,
  lateArrival,
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

describe('who comes late (Art. 18)', () => {
  const shift = (minutes: number) => shiftFrom(at(minutes));
  const DAY = [shift(75), shift(0), shift(300), shift(150)];
  it.each<
    readonly [
      string,
      number,
      number,
      readonly ReturnType<typeof shift>[],
      number | null,
      number | null,
    ]
  >([
    ['during the check-in', -5, 60, DAY, null, null],
    ['at the start', 0, 60, DAY, null, null],
    ['late, and the hour still fits', 15, 60, DAY, null, null],
    ['a minute too late for the hour', 16, 60, DAY, 59, 300],
    ['after the shift', 80, 60, DAY, 0, 300],
    ['whose time is the whole shift, at once', 1, 75, DAY, 74, 300],
    ['whose time is longer than any shift', 1, 90, DAY, 74, 300],
    ['whose time is longer, at the start', 0, 90, DAY, null, null],
    ['while the last one begins', 300, 60, DAY, 0, 300],
    ['when the last one has begun', 301, 60, DAY, 0, null],
    ['on a day with one shift', 30, 60, [shift(0)], 45, null],
    ['on a day whose later shifts are closed', 30, 60, [], 45, null],
    ['when only earlier ones are open', 30, 60, [shift(-300)], 45, null],
  ])('%s', (_, now, duration, today, left, moveTo) => {
    const late = lateArrival(shift(0), at(now), duration * MINUTE, today);
    expect(late?.leftMs ?? null).toBe(left === null ? null : left * MINUTE);
    expect(late?.moveTo?.startsAt ?? null).toBe(moveTo === null ? null : at(moveTo));
  });

  it('late again in the last shift, one has what remains and no other', () => {
    expect(lateArrival(shift(300), at(340), 60 * MINUTE, DAY)).toEqual({
      leftMs: 35 * MINUTE,
      moveTo: null,
    });
  });
});
