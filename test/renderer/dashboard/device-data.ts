import type { DeviceId, RoomId } from '#shared/kernel/ids.ts';
import type { Builds, DeviceDetail, DeviceRow } from '#shared/wire/devices.ts';
import { fakePassport } from '#test/support/fake/fake-passport.ts';

export const BUILD = 'ab'.repeat(32);
export const OLD_BUILD = 'cd'.repeat(32);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const passport = (
  change: Partial<NonNullable<DeviceRow['passport']>> = {},
): DeviceRow['passport'] => ({
  createdAt: Date.now() - DAY,
  model: 'LENOVO ThinkPad L14',
  system: 'Windows 11 10.0.26100',
  version: '0.1.0',
  build: BUILD,
  buildState: 'allowed',
  verdict: 'ok',
  keyStore: 'dpapi',
  enforced: 3,
  detected: 18,
  notWatched: 2,
  warnings: 0,
  ...change,
});

const device = (name: string, change: Partial<DeviceRow> = {}): DeviceRow => ({
  id: `device-${name}` as DeviceId,
  name,
  venue: 'Sede Milagro',
  room: { id: 'room-1' as RoomId, name: 'Laboratorio 1' },
  enrolledAt: Date.now() - 20 * DAY,
  lastSeenAt: Date.now() - 2 * MINUTE,
  revoked: null,
  inUse: false,
  passport: passport(),
  ...change,
});

/** One device of each kind that a person has to tell apart, and some that are fine. */
export const fleet = (): readonly DeviceRow[] => [
  ...Array.from({ length: 12 }, (_, i) => device(`PC-${i + 1}`)),
  device('PC-20', { passport: passport({ verdict: 'blocked', warnings: 2 }) }),
  device('PC-21', { passport: passport({ verdict: 'warnings', warnings: 1, keyStore: 'file' }) }),
  device('PC-22', { passport: passport({ buildState: 'not-allowed', build: OLD_BUILD }) }),
  device('PC-23', { passport: null, lastSeenAt: null, room: null }),
  device('PC-24', { inUse: true }),
  device('PC-25', {
    lastSeenAt: Date.now() - 9 * DAY,
    revoked: { at: Date.now() - DAY, by: 'Rosa Cedeño', reason: 'Equipo perdido o robado' },
  }),
];

/** What the server says of one of them. */
export const detailOf = (row: DeviceRow): DeviceDetail => ({
  device: row,
  passport:
    row.passport === null
      ? null
      : fakePassport({
          keyStore: row.passport.keyStore,
          host: { kind: 'electron', version: row.passport.version, build: row.passport.build },
          requirements: [
            { id: 'server', outcome: 'ok', blocks: true },
            ...(row.passport.verdict === 'blocked'
              ? ([{ id: 'display', outcome: 'failed', cause: 'several', blocks: true }] as const)
              : []),
          ],
          risks: row.passport.warnings > 0 ? [{ id: 'remote-tool', names: ['anydesk'] }] : [],
        }),
  history:
    row.passport === null
      ? []
      : [{ at: Date.now() - 3 * DAY, version: '0.0.9', build: OLD_BUILD, verdict: 'warnings' }],
});

/** @param label of those that are allowed. @param oldVersion of the build that one device still runs. */
export const builds = (
  allowed: readonly string[],
  label = 'Noviembre 2026',
  oldVersion = '0.0.9',
): Builds => ({
  allowed: allowed.map((build) => ({
    build,
    label,
    addedAt: Date.now() - DAY,
    addedBy: 'Rosa Cedeño',
  })),
  running: [
    { build: BUILD, version: '0.1.0', devices: 15, state: stateOf(BUILD, allowed) },
    { build: OLD_BUILD, version: oldVersion, devices: 1, state: stateOf(OLD_BUILD, allowed) },
  ],
});

const stateOf = (build: string, allowed: readonly string[]) =>
  allowed.length === 0
    ? ('not-checked' as const)
    : allowed.includes(build)
      ? ('allowed' as const)
      : ('not-allowed' as const);
