import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Limit, Limits, Sensor } from '#shared/ports/sensor.port.ts';
import type { KioskLockdown } from './kiosk-lockdown.ts';

/** What a step keeps from happening; where it falls short, the sensors still see it. */
const KINDS_OF_STEP: Readonly<Record<string, readonly IncidentKind[]>> = {
  'content-protection': ['screenshot', 'screen-share'],
  'windows-capture': ['screenshot'],
  shortcuts: ['outside-input'],
  'desktop-shortcuts': ['outside-input'],
  'plasma-shortcuts': ['outside-input'],
  'windows-shortcuts': ['outside-input'],
  'desktop-clipboard': ['clipboard'],
  'windows-clipboard': ['clipboard'],
};

/** The kinds whose coverage has a reason because a step fell short. */
const lockdownLimits = (shortfalls: KioskLockdown['shortfalls']): Limits => {
  const limits: Partial<Record<IncidentKind, Limit>> = {};
  for (const { step, shortfall } of shortfalls)
    for (const kind of KINDS_OF_STEP[step] ?? [])
      limits[kind] ??= { reason: shortfall.reason, partly: true };
  return limits;
};

/**
 * Tells the proctor's side what the lockdown could not do on this machine. Sees nothing itself.
 * @param of the lockdown, which needs not exist before this starts.
 */
export const lockdownCoverage = (of: () => Pick<KioskLockdown, 'shortfalls' | 'watch'>): Sensor => {
  let stop: (() => void) | null = null;
  return {
    id: 'lockdown',
    watches: [...new Set(Object.values(KINDS_OF_STEP).flat())],
    start: (_emit, tell) => {
      stop?.();
      const lockdown = of();
      const say = (): void => tell.limited(lockdownLimits(lockdown.shortfalls));
      stop = lockdown.watch(say);
      say();
    },
    stop: () => {
      stop?.();
      stop = null;
    },
  };
};
