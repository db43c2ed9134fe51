import { MINUTE } from '#shared/kernel/time.ts';
import { ProblemError } from './http-problems.ts';
import { problem } from './problems.ts';

/** Keys that are remembered; the oldest go first. */
const REMEMBERED = 20_000;

/**
 * Counts tries that were wrong, so that a whole room behind one address may be right at once. A minute begins with the
 * first wrong one.
 */
export interface WrongTries {
  /** @throws ProblemError `rate-limited` when there were too many in this minute. */
  check(key: string): void;
  /** Counts one: before it is known, where finding out costs something, or after it. */
  add(key: string): void;
  /** It was right. */
  takeBack(key: string): void;
}

/** @param max in a minute. @param nowMs a steady clock. */
export const wrongTries = (max: number, nowMs: () => number): WrongTries => {
  const tries = new Map<string, { count: number; readonly since: number }>();

  const of = (key: string) => {
    const known = tries.get(key);
    if (known !== undefined && nowMs() - known.since < MINUTE) return known;
    const fresh = { count: 0, since: nowMs() };
    tries.delete(key);
    tries.set(key, fresh);
    for (const oldest of tries.keys()) {
      if (tries.size <= REMEMBERED) break;
      tries.delete(oldest);
    }
    return fresh;
  };

  return {
    check: (key) => {
      const known = tries.get(key);
      const age = known === undefined ? MINUTE : nowMs() - known.since;
      if (known === undefined || age >= MINUTE || known.count < max) return;
      throw new ProblemError(problem('rate-limited', undefined, Math.ceil(MINUTE - age)));
    },
    add: (key) => {
      of(key).count += 1;
    },
    takeBack: (key) => {
      const known = of(key);
      known.count = Math.max(0, known.count - 1);
    },
  };
};
