import { MINUTE } from '#shared/kernel/time.ts';
import { ProblemError } from './http-problems.ts';
import { problem } from './problems.ts';

/** Keys that are remembered; the oldest go first. */
const REMEMBERED = 20_000;
/** Of one key at most so many wait: a building's machines, all at once. */
const WAITING = 1_000;
/**
 * Of what one key may be wrong, so much at most is counted for one name: whoever guesses at a few people (which their own
 * pace slows down) uses up nothing of what everybody else has behind that address.
 */
const OF_ONE_NAME = 0.1;
/** Once all is used up, so much more in a minute, evenly, one at a time: nobody is kept out for as long as somebody guesses. */
const RESERVE = 0.1;

/**
 * Counts tries that were wrong, so that a whole room behind one address may be right at once. A minute begins with the
 * first one that is not known to be right.
 */
export interface WrongTries {
  /**
   * Makes one try. Looking whether it may be made and counting it are one step: only so many are under way at once as may still
   * turn out wrong, and who comes beyond waits until one of them is known. One that throws (nothing was tried: storage, another
   * limit) is not known, is not counted, and gives back what it took of the reserve.
   * @param attempt ok where it was right.
   * @param name whom or what it tries at; those that were wrong in this minute have no part in the reserve.
   * @throws ProblemError `rate-limited` when too many were wrong in this minute, or too many wait; it says when the next may be.
   */
  judged<R extends { readonly ok: boolean }>(
    key: string,
    attempt: () => Promise<R>,
    name?: string,
  ): Promise<R>;
}

/** Where a try is counted: its minute, and whether it is one of the reserve. */
interface Place {
  readonly minute: Tried;
  readonly reserved: boolean;
}

/** Of one key: those known to be wrong, those under way, and who waits for them. */
interface Tried {
  wrong: number;
  open: number;
  readonly since: number;
  waiting: (() => void)[];
  /** How often each name was wrong. */
  readonly names: Map<string, number>;
  /** When the next of the reserve may be; from when all is used up on. */
  nextAt: number;
}

/** Lets so many go on who wait, those that came first. */
const wake = ({ waiting }: Tried, count: number): void => {
  for (const go of waiting.splice(0, count)) go();
};

/** @param max in a minute. @param nowMs a steady clock. */
export const wrongTries = (max: number, nowMs: () => number): WrongTries => {
  const tries = new Map<string, Tried>();
  const most = Math.ceil(max * OF_ONE_NAME);
  const everyMs = MINUTE / Math.ceil(max * RESERVE);

  const of = (key: string): Tried => {
    const known = tries.get(key);
    if (known !== undefined && nowMs() - known.since < MINUTE) return known;
    // Its minute is over: whoever waits in it waits for the next one's places from now on.
    if (known !== undefined) wake(known, WAITING);
    const fresh: Tried = {
      wrong: 0,
      open: 0,
      since: nowMs(),
      waiting: [],
      names: new Map(),
      nextAt: Number.POSITIVE_INFINITY,
    };
    tries.delete(key);
    tries.set(key, fresh);
    for (const oldest of tries.keys()) {
      if (tries.size <= REMEMBERED) break;
      tries.delete(oldest);
    }
    return fresh;
  };

  /** @returns where it is counted from now on. */
  const enter = async (key: string, name: string | undefined): Promise<Place> => {
    for (;;) {
      const minute = of(key);
      if (minute.wrong + minute.open < max) {
        minute.open += 1;
        return { minute, reserved: false };
      }
      const wrongBefore = name !== undefined && minute.names.has(name);
      if (minute.wrong >= max && nowMs() >= minute.nextAt && !wrongBefore) {
        minute.nextAt = nowMs() + everyMs;
        minute.open += 1;
        return { minute, reserved: true };
      }
      if (minute.wrong >= max || minute.waiting.length >= WAITING) {
        const next = wrongBefore ? Number.POSITIVE_INFINITY : minute.nextAt;
        const leftMs = Math.max(1, Math.min(minute.since + MINUTE, next) - nowMs());
        throw new ProblemError(problem('rate-limited', undefined, Math.ceil(leftMs)));
      }
      await new Promise<void>((resolve) => minute.waiting.push(resolve));
    }
  };

  /** @returns whether it counts for the key: not where that name was wrong often enough already. */
  const counts = ({ names }: Tried, name: string | undefined): boolean => {
    if (name === undefined) return true;
    const before = names.get(name) ?? 0;
    names.set(name, before + 1);
    return before < most;
  };

  /** @param right null when nobody knows. */
  const leave = (
    key: string,
    { minute, reserved }: Place,
    name: string | undefined,
    right: boolean | null,
  ): void => {
    minute.open -= 1;
    if (right === false && counts(minute, name)) minute.wrong += 1;
    const nextAt = nowMs() + (reserved && right === null ? 0 : everyMs);
    if (minute.wrong >= max) minute.nextAt = Math.min(minute.nextAt, nextAt);
    // Nobody has to wait any more where nothing is under way or nothing more may be; else as many as there are places.
    const all = minute.open === 0 || minute.wrong >= max;
    wake(minute, all ? WAITING : max - minute.wrong - minute.open);
    if (minute.wrong + minute.open === 0 && tries.get(key) === minute) tries.delete(key);
  };

  return {
    judged: async (key, attempt, name) => {
      const place = await enter(key, name);
      let right: boolean | null = null;
      try {
        const outcome = await attempt();
        right = outcome.ok;
        return outcome;
      } finally {
        leave(key, place, name, right);
      }
    },
  };
};
