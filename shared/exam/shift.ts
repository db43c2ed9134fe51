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

/** What who comes late gets (Art. 18, S4). */
export interface LateArrival {
  /** The own time that is left until the shift's end, ms; 0 once it is over. */
  readonly leftMs: number;
  /** The last shift of the day that is still to come: where the whole time may be had; null when there is none. */
  readonly moveTo: Shift | null;
}

/**
 * Who comes when the own time no longer fits into the shift may be moved to the last open shift of the day. Who is late
 * for that one as well has the time that remains, and nothing else.
 * @param durationMs the examinee's own time, extra time included.
 * @param ofToday the open shifts of the exam on that day, in any order; the examinee's own may be among them.
 * @returns null when the whole time is still to be had, a check-in before the start included.
 */
export const lateArrival = (
  shift: Shift,
  now: EpochMs,
  durationMs: number,
  ofToday: readonly Shift[],
): LateArrival | null => {
  const whole = Math.min(durationMs, shift.endsAt - shift.startsAt);
  const leftMs = Math.max(0, Math.min(durationMs, shift.endsAt - now));
  if (now <= shift.startsAt || leftMs >= whole) return null;
  const last = ofToday
    .filter(({ startsAt }) => startsAt > shift.startsAt && startsAt >= now)
    .reduce<Shift | null>((a, b) => (a !== null && a.startsAt >= b.startsAt ? a : b), null);
  return { leftMs, moveTo: last };
};

/** A room is prepared this long before the start, and cleared this long after the end. */
const PREPARE_MINUTES = 30;
const CLEAR_MINUTES = 15;

/** Whether staff are busy with the shift in its room. */
export const roomTime = (shift: Shift, now: EpochMs): 'later' | 'now' | 'over' => {
  if (now < shift.startsAt - PREPARE_MINUTES * MINUTE) return 'later';
  return now < shift.endsAt + CLEAR_MINUTES * MINUTE ? 'now' : 'over';
};
