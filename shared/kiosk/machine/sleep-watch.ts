import type { Clock } from '#shared/ports/clock.port.ts';

/** Below this nothing is said: heartbeats have their own delays, ms. */
const NOTICEABLE_MS = 3_000;
const AGREEMENT_MS = 5_000;

/**
 * Notices that the machine slept with its monotonic clock standing still. Two witnesses must agree:
 * the server's clock and the device's wall clock. One alone may simply have been set.
 */
export interface SleepWatch {
  /**
   * @param movedMs by how much the server's clock ran ahead of the monotonic clock since last heard.
   * @returns how long the machine slept, ms; 0 when it did not, or when the witnesses disagree.
   */
  heard(movedMs: number, roundTripMs: number): number;
}

export const createSleepWatch = (clock: Clock): SleepWatch => {
  const difference = () => clock.wallMs() - clock.monotonicMs();
  let known = difference();
  return {
    heard: (movedMs, roundTripMs) => {
      const wallMoved = difference() - known;
      known = difference();
      const noticeable = movedMs > NOTICEABLE_MS + roundTripMs;
      return noticeable && Math.abs(wallMoved - movedMs) <= AGREEMENT_MS ? Math.round(movedMs) : 0;
    },
  };
};
