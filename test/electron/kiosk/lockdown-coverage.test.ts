import { expect, test } from 'vitest';
import type { KioskLockdown } from '#electron/kiosk/kiosk-lockdown.ts';
import { lockdownCoverage } from '#electron/kiosk/lockdown-coverage.ts';
import type { Limits } from '#shared/ports/sensor.port.ts';

test('what the lockdown could not do is told when it is known, and only while somebody listens', () => {
  let shortfalls: KioskLockdown['shortfalls'] = [];
  const listeners = new Set<() => void>();
  const sensor = lockdownCoverage(() => ({
    get shortfalls() {
      return shortfalls;
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  }));
  const told: Limits[] = [];
  const tell = { limited: (limits: Limits) => told.push(limits), alive: () => undefined };
  sensor.start(() => undefined, tell);
  shortfalls = [
    { step: 'content-protection', shortfall: { reason: 'platform', what: ['content protection'] } },
    { step: 'desktop-shortcuts', shortfall: { reason: 'tool-missing', what: ['gsettings'] } },
    { step: 'shortcuts', shortfall: { reason: 'platform', what: ['Alt+Tab'] } },
    { step: 'restore-at-sign-in', shortfall: { reason: 'tool-blocked', what: ['registry'] } },
  ];
  for (const listener of listeners) listener();
  expect(told).toEqual([
    {},
    {
      screenshot: { reason: 'platform', partly: true },
      'screen-share': { reason: 'platform', partly: true },
      // The first reason of a kind: what is mended first shows the next.
      'outside-input': { reason: 'tool-missing', partly: true },
    },
  ]);
  for (const limited of told)
    for (const kind of Object.keys(limited)) expect(sensor.watches).toContain(kind);
  sensor.stop();
  sensor.stop();
  expect(listeners.size).toBe(0);
});
