import type { Registration } from '#server/record/registry-ports.ts';
import { type LateArrival, lateArrival } from '#shared/exam/shift.ts';
import { dayIn } from '#shared/exam/venue-time.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { PlanStore } from './plan-ports.ts';

/**
 * What is left to somebody who signs in late, and when the whole time could still be had (Art. 18, S4).
 * @param durationMs the examinee's own time.
 * @param at when they signed in first.
 * @returns null for who is in time.
 */
export const lateness = async (
  plan: Pick<PlanStore, 'shifts'>,
  { exam, room, shift }: Registration,
  durationMs: number,
  at: EpochMs,
): Promise<LateArrival | null> => {
  // Most come on time, and need no look at the rest of the day.
  if (lateArrival(shift, at, durationMs, []) === null) return null;
  const { from, to } = dayIn(room.timeZone, at);
  return lateArrival(shift, at, durationMs, await plan.shifts(exam.id, room.venueId, from, to));
};
