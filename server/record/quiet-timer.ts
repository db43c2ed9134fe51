/** What waits until nobody new came for so long: a server that was restarted has its whole university at the door, ms. */
const QUIET_MS = 2_000;
/** And at the latest this long after the first came, ms. */
const LATEST_MS = 60_000;

export interface QuietTimer {
  /** Somebody came: it waits anew. */
  touch(): void;
  clear(): void;
}

/** Runs something once it has become quiet. It keeps no process alive. */
export const quietTimer = (run: () => void): QuietTimer => {
  let timer: NodeJS.Timeout | null = null;
  let since = 0;
  const clear = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    touch: () => {
      const now = performance.now();
      if (timer === null) since = now;
      clear();
      const wait = Math.max(0, Math.min(QUIET_MS, since + LATEST_MS - now));
      timer = setTimeout(() => {
        timer = null;
        run();
      }, wait).unref();
    },
    clear,
  };
};
