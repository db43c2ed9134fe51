import { vi } from 'vitest';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';

/** What a sensor says, collected. `words` are one line per fact. */
export const watchSensor = (sensor: Sensor) => {
  const said: Signal[] = [];
  const limits: Limits[] = [];
  let beats = 0;
  const emit = (signal: Signal): void => {
    said.push(signal);
  };
  const tell = {
    limited: (one: Limits) => {
      limits.push(one);
    },
    alive: () => {
      beats += 1;
    },
  };
  sensor.start(emit, tell);
  return {
    said,
    limits,
    beats: () => beats,
    again: () => sensor.start(emit, tell),
    words: () =>
      said.map(({ kind, phase, facts }) =>
        [phase, kind, ...Object.values(facts).map(String)].join(' '),
      ),
  };
};

/** Lets promises settle while time is fake. */
export const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};
