import { expect, test } from 'vitest';
import { withSwitchedOff } from '#electron/config/switched-off.ts';
import { builtCoverage, presentCoverage } from '#shared/kiosk/coverage.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';

const sensor = (id: string, watches: Sensor['watches'], started: string[]): Sensor => ({
  id,
  watches,
  start: () => started.push(id),
  stop: () => undefined,
  check: async () => ({ id: 'peripherals', outcome: 'failed', blocks: true }),
});

test('a sensor that is switched off does nothing and says so; others go on', () => {
  const started: string[] = [];
  const logged: unknown[] = [];
  const sensors = withSwitchedOff(
    [sensor('usb', ['peripheral'], started), sensor('display', ['extra-display'], started)],
    ['usb', 'nothing-like-it'],
    (_level, message, facts) => logged.push([message, facts]),
  );
  const limits: Limits[] = sensors.map(() => ({}));
  for (const [i, one] of sensors.entries()) {
    one.start(() => undefined, {
      limited: (said) => {
        limits[i] = said;
      },
      alive: () => undefined,
    });
  }
  expect(started).toEqual(['display']);
  expect(sensors[0]?.check).toBeUndefined();
  const coverage = presentCoverage(builtCoverage(sensors, new Set()), sensors, limits);
  expect(coverage.peripheral).toEqual({ level: 'not-watched', reason: 'switched-off' });
  expect(coverage['extra-display']).toEqual({ level: 'detected' });
  expect(logged).toEqual([['no such sensor', { sensor: 'nothing-like-it' }]]);
});
