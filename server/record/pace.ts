import type { LiveAttempt } from './live-attempt.ts';

/** What one attempt may send for long, bytes per second: two hundred times what a busy kiosk writes. */
const BYTES_PER_SECOND = 128 * 1024;
/** And at once: a whole exam that was taken without a network. */
const BURST_BYTES = 2 * 1024 * 1024;

/** How fast one attempt may deliver, by all its connections together. Whoever is faster waits; nothing is lost. */
export interface AttemptPace {
  /** Takes a message in. @returns how long it has to wait before it is handled, ms. */
  take(attempt: LiveAttempt, bytes: number): number;
  /** How long the attempt has to wait before it may send again, ms; 0 when it may now. */
  waitMs(attempt: LiveAttempt): number;
}

/** @param now a monotonic clock, ms. */
export const attemptPace = (now: () => number): AttemptPace => {
  /** What may still come at once; below zero it has to wait. Leaves memory with its attempt. */
  const levels = new WeakMap<LiveAttempt, { level: number; at: number }>();

  const levelOf = (attempt: LiveAttempt): { level: number; at: number } => {
    const at = now();
    const known = levels.get(attempt);
    const bucket = known ?? { level: BURST_BYTES, at };
    if (known === undefined) levels.set(attempt, bucket);
    bucket.level = Math.min(
      BURST_BYTES,
      bucket.level + ((at - bucket.at) * BYTES_PER_SECOND) / 1_000,
    );
    bucket.at = at;
    return bucket;
  };
  const waitOf = (level: number): number =>
    level >= 0 ? 0 : Math.ceil((-level * 1_000) / BYTES_PER_SECOND);

  return {
    take: (attempt, bytes) => {
      const bucket = levelOf(attempt);
      bucket.level -= bytes;
      return waitOf(bucket.level);
    },
    waitMs: (attempt) => waitOf(levelOf(attempt).level),
  };
};
