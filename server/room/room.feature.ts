import type { PlanStore } from '#server/exam/plan-ports.ts';
import type { FleetFeature } from '#server/fleet/fleet.feature.ts';
import type { IdentityFeature } from '#server/identity/identity.feature.ts';
import type { EnrolmentStore } from '#server/identity/ports.ts';
import type { PeopleFeature } from '#server/people/people.feature.ts';
import type { AccessStore } from '#server/people/ports.ts';
import { feature } from '#server/platform/feature.ts';
import type { PlatformFeature } from '#server/platform/platform.feature.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { PrivacyStore } from '#server/privacy/ports.ts';
import type { EntryLog, RecordStore, StillFiles } from '#server/record/ports.ts';
import type { RecordFeature, RecordStores } from '#server/record/record.feature.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { TermsStore } from '#server/record/terms.ts';
import { SECOND } from '#shared/kernel/time.ts';
import { attemptRoutes } from './attempt.routes.ts';
import { attemptOrders } from './attempt-orders.ts';
import { attemptRecords } from './attempt-records.ts';
import { roomDismissalRoutes } from './room-dismissal.routes.ts';
import { dismissRoomEvent } from './room-dismissal.ts';
import { roomFramesRoutes } from './room-frames.routes.ts';
import { roomHub } from './room-hub.ts';
import { roomSocketRoutes } from './room-socket.routes.ts';
import { rooms } from './rooms.ts';
import { thumbnailRoutes } from './thumbnails.routes.ts';
import { thumbnails } from './thumbnails.ts';

export interface RoomDeps {
  readonly access: AccessStore;
  readonly registry: RegistryStore;
  readonly records: RecordStore;
  readonly entryLog: EntryLog;
  readonly stills: StillFiles;
  readonly enrolments: EnrolmentStore;
  readonly privacy: PrivacyStore;
  readonly plan: PlanStore;
  readonly terms: TermsStore;
  readonly platform: PlatformFeature;
  readonly people: PeopleFeature;
  readonly record: RecordFeature;
  readonly fleet: FleetFeature;
  readonly identity: IdentityFeature;
  readonly store: UnitOfWork<RecordStores & { readonly trail: AuditTrail }>;
  readonly trail: AuditTrail;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly log: ServerLog;
}

/** How often it is looked for small pictures that nobody may see any more, ms. */
const SWEEP_MS = 2.5 * SECOND;

/** The rooms as staff watch them, and what they see of an attempt and do with it. */
export const roomFeature = feature('room', (deps: RoomDeps) => {
  const { people, record, fleet, log } = deps;
  const { who, sessions } = people;
  const { attempts } = record;
  const judgeBuild = fleet.builds.judge;
  const { storage } = deps.platform;
  const hub = roomHub({ ...deps, attempts, judgeBuild, storageFailed: storage.failed });
  storage.onChange(hub.storageChanged);
  record.listen(hub);
  fleet.builds.onChange(hub.redraw);
  const small = thumbnails({ ...deps, attempts });
  const watched = rooms(deps.registry, deps.clock);
  const { readEnrolment } = deps.identity;
  const reading = {
    ...deps,
    log: deps.entryLog,
    readEnrolment,
    attempts,
    judgeBuild,
    given: record.given,
  };
  return {
    rights: ['watch', 'inspect', 'command'],
    routes: (app) => {
      attemptRoutes(app, {
        who,
        rooms: watched,
        attemptRecords: attemptRecords(reading),
        order: attemptOrders({ ...deps, attempts, hub }),
      });
      roomDismissalRoutes(app, { who, dismiss: dismissRoomEvent({ ...deps, attempts, hub }) });
      thumbnailRoutes(app, { who, thumbnails: small });
      roomSocketRoutes(app, { sessions, rooms: watched, hub, log });
      roomFramesRoutes(app, { sessions, rooms: watched, hub });
    },
    jobs: [{ name: 'small pictures', everyMs: SWEEP_MS, run: small.sweep }],
    stop: hub.close,
  };
});
