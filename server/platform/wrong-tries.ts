import { MINUTE } from '#shared/kernel/time.ts';
import { ProblemError } from './http-problems.ts';
import { problem } from './problems.ts';

/** Keys that are remembered; the oldest go first. */
const REMEMBERED = 20_000;
/** Of one key at most so many wait: a building's machines, all at once. */
const WAITING = 1_000;

/**
 * Counts tries that were wrong, so that a whole room behind one address may be right at once. A minute begins with the
 * first one that is not known to be right.
 */
export interface WrongTries {
  /**
   * Makes one try. Looking whether it may be made and counting it are one step: only so many are under way at once as may still
   * turn out wrong, and who comes beyond waits until one of them is known. One that throws is not known, and not counted.
   * @param isRight of what came of it.
   * @throws ProblemError `rate-limited` when too many were wrong in this minute, or too many wait.
   */
  judged<T>(key: string, attempt: () => Promise<T>, isRight: (of: T) => boolean): Promise<T>;
}

/** Of one key: those known to be wrong, those under way, and who waits for them. */
interface Tried {
  wrong: number;
  open: number;
  readonly since: number;
  waiting: (() => void)[];
}

/** @param max in a minute. @param nowMs a steady clock. */
export const wrongTries = (max: number, nowMs: () => number): WrongTries => {
  const tries = new Map<string, Tried>();

  const of = (key: string): Tried => {
    const known = tries.get(key);
    if (known !== undefined && nowMs() - known.since < MINUTE) return known;
    const fresh: Tried = { wrong: 0, open: 0, since: nowMs(), waiting: [] };
    tries.delete(key);
    tries.set(key, fresh);
    for (const oldest of tries.keys()) {
      if (tries.size <= REMEMBERED) break;
      tries.delete(oldest);
    }
    return fresh;
  };

  /** @returns the minute that it belongs to, in which it is counted from now on. */
  const enter = async (key: string): Promise<Tried> => {
    for (;;) {
      const minute = of(key);
      if (minute.wrong + minute.open < max) {
        minute.open += 1;
        return minute;
      }
      if (minute.wrong >= max || minute.waiting.length >= WAITING) {
        const leftMs = Math.max(1, MINUTE - (nowMs() - minute.since));
        throw new ProblemError(problem('rate-limited', undefined, Math.ceil(leftMs)));
      }
      await new Promise<void>((resolve) => minute.waiting.push(resolve));
    }
  };

  const leave = (key: string, minute: Tried, wrong: boolean): void => {
    minute.open -= 1;
    if (wrong) minute.wrong += 1;
    // Nobody has to wait any more where nothing is under way or nothing more may be; a right one makes room for one.
    const all = minute.open === 0 || minute.wrong >= max;
    for (const go of minute.waiting.splice(0, all ? WAITING : wrong ? 0 : 1)) go();
    if (minute.wrong + minute.open === 0 && tries.get(key) === minute) tries.delete(key);
  };

  return {
    judged: async (key, attempt, isRight) => {
      const minute = await enter(key);
      let wrong = false;
      try {
        const outcome = await attempt();
        wrong = !isRight(outcome);
        return outcome;
      } finally {
        leave(key, minute, wrong);
      }
    },
  };
};
