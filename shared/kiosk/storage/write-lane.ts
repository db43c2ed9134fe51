import { backoffMs } from '#shared/kiosk/courier/retry.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';

/** Nobody waits longer for a write, ms. */
const HOLD_MS = 1_000;
/** A write that has not been answered by then is one that failed, ms; it may still come through. */
export const PATIENCE_MS = 3_000;

/** Thrown by a write that no later try can mend: it is taken out of the lane. */
export class FinalWriteError extends Error {
  override readonly name: string = 'FinalWriteError';
}

/** What a lane was asked to write. */
export interface Write<T> {
  readonly what: T;
  run(): Promise<void>;
}

/**
 * Writes one after the other, in the order in which they were asked for. One that fails stays at the head, is tried
 * again until it works, and meanwhile nobody waits: what is asked for is held in memory.
 */
export interface WriteLane<T> {
  /**
   * @returns when it is stored, or when it is known that it has to be held.
   * @throws {FinalWriteError} when no later try can mend it.
   */
  write(write: Write<T>): Promise<void>;
  /** What is not stored yet, in order. */
  waiting(): readonly T[];
  /** Takes out what need not be written any more. One that is under way may still be. */
  drop(unwanted: (what: T) => boolean): void;
  failing(): boolean;
  stop(): void;
}

interface Job<T> extends Write<T> {
  readonly release: () => void;
  readonly refuse: (failure: unknown) => void;
}

const NOT_YET = Symbol('not-yet');

export interface LaneOptions<T> {
  readonly scheduler: Scheduler;
  /** Whether it fails has changed, or what waits while it does. */
  readonly onChange: () => void;
  /** Runs after a failure before the next try: the storage may have come back without what it had. */
  readonly mend: () => Promise<void>;
  /** Somebody was told that this is held, and now no try can mend it. */
  readonly onLost: (what: T, failure: FinalWriteError) => void;
}

export const createWriteLane = <T>(options: LaneOptions<T>): WriteLane<T> => {
  const { scheduler, onChange, mend } = options;
  let jobs: readonly Job<T>[] = [];
  let failures = 0;
  let failing = false;
  /** The one at the head takes its time: nobody waits behind it. */
  let slow = false;
  let busy = false;
  let stopped = false;
  let wake = (): void => undefined;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = scheduler.after(ms, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });

  const hold = (): void => {
    for (const job of jobs) job.release();
  };

  const within = async <V>(run: Promise<V>, ms: number): Promise<V | typeof NOT_YET> => {
    let cancel = (): void => undefined;
    const late = new Promise<typeof NOT_YET>((resolve) => {
      cancel = scheduler.after(ms, () => resolve(NOT_YET));
    });
    const outcome = await Promise.race([run, late]);
    cancel();
    return outcome;
  };

  const setFailing = (now: boolean): void => {
    if (now) hold();
    if (failing === now && !now) return;
    failing = now;
    onChange();
  };

  /** @returns null when it is stored, else why not. */
  const tryOnce = async (job: Job<T>): Promise<unknown> => {
    const run = (failures === 0 ? job.run() : mend().then(job.run)).then(
      () => null,
      (failure: unknown) => failure ?? new Error('refused'),
    );
    const soon = await within(run, HOLD_MS);
    if (soon !== NOT_YET) return soon;
    slow = true;
    hold();
    const late = await within(run, PATIENCE_MS - HOLD_MS);
    if (late !== NOT_YET) return late;
    setFailing(true);
    // It may only be slow. A new try beside it would be the same write twice.
    return Promise.race([run, sleep(backoffMs(failures + 1)).then(() => new Error('no answer'))]);
  };

  const settle = (job: Job<T>, failure: unknown): void => {
    jobs = jobs.filter((one) => one !== job);
    failures = 0;
    if (failure === null) job.release();
    else {
      job.refuse(failure);
      options.onLost(job.what, failure as FinalWriteError);
    }
    if (failing && jobs.length > 0) onChange();
  };

  const pump = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let job = jobs[0]; job !== undefined && !stopped; job = jobs[0]) {
      const failure = await tryOnce(job);
      slow = false;
      if (stopped) break;
      if (failure === null || failure instanceof FinalWriteError) {
        settle(job, failure);
        continue;
      }
      failures += 1;
      // A connection that was closed is opened again by the next try: only then it is a failure.
      if (failures === 1) continue;
      setFailing(true);
      await sleep(backoffMs(failures - 1));
    }
    busy = false;
    if (stopped) return;
    // What waited may have been dropped.
    failures = 0;
    setFailing(false);
  };

  return {
    write: ({ what, run }) =>
      new Promise((resolve, reject) => {
        jobs = [...jobs, { what, run, release: resolve, refuse: reject }];
        if (failing) setFailing(true);
        else if (slow) hold();
        void pump();
      }),
    waiting: () => jobs.map(({ what }) => what),
    drop: (unwanted) => {
      const rest = jobs.filter(({ what }) => !unwanted(what));
      for (const job of jobs) if (unwanted(job.what)) job.release();
      jobs = rest;
    },
    failing: () => failing,
    stop: () => {
      stopped = true;
      wake();
    },
  };
};
