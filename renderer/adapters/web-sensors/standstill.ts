/** The two clocks of a page, ms. */
export interface PageClocks {
  /** Monotonic; stands still while some systems sleep. */
  now(): number;
  wall(): number;
}

/** A running page misses no beat for so long: browsers let hidden ones have a timer a second at the least, ms. */
const STOPPED_MS = 5_000;
/** After some minutes out of sight browsers let a page have a timer a minute only, ms. */
const THROTTLED_AFTER_MS = 240_000;
const THROTTLED_MS = 90_000;
/** The wall clock ran on alone, which is what a sleep looks like where the monotonic clock stood still, ms. */
const AHEAD_MS = 2_000;

/** Notices that the whole page stood still: the machine slept, or was too busy to run it. */
export interface Standstill {
  /**
   * To be asked twice a second, and before anything is judged by time.
   * @returns for how long the page has stood still since last asked, ms; else 0.
   */
  beat(): number;
}

/**
 * A page is told of no sleep. What shows it is a pause that no running page could have had, by either clock: while the
 * machine sleeps one of them, or both, go on without the page's timers. A clock that is set looks the same and is told
 * apart by nobody here, so what follows from it is for people, and never an act of anybody.
 * @param hidden whether the page is out of sight now.
 */
export const createStandstill = (clocks: PageClocks, hidden: () => boolean): Standstill => {
  let atMs = clocks.now();
  let aheadMs = clocks.wall() - atMs;
  let hiddenSinceMs: number | null = null;
  return {
    beat: () => {
      const now = clocks.now();
      const pauseMs = now - atMs;
      const ranMs = clocks.wall() - now - aheadMs;
      const longHidden = hiddenSinceMs !== null && atMs - hiddenSinceMs > THROTTLED_AFTER_MS;
      atMs = now;
      aheadMs += ranMs;
      hiddenSinceMs = hidden() ? (hiddenSinceMs ?? now) : null;
      const stopped = pauseMs > (longHidden ? THROTTLED_MS : STOPPED_MS);
      const slept = ranMs > AHEAD_MS;
      return Math.round((stopped ? pauseMs : 0) + (slept ? ranMs : 0));
    },
  };
};

/** The clocks of this page. */
export const PAGE_CLOCKS: PageClocks = {
  now: () => performance.now(),
  wall: () => Date.now(),
};
