import type { ServerLog } from './server-log.ts';

/** Something that a feature does from time to time. */
export interface Job {
  readonly name: string;
  /** Pause between the beginnings of two runs, ms; a run that takes longer delays the next. */
  readonly everyMs: number;
  /** Runs once at the start too, so that a server that is stopped each evening does it as well. */
  readonly atStart?: boolean;
  readonly run: () => void | Promise<void>;
}

export interface RunningJobs {
  /** Ends all of them and waits for the runs that are under way. */
  stop(): Promise<void>;
}

/** Runs each job by itself, never twice at a time. A run that fails is logged, and the next one tries again. */
export const startJobs = (jobs: readonly Job[], log: ServerLog): RunningJobs => {
  const running = jobs.map(({ name, everyMs, atStart, run }) => {
    let last: Promise<void> = Promise.resolve();
    let busy = false;
    const once = async (): Promise<void> => {
      busy = true;
      try {
        await run();
      } catch (error) {
        log('error', 'job failed', { job: name, error });
      } finally {
        busy = false;
      }
    };
    const next = (): void => {
      if (!busy) last = once();
    };
    const timer = setInterval(next, everyMs).unref();
    if (atStart === true) next();
    return async (): Promise<void> => {
      clearInterval(timer);
      await last;
    };
  });
  return {
    stop: async () => {
      await Promise.all(running.map((end) => end()));
    },
  };
};
