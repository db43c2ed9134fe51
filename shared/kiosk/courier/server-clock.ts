import { type EpochMs, toEpochMs } from '#shared/kernel/time.ts';
import type { Clock } from '#shared/ports/clock.port.ts';

/**
 * The device's estimate of the server's clock. It is carried by the monotonic clock, so that moving
 * the device's wall clock changes nothing while the process lives.
 */
export interface ServerClock {
  /** The server's time now; the device's own wall clock until the server was heard. */
  now(): EpochMs;
  /** Server time minus the device's wall clock, ms; null until the server was heard. */
  offsetMs(): number | null;
  /**
   * Takes in what the server said its time was, `roundTripMs` after the question.
   * @returns by how much the estimate moved, ms; more than `roundTripMs` means that the machine's
   * monotonic clock stood still (sleep) or that the server's clock was set.
   */
  hear(serverTime: EpochMs, roundTripMs: number): number;
  /** Starts from an offset remembered from before, until the server is heard again. */
  restore(offsetMs: number): void;
}

/** @param clock the device's clocks. */
export const createServerClock = (clock: Clock): ServerClock => {
  /** Server time minus monotonic time. */
  let base: number | null = null;
  /** Half the round trip of the sample in use: how far off it may be, ms. */
  let uncertaintyMs = Number.POSITIVE_INFINITY;

  return {
    now: () => {
      const estimate = Math.round(base === null ? clock.wallMs() : clock.monotonicMs() + base);
      return toEpochMs(estimate);
    },
    offsetMs: () =>
      base === null ? null : Math.round(clock.monotonicMs() + base - clock.wallMs()),
    hear: (serverTime, roundTripMs) => {
      const half = Math.max(0, roundTripMs) / 2;
      const heard = serverTime + half - clock.monotonicMs();
      const moved = base === null ? 0 : heard - base;
      // A worse sample that agrees with the one in use teaches nothing and would only add jitter.
      if (base === null || half <= uncertaintyMs || Math.abs(moved) > half + uncertaintyMs) {
        base = heard;
        uncertaintyMs = half;
        return moved;
      }
      return 0;
    },
    restore: (offsetMs) => {
      base = clock.wallMs() + offsetMs - clock.monotonicMs();
      uncertaintyMs = Number.POSITIVE_INFINITY;
    },
  };
};
