import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';

const asleep = (sensor: Sensor): Sensor => {
  const limits: Limits = Object.fromEntries(
    sensor.watches.map((kind) => [kind, { reason: 'switched-off', partly: false }]),
  );
  return {
    id: sensor.id,
    watches: sensor.watches,
    start: (_emit, tell) => tell.limited(limits),
    stop: () => undefined,
  };
};

/**
 * The sensors with those asleep that technology staff switched off: they state nothing, check nothing, and
 * their kinds are shown as not watched for that reason.
 * @param ids as the configuration has them; one that no sensor has is logged.
 */
export const withSwitchedOff = (
  sensors: readonly Sensor[],
  ids: readonly string[],
  log: Log,
): readonly Sensor[] => {
  const off = new Set(ids);
  for (const id of off) {
    if (!sensors.some((sensor) => sensor.id === id)) log('warn', 'no such sensor', { sensor: id });
  }
  return sensors.map((sensor) => (off.has(sensor.id) ? asleep(sensor) : sensor));
};
