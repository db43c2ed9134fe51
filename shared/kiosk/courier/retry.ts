import type { Random, Scheduler } from '#shared/ports/clock.port.ts';

/** Thrown inside a turn of an engine that was stopped; nothing was stored. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** How long something may go on: waits end early when it is over. */
export interface Lifetime {
  over(): boolean;
  end(): void;
  /** Resolves after `ms`, or at once when it is over. */
  sleep(ms: number): Promise<void>;
}

export const createLifetime = (scheduler: Scheduler): Lifetime => {
  const waking = new Set<() => void>();
  let over = false;
  return {
    over: () => over,
    end: () => {
      over = true;
      for (const wake of [...waking]) wake();
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        if (over) return resolve();
        const wake = () => {
          cancel();
          waking.delete(wake);
          resolve();
        };
        const cancel = scheduler.after(ms, wake);
        waking.add(wake);
      }),
  };
};

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** The wait before try number `failures` + 1, ms: 0.5, 1, 2, 4, 8, then always 15 s. */
export const backoffMs = (failures: number): number =>
  failures >= 6 ? LONGEST_MS : FIRST_MS * 2 ** Math.max(0, failures - 1);

/**
 * A wait drawn between 0.3 and 1 of `ms`, so that thousands who lost the same server do not come back in one moment.
 * @param random its identifiers are the only chance that the engine has.
 */
export const spread = (random: Random, ms: number): number => {
  const digits = random.uuid().replaceAll(/[^0-9a-f]/gi, '');
  const part = digits.length < 8 ? 0.5 : Number.parseInt(digits.slice(0, 8), 16) / 0xffffffff;
  return Math.round(ms * (0.3 + 0.7 * part));
};

/**
 * Tries until it works, with `backoffMs` between tries.
 * @param told hears each failure, and `null` when it worked after a failure.
 * @throws {StoppedError} when the lifetime is over, or when `task` throws one.
 */
export const untilDone = async <T>(
  lifetime: Lifetime,
  task: () => Promise<T>,
  told: (failure: unknown) => void,
): Promise<T> => {
  for (let failures = 0; ; ) {
    if (lifetime.over()) throw new StoppedError();
    try {
      const value = await task();
      if (failures > 0) told(null);
      return value;
    } catch (failure) {
      if (failure instanceof StoppedError) throw failure;
      failures += 1;
      told(failure);
      await lifetime.sleep(backoffMs(failures));
    }
  }
};
