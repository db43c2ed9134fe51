/** Runs asynchronous turns one after the other, in the order in which they were asked for. */
export interface TurnQueue {
  /** @returns the turn's own outcome. A turn that throws does not stop the queue. */
  turn<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when everything asked for so far has run. */
  idle(): Promise<void>;
}

export const createTurnQueue = (): TurnQueue => {
  let tail: Promise<unknown> = Promise.resolve();
  const turn = <T>(task: () => Promise<T>): Promise<T> => {
    const run = tail.then(task);
    tail = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  };
  return {
    turn,
    idle: async () => {
      await tail;
    },
  };
};
