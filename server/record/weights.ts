import type { LiveAttempt } from './live-attempt.ts';
import type { EntryLog } from './ports.ts';

/** How many bytes are stored of each attempt: asked for once while it is in memory, and counted from then on. */
export interface Weights {
  of(attempt: LiveAttempt): number | Promise<number>;
  /** What is stored now. */
  set(attempt: LiveAttempt, bytes: number): void;
}

export const weights = (log: Pick<EntryLog, 'weight'>): Weights => {
  const known = new WeakMap<LiveAttempt, number>();
  return {
    of: (attempt) =>
      known.get(attempt) ??
      (attempt.state.seq === 0 ? 0 : log.weight(attempt.registration.attemptId)),
    set: (attempt, bytes) => {
      known.set(attempt, bytes);
    },
  };
};
