import type { IdentityFeature } from '#server/identity/identity.feature.ts';
import type { EnrolmentStore } from '#server/identity/ports.ts';
import type { PeopleFeature } from '#server/people/people.feature.ts';
import { feature } from '#server/platform/feature.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { StillFiles } from '#server/record/ports.ts';
import type { RecordFeature } from '#server/record/record.feature.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { certainTime, type SystemSynced, type TimeMarks } from './certain-time.ts';
import { certifier } from './certificates.ts';
import { clockHealthRoutes } from './clock-health.routes.ts';
import { neededForClaims } from './contested.ts';
import { eraser } from './eraser.ts';
import { ownData } from './kept-data.ts';
import { orderedDeletions } from './ordered-deletion.ts';
import { ownDataRoutes } from './own-data.routes.ts';
import type { PrivacyStore } from './ports.ts';
import { privacyRoutes } from './privacy.routes.ts';
import { retentionClocks } from './retention.ts';
import { longestRetention } from './retention-clock.ts';

/** Its stores: each is also there bound to one transaction. */
export interface PrivacyStores {
  readonly privacy: PrivacyStore;
}

/** The adapters of this feature. */
export interface PrivacyAdapters extends PrivacyStores {
  /** Seed of the key that signs deletion certificates, 32 bytes. */
  readonly certificateSeed: Uint8Array;
  /** How often it is looked for pictures whose time is over, ms; only tests change it. */
  readonly retentionSweepMs?: number;
  readonly timeMarks: TimeMarks;
  readonly systemSynced: SystemSynced;
}

export interface PrivacyDeps extends PrivacyAdapters {
  readonly enrolments: EnrolmentStore;
  readonly stills: StillFiles;
  readonly people: PeopleFeature;
  readonly record: RecordFeature;
  readonly identity: IdentityFeature;
  readonly store: UnitOfWork<
    PrivacyStores & { readonly enrolments: EnrolmentStore; readonly trail: AuditTrail }
  >;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly log: ServerLog;
}

const RETENTION_SWEEP_MS = 60 * MINUTE;

/** What is kept of people and until when, who holds it, and its deletion. */
export const privacyFeature = feature('privacy', (deps: PrivacyDeps) => {
  const { people, identity, privacy } = deps;
  const { attempts } = deps.record;
  const deletion = {
    eraser: eraser({ ...deps, certificates: certifier(deps.certificateSeed) }),
    neededForClaims: neededForClaims({ ...deps, attempts }),
  };
  const certain = certainTime({
    ...deps,
    marks: deps.timeMarks,
    synced: deps.systemSynced,
    kiosks: deps.record.kioskTimes,
  });
  const retention = retentionClocks({ ...deps, ...deletion, attempts, certain });
  return {
    retentionDays: async (examineeId: Parameters<PrivacyStore['participations']>[0]) =>
      longestRetention(await privacy.participations(examineeId)),
    rights: ['privacy'],
    routes: (app) => {
      ownDataRoutes(app, {
        enrolment: identity.enrolment,
        ownData: ownData({ privacy, readEnrolment: identity.readEnrolment, ...deletion }),
      });
      privacyRoutes(app, {
        who: people.who,
        retention,
        deletions: orderedDeletions({ ...deps, ...deletion, enrolments: identity.staff }),
      });
      clockHealthRoutes(app, { certain });
    },
    start: certain.begin,
    jobs: [
      {
        name: 'retention',
        everyMs: deps.retentionSweepMs ?? RETENTION_SWEEP_MS,
        atStart: true,
        run: retention.sweep,
      },
    ],
  };
});
