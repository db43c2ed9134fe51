import type { PeopleFeature } from '#server/people/people.feature.ts';
import type { AccessStore } from '#server/people/ports.ts';
import { feature } from '#server/platform/feature.ts';
import type { Limits } from '#server/platform/limits.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { RecordFeature } from '#server/record/record.feature.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { DeviceId } from '#shared/kernel/ids.ts';
import { buildList } from './builds.ts';
import { deviceRoutes } from './device.routes.ts';
import type { DeviceStore } from './device-ports.ts';
import { deviceUseCases } from './devices.ts';
import { enrolRoutes } from './enrol.routes.ts';
import type { ReleaseFiles, ReleaseStore } from './release-ports.ts';
import { releases } from './releases.ts';
import { updateRoutes } from './updates.routes.ts';
import { updates } from './updates.ts';

/** Its stores: each is also there bound to one transaction. */
export interface FleetStores {
  readonly devices: DeviceStore;
  readonly releases: ReleaseStore;
}

/** The adapters of this feature. */
export interface FleetAdapters extends FleetStores {
  readonly releaseFiles: ReleaseFiles;
}

export interface FleetDeps extends FleetAdapters {
  readonly access: AccessStore;
  readonly registry: RegistryStore;
  readonly people: PeopleFeature;
  readonly record: RecordFeature;
  readonly trail: AuditTrail;
  readonly store: UnitOfWork<
    FleetStores & { readonly access: AccessStore; readonly trail: AuditTrail }
  >;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly limits: Limits;
}

/** Devices, their passports and builds, and the releases that they are offered. */
export const fleetFeature = feature('fleet', (deps: FleetDeps) => {
  const { people, limits } = deps;
  const builds = buildList(deps);
  const devices = deviceUseCases({ ...deps, attempts: deps.record.attempts, builds });
  people.onDeviceSeen(devices.seen);
  return {
    builds,
    /** What the device says that it is; null when it never did. Asked for each attempt: of this device alone. */
    hostKind: async (id: DeviceId): Promise<string | null> =>
      (await deps.devices.passports(id))[0]?.passport.host.kind ?? null,
    rights: ['maintain', 'devices', 'builds'],
    start: builds.load,
    routes: (app) => {
      enrolRoutes(app, deps);
      deviceRoutes(app, { who: people.who, limits, devices, builds });
      updateRoutes(app, { who: people.who, updates: updates(deps), releases: releases(deps) });
    },
  };
});

export type FleetFeature = Awaited<ReturnType<typeof fleetFeature>>;
