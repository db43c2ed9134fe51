import { ProblemError } from '#server/platform/http-problems.ts';
import type { ServerClock } from '#server/platform/ports.ts';
import { problem } from '#server/platform/problems.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';

/** Wrong passwords of one account that slow nothing down: anybody mistypes. */
const FREE = 5;
/** The first pause, ms; each further wrong password doubles it. */
const FIRST_MS = 50;
/** A person who knows the password waits no longer than this, ms. */
const LONGEST_MS = 5 * SECOND;
/** One wrong password is forgotten after this, ms. */
const FORGET_MS = MINUTE / 2;
/** Tries of one account that may wait at once; of places where it signed in before, and of all others, each. */
const WAITING = 8;
/** Accounts that are remembered; the oldest go first. Most names that are tried are no accounts. */
const REMEMBERED = 10_000;

/**
 * Slows down guessing at one account from wherever it comes, and locks nobody out: whoever has the right password gets
 * in after a pause, at once from a place where it signed in before and nobody guesses.
 */
export interface SignInPace {
  /**
   * Makes one try, after as long as the account asks for. One that throws is not known, and changes nothing.
   * @param attempt ok where the password was right.
   * @throws ProblemError `rate-limited` when too many wait already: nothing was tried, so nobody was wrong.
   */
  paced<R extends { readonly ok: boolean }>(
    account: string,
    place: string,
    attempt: () => Promise<R>,
  ): Promise<R>;
}

interface Account {
  wrong: number;
  at: number;
  readonly places: Set<string>;
  readonly waiting: Map<boolean, number>;
}

export const signInPace = (clock: Pick<ServerClock, 'steady' | 'sleep'>): SignInPace => {
  const accounts = new Map<string, Account>();

  const of = (name: string): Account => {
    const known = accounts.get(name) ?? {
      wrong: 0,
      at: clock.steady(),
      places: new Set(),
      waiting: new Map(),
    };
    accounts.delete(name);
    accounts.set(name, known);
    for (const oldest of accounts.keys()) {
      if (accounts.size <= REMEMBERED) break;
      accounts.delete(oldest);
    }
    const forgotten = Math.floor((clock.steady() - known.at) / FORGET_MS);
    known.wrong = Math.max(0, known.wrong - forgotten);
    known.at += forgotten * FORGET_MS;
    return known;
  };

  const turn = async (name: string, place: string): Promise<void> => {
    const account = of(name);
    const over = account.wrong - FREE;
    if (over < 0) return;
    const known = account.places.has(place);
    const others = account.waiting.get(known) ?? 0;
    if (others >= WAITING) throw new ProblemError(problem('rate-limited', undefined, SECOND));
    account.waiting.set(known, others + 1);
    await clock.sleep(Math.min(LONGEST_MS, FIRST_MS * 2 ** over));
    account.waiting.set(known, (account.waiting.get(known) ?? 1) - 1);
  };

  return {
    paced: async (name, place, attempt) => {
      await turn(name, place);
      const outcome = await attempt();
      const account = of(name);
      if (outcome.ok) account.places.add(place);
      else account.wrong += 1;
      return outcome;
    },
  };
};
