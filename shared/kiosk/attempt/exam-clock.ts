import { type EpochMs, type ExamTime, toExamTime } from '#shared/kernel/time.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { Clock } from '#shared/ports/clock.port.ts';

/** Exam time of one attempt: ms since its first entry, never backwards. */
export interface ExamClock {
  now(): ExamTime;
  /** The device's wall clock at exam time `t`, for countdowns on screens. */
  deviceWallAt(t: ExamTime): EpochMs;
  /** Goes on `ms` later: the machine slept and its monotonic clock with it. */
  skip(ms: number): void;
}

/** Where an attempt's ledger ends: the clock goes on from there. null for a new attempt. */
export interface LastMoment {
  readonly t: ExamTime;
  readonly wall: EpochMs;
}

/**
 * @param last the last entry's times; exam time goes on from its `t` by the wall time that passed
 * since (on the server's clock as far as known), never by less than 0.
 */
export const createExamClock = (
  clock: Clock,
  server: ServerClock,
  last: LastMoment | null,
): ExamClock => {
  const start = last === null ? 0 : last.t + Math.max(0, server.now() - last.wall);
  let base = start - clock.monotonicMs();
  // A wall clock that jumped by ages must not make a time that no ledger takes.
  const now = () => toExamTime(Math.floor(clock.monotonicMs() + base));
  return {
    now,
    deviceWallAt: (t) => Math.max(0, Math.round(clock.wallMs() + (t - now()))),
    skip: (ms) => {
      base += Math.max(0, ms);
    },
  };
};
