import type { Presence } from './live-attempt.ts';

/** How much may come. */
interface Rate {
  /** For long. */
  readonly bytesPerSecond: number;
  /** And at once. */
  readonly burstBytes: number;
}

/** Entries: two hundred times what a busy kiosk writes; at once a whole exam that was taken without a network. */
const ENTRIES_RATE: Rate = { bytesPerSecond: 128 * 1024, burstBytes: 2 * 1024 * 1024 };
/** Stills: some four a second for long; at once those of a whole exam without a network, and a hundred more. */
export const EVIDENCE_RATE: Rate = { bytesPerSecond: 256 * 1024, burstBytes: 16 * 1024 * 1024 };

/** How fast one attempt may deliver, by all its connections together. Whoever is faster waits; nothing is lost. */
export interface AttemptPace {
  /** Takes a message in. @returns how long it has to wait before it is handled, ms. */
  take(attempt: Presence, bytes: number): number;
  /** How long the attempt has to wait before it may send again, ms; 0 when it may now. */
  waitMs(attempt: Presence): number;
}

/** @param now a monotonic clock, ms. */
export const attemptPace = (
  now: () => number,
  { bytesPerSecond, burstBytes }: Rate = ENTRIES_RATE,
): AttemptPace => {
  /** What may still come at once; below zero it has to wait. Leaves memory with its attempt. */
  const levels = new WeakMap<Presence, { level: number; at: number }>();

  const levelOf = (attempt: Presence): { level: number; at: number } => {
    const at = now();
    const known = levels.get(attempt);
    const bucket = known ?? { level: burstBytes, at };
    if (known === undefined) levels.set(attempt, bucket);
    bucket.level = Math.min(burstBytes, bucket.level + ((at - bucket.at) * bytesPerSecond) / 1_000);
    bucket.at = at;
    return bucket;
  };
  const waitOf = (level: number): number =>
    level >= 0 ? 0 : Math.ceil((-level * 1_000) / bytesPerSecond);

  return {
    take: (attempt, bytes) => {
      const bucket = levelOf(attempt);
      bucket.level -= bytes;
      return waitOf(bucket.level);
    },
    waitMs: (attempt) => waitOf(levelOf(attempt).level),
  };
};
