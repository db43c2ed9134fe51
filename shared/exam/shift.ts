import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';

// The only home of the rules of shifts: how long one lasts, when one may sign in and begin, when time is over.

/** Art. 5b: every shift lasts an hour and a quarter. */
export const SHIFT_MINUTES = 75;
/** Art. 18: the examinee is ready ten minutes before; check-in opens then unless configured earlier. */
const CHECK_IN_MINUTES = 10;

/** When a shift is, on the server's clock. `endsAt` is after `startsAt`. */
export interface Shift {
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
}

/** The shift that begins at `startsAt` (Art. 5b). */
export const shiftFrom = (startsAt: EpochMs): Shift => ({
  startsAt,
  endsAt: startsAt + SHIFT_MINUTES * MINUTE,
});

/**
 * When the examinees of a shift may sign in.
 * @param openMinutes minutes before the start, 0 or more.
 */
export const checkInOpensAt = (
  shift: Pick<Shift, 'startsAt'>,
  openMinutes: number = CHECK_IN_MINUTES,
): EpochMs => Math.max(0, shift.startsAt - openMinutes * MINUTE);

/** Where a moment lies: check-in and exam end with the shift. */
export type ShiftStage = 'too-early' | 'check-in' | 'running' | 'over';

/** @param openMinutes as in `checkInOpensAt`. */
export const shiftStage = (
  shift: Shift,
  now: EpochMs,
  openMinutes: number = CHECK_IN_MINUTES,
): ShiftStage => {
  if (now >= shift.endsAt) return 'over';
  if (now >= shift.startsAt) return 'running';
  return now >= checkInOpensAt(shift, openMinutes) ? 'check-in' : 'too-early';
};

/** How long until the exam may begin, ms; 0 or less once it may (Art. 9: nobody reads a question before). */
export const msUntilStart = (shift: Pick<Shift, 'startsAt'>, now: EpochMs): number =>
  shift.startsAt - now;

/**
 * When an examinee's time is over: after the own duration, extra time included (Art. 55, 63), and what the exam stood
 * still, but never past the end of the shift. Coming late takes time away and never adds any (Art. 12b, 18).
 * All of one clock, whichever: ms.
 */
export const timeEndsAt = (exam: {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly stoppedMs: number;
  readonly shiftEndsAt: number;
}): number => Math.min(exam.startedAt + exam.durationMs + exam.stoppedMs, exam.shiftEndsAt);

/** A room is prepared this long before the start, and cleared this long after the end. */
const PREPARE_MINUTES = 30;
const CLEAR_MINUTES = 15;

/** Whether staff are busy with the shift in its room. */
export const roomTime = (shift: Shift, now: EpochMs): 'later' | 'now' | 'over' => {
  if (now < shift.startsAt - PREPARE_MINUTES * MINUTE) return 'later';
  return now < shift.endsAt + CLEAR_MINUTES * MINUTE ? 'now' : 'over';
};
