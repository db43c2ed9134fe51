import type { IncidentKind } from '#shared/incident/kind.ts';
import { builtCoverage } from '#shared/kiosk/machine/machine-coverage.ts';
import type { HostCapabilities } from '#shared/wire/kiosk-view.ts';

/** What the desktop kiosk's sensors watch on Linux. */
const DESKTOP: readonly IncidentKind[] = [
  'focus-lost',
  'clipboard',
  'screenshot',
  'screen-share',
  'outside-input',
  'extra-display',
  'peripheral',
  'forbidden-app',
  'remote-session',
  'virtual-machine',
  'second-ip',
  'second-session',
  'power',
  'platform',
  'device-failure',
];
/** What a page's sensors watch. */
const PAGE: readonly IncidentKind[] = [
  'focus-lost',
  'clipboard',
  'print',
  'outside-input',
  'extra-display',
  'screenshot',
  'device-failure',
  'platform',
];
const sensor = (watches: readonly IncidentKind[]) => [
  { id: 'all', watches, start: () => undefined, stop: () => undefined },
];

/** Both hosts as they say what they are; the build is that of no release (development). */
export const HOSTS: Readonly<Record<'electron' | 'web', HostCapabilities>> = {
  electron: {
    kind: 'electron',
    version: '0.1.0',
    build: 'ab'.repeat(32),
    platform: 'linux 6.12',
    coverage: builtCoverage(sensor(DESKTOP), new Set(['clipboard', 'print', 'outside-input'])),
  },
  web: {
    kind: 'web',
    version: '0.1.0',
    build: null,
    platform: 'CrOS x86_64 · kiosk',
    coverage: builtCoverage(sensor(PAGE), new Set(['clipboard', 'print', 'forbidden-app'])),
  },
};
