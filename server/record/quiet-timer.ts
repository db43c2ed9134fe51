/** What waits until nobody new came for so long: a server that was restarted has its whole university at the door, ms. */
const QUIET_MS = 2_000;
/** And at the latest this long after the first came, ms. */
const LATEST_MS = 60_000;
/** A timer that is later than this was held up by work: who came meanwhile was not heard yet, ms. */
const HELD_UP_MS = 200;

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
  const wait = (): void => {
    const now = performance.now();
    const due = now + Math.max(0, Math.min(QUIET_MS, since + LATEST_MS - now));
    timer = setTimeout(() => {
      timer = null;
      const at = performance.now();
      if (at - due > HELD_UP_MS && at < since + LATEST_MS) wait();
      else run();
    }, due - now).unref();
  };
  return {
    touch: () => {
      if (timer === null) since = performance.now();
      clear();
      wait();
    },
    clear,
  };
};
