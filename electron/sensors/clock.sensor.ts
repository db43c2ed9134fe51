import { type Reading, toldOf } from '#shared/incident/reading.ts';
import type { Clock } from '#shared/ports/clock.port.ts';
import type { Sensor, Signal } from '#shared/ports/sensor.port.ts';
import { polledSensor } from './polled-sensor.ts';

const EVERY_MS = 15_000;
const TIMEOUT_MS = 5_000;
/** Time services slew by milliseconds a second and step by seconds; who moves a clock moves it further, ms. */
const NOTICEABLE_MS = 60_000;

/**
 * By how much the wall clock was set between two moments, ms; 0 for less than is noticed.
 * @param sleptMs what is known of a sleep in between: some monotonic clocks stand still meanwhile.
 */
export const clockMoved = (
  before: { readonly wallMs: number; readonly monotonicMs: number },
  after: { readonly wallMs: number; readonly monotonicMs: number },
  slept: boolean,
): number => {
  const moved = after.wallMs - before.wallMs - (after.monotonicMs - before.monotonicMs);
  if (Math.abs(moved) < NOTICEABLE_MS) return 0;
  // A sleep makes the wall clock run ahead, never back.
  return slept && moved > 0 ? 0 : Math.round(moved);
};

export interface ClockSensorOptions {
  readonly clock: Clock;
  /** The system's time zone now. */
  readonly timeZone: (signal: AbortSignal) => Promise<Reading<string>>;
  /** Called with what to do when the machine wakes; returns how to stop it. */
  readonly onWake: (woke: () => void) => () => void;
}

/**
 * PEERS 15: the clock is moved or its time zone changed. Stated as `platform`, which is technical and never
 * counts: the exam's time is the monotonic clock's and the server's (`server-clock.ts`), so that moving the
 * clock gains nothing, and time services, empty CMOS batteries and dual boots do it as well. It is on record
 * because the times in other programs' logs have to be read with it. Daylight saving changes neither the
 * clock nor the zone's name; a sleep is not a move (`sleep-watch.ts` finds it by its own witnesses).
 */
export const clockSensor = ({ clock, timeZone, onWake }: ClockSensorOptions): Sensor => {
  let stated: (signal: Signal) => void = () => undefined;
  let before = { wallMs: 0, monotonicMs: 0 };
  let zone: string | null = null;
  let slept = false;
  const read = () => ({ wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
  const happened = (facts: Signal['facts']): void =>
    stated({ kind: 'platform', phase: 'happened', facts });

  const polled = polledSensor({
    id: 'clock',
    watches: ['platform'],
    everyMs: EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    open: () =>
      onWake(() => {
        slept = true;
      }),
    look: async (signal) => {
      const now = read();
      const moved = clockMoved(before, now, slept);
      before = now;
      slept = false;
      if (moved !== 0) happened({ cause: 'clock-moved', seconds: Math.round(moved / 1_000) });
      // A zone that is not told is no other zone.
      const found = toldOf(await timeZone(signal));
      if (found !== null && zone !== null && found !== zone)
        happened({ cause: 'time-zone-changed', from: zone.slice(0, 60), to: found.slice(0, 60) });
      zone = found ?? zone;
      return { findings: [] };
    },
  });
  return {
    ...polled,
    start(emit, tell) {
      stated = emit;
      before = read();
      zone = null;
      slept = false;
      polled.start(emit, tell);
    },
    stop() {
      polled.stop();
      stated = () => undefined;
    },
  };
};
