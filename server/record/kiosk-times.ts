import type { DeviceId } from '#shared/kernel/ids.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';

/** What a device said of its clock says something for so long, ms. */
const HEARD_MS = 24 * 60 * MINUTE;
/** More devices than a venue has: whoever was heard first is forgotten first. */
const MOST = 10_000;

/** What time it is by the kiosks' own clocks, which nobody sets together with the server's. */
export interface KioskTimes {
  /** @param at the device's own clock, as its heartbeat says it. */
  hear(deviceId: DeviceId, at: EpochMs): void;
  /** The one in the middle, and of how many devices that were heard within a day; null when there is none. */
  now(): { readonly at: EpochMs; readonly devices: number } | null;
}

/** @param steady a clock that is never set, ms. */
export const kioskTimes = (steady: () => number): KioskTimes => {
  const heard = new Map<DeviceId, { readonly at: EpochMs; readonly steady: number }>();
  return {
    hear: (deviceId, at) => {
      heard.delete(deviceId);
      heard.set(deviceId, { at, steady: steady() });
      const [oldest] = heard.keys();
      if (heard.size > MOST && oldest !== undefined) heard.delete(oldest);
    },
    now: () => {
      const now = steady();
      const times = [...heard.values()]
        .filter((one) => now - one.steady < HEARD_MS)
        .map((one) => one.at + now - one.steady)
        .sort((a, b) => a - b);
      // Of two the earlier one: they would have to agree.
      const at = times[Math.floor((times.length - 1) / 2)];
      return at === undefined ? null : { at, devices: times.length };
    },
  };
};
