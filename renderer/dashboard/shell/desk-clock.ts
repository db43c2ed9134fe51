import type { EpochMs } from '#shared/kernel/time.ts';

/** Samples this far apart mean that one of the two clocks was moved, ms. */
const JUMP_MS = 2_000;

/** The server's clock as this page knows it. Ticks once a second, so that what counts down moves together. */
export interface ServerClock {
  /** The server's time now. */
  now(): EpochMs;
  /** The server's time at the last tick: stable between ticks, for what is drawn. */
  lastTick(): EpochMs;
  /** Takes a time that the server just sent. */
  hear(serverTime: EpochMs): void;
  subscribe(listener: () => void): () => void;
}

/**
 * Follows the server's clock over a monotonic one, so that setting the computer's clock changes nothing.
 * The least delayed message shows the highest offset; that one is kept.
 * @param monotonic milliseconds that never run backwards.
 * @param fallback the device's wall clock, until the server has said something.
 */
export const createServerClock = (
  monotonic: () => number = () => performance.now(),
  fallback: () => EpochMs = () => Date.now(),
): ServerClock => {
  let offset = fallback() - monotonic();
  let heard = false;
  let tick = Math.round(monotonic() + offset);
  let timer: ReturnType<typeof setTimeout> | null = null;
  const listeners = new Set<() => void>();

  const now = (): EpochMs => Math.round(monotonic() + offset);
  const run = (): void => {
    tick = now();
    for (const listener of listeners) listener();
    // Wakes just after the server's full second, so that the clock on screen changes with it.
    timer = setTimeout(run, 1_005 - (now() % 1_000));
  };

  return {
    now,
    lastTick: () => tick,
    hear: (serverTime) => {
      const sample = serverTime - monotonic();
      const moved = !heard || Math.abs(sample - offset) > JUMP_MS;
      offset = moved ? sample : Math.max(offset, sample);
      if (moved) tick = now();
      heard = true;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      if (timer === null) run();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === null) return;
        clearTimeout(timer);
        timer = null;
      };
    },
  };
};
