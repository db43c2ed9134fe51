/** Something to be run beside others. */
export interface Job {
  readonly name: string;
  /** How many cores it keeps busy: 1 computes all the time, 0.5 waits half of it. */
  readonly load: number;
  /** Names of the jobs that must have ended before; those that are not to be run at all are not waited for. */
  readonly after?: readonly string[];
}

/**
 * Runs jobs side by side so that the cores are busy and not crowded: the first in the list that may start and still
 * fits does. One that is larger than the machine runs when nothing else does.
 *
 * @param run starts a job and waits for its end; a rejection ends everything.
 * @param cores how much load the machine takes.
 */
export const runSideBySide = <T extends Job>(
  jobs: readonly T[],
  run: (job: T) => Promise<void>,
  cores: number,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const waiting = [...jobs];
    const running = new Set<T>();
    const mayStart = ({ load, after = [] }: T): boolean => {
      const open = [...waiting, ...running].map(({ name }) => name);
      const taken = [...running].reduce((sum, job) => sum + job.load, 0);
      return (
        !after.some((name) => open.includes(name)) && (running.size === 0 || taken + load <= cores)
      );
    };
    const startMore = (): void => {
      for (let next = waiting.find(mayStart); next !== undefined; next = waiting.find(mayStart)) {
        const job = next;
        waiting.splice(waiting.indexOf(job), 1);
        running.add(job);
        run(job).then(() => {
          running.delete(job);
          startMore();
        }, reject);
      }
      if (running.size > 0) return;
      if (waiting.length === 0) resolve();
      else
        reject(
          new Error(`these wait for each other: ${waiting.map(({ name }) => name).join(', ')}`),
        );
    };
    startMore();
  });
