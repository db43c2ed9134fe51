import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';

/**
 * What takes the place of a sensor that technology staff switched off: watches nothing and says so for each
 * of its kinds, so that the dashboard shows it.
 * @param off ids of such sensors, from the configuration.
 */
export const orSwitchedOff =
  (off: readonly string[]) =>
  (sensor: Sensor): Sensor => {
    const { id, watches } = sensor;
    if (!off.includes(id)) return sensor;
    const limits: Limits = Object.fromEntries(
      watches.map((kind) => [kind, { reason: 'switched-off', partly: false }]),
    );
    return { id, watches, start: (_, tell) => tell.limited(limits), stop: () => undefined };
  };
