import { expect, test, vi } from 'vitest';
import { orSwitchedOff } from '#electron/sensors/switched-off.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { watchSensor } from '#test/electron/sensors/watch.ts';

const sensor = (): Sensor => ({
  id: 'network-address',
  watches: ['second-ip'],
  beatMs: 1_000,
  start: vi.fn(),
  stop: vi.fn(),
  check: vi.fn(),
});

test('a sensor that staff switched off is told as not watched, and never runs', async () => {
  const real = sensor();
  const off = orSwitchedOff(['network-address'])(real);
  const { limits } = watchSensor(off);
  off.stop();
  expect(limits).toEqual([{ 'second-ip': { reason: 'switched-off', partly: false } }]);
  expect(off).toMatchObject({ id: 'network-address', watches: ['second-ip'] });
  expect([off.beatMs, off.check]).toEqual([undefined, undefined]);
  expect(real.start).not.toHaveBeenCalled();
});

test('the others stay themselves', () => {
  const real = sensor();
  expect(orSwitchedOff(['clock'])(real)).toBe(real);
});
