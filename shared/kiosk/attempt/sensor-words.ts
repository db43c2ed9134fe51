import type { Observation } from '#shared/incident/observation.ts';
import type { SensorCrew } from '#shared/kiosk/machine/sensor-crew.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';
import type { AttemptCore } from './attempt-core.ts';
import { cleanFacts } from './clean-facts.ts';

/** What the sensors say, in exam time. */
export interface SensorWords {
  /** A signal of a sensor: to be recorded and judged. */
  hear(signal: Signal): void;
  /** What the sensors hold back, said now: for whoever asks, in whose turn it is judged. */
  last(): readonly Observation[];
}

/** @param core asked for only when something is said. */
export const createSensorWords = (
  crew: Pick<SensorCrew, 'lastWord'>,
  core: () => Pick<AttemptCore, 'clock' | 'observe'>,
): SensorWords => {
  /** Where last words are gathered; null while nobody asks for them. */
  let gathered: Observation[] | null = null;
  return {
    hear: ({ kind, phase, ageMs, facts }) => {
      const { clock, observe } = core();
      const t = Math.max(0, Math.round(clock.now() - (ageMs ?? 0)));
      const observation = { kind, phase, t, facts: cleanFacts(facts) };
      if (gathered === null) observe(observation);
      else gathered.push(observation);
    },
    last: () => {
      const said: Observation[] = [];
      gathered = said;
      crew.lastWord();
      gathered = null;
      return said;
    },
  };
};
