/** 10:07 at the demo's venue on a day in November: its first shift starts at 10:00. */
export const NOW = Date.UTC(2026, 10, 20, 15, 7);

/** A clock that stands still until a test moves it. */
export const testClock = (start = NOW) => {
  let now = start;
  let steady = 0;
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const advance = (ms: number): void => {
    now += ms;
    goOn(ms);
  };
  const goOn = (ms: number): void => {
    steady += ms;
    const over = sleepers.filter(({ until }) => until <= steady);
    sleepers = sleepers.filter(({ until }) => until > steady);
    for (const { wake } of over) wake();
  };
  return {
    now: () => now,
    steady: () => steady,
    sleep: (ms: number) => new Promise<void>((wake) => sleepers.push({ until: steady + ms, wake })),
    /** How many sleep until a test moves it. */
    sleeping: () => sleepers.length,
    /** Sets the wall clock, as an administrator or a time service does. */
    jump: (ms: number) => {
      now += ms;
    },
    set: (to: number) => {
      const passed = Math.max(0, to - now);
      now = to;
      goOn(passed);
    },
    advance,
    /** What comes of these, which may sleep: the clock moves, five seconds at once, when all that are left do. */
    through: async <T>(these: readonly Promise<T>[]): Promise<readonly T[]> => {
      let left = these.length;
      const over = (): void => {
        left -= 1;
      };
      for (const one of these) one.then(over, over);
      while (left > 0) {
        if (sleepers.length === left) advance(5_000);
        await new Promise(setImmediate);
      }
      return Promise.all(these);
    },
  };
};
