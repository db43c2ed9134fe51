import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';

/** Art. 5b: every shift lasts an hour and a quarter. */
export const SHIFT_MINUTES = 75;
/** Art. 18: the examinee is ready ten minutes before; check-in opens then unless configured earlier. */
export const CHECK_IN_MINUTES = 10;

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

/**
 * How long an examinee who begins at `now` may work: the own duration with its extra time (Art. 55, 63),
 * but never past the end of the shift. Coming late takes time away and never adds any (Art. 12b, 18).
 * @param exam.durationMs the exam's duration, ms.
 * @param exam.extraMs accommodation, ms; 0 without one.
 * @returns ms; 0 when the shift is over. Before the shift it is what there will be at its start.
 */
export const timeAllowed = (
  exam: { readonly durationMs: number; readonly extraMs: number } & Shift & {
      readonly now: EpochMs;
    },
): number => {
  const begin = Math.max(exam.now, exam.startsAt);
  return Math.max(0, Math.min(exam.durationMs + exam.extraMs, exam.endsAt - begin));
};
