import type { PeopleFeature } from '#server/people/people.feature.ts';
import type { AccessStore, Passwords } from '#server/people/ports.ts';
import { feature } from '#server/platform/feature.ts';
import type { Limits } from '#server/platform/limits.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { RecordFeature } from '#server/record/record.feature.ts';
import { readEnrolment } from './active-enrolment.ts';
import { enrolmentRoutes } from './enrolment.routes.ts';
import { enrolmentPage } from './enrolment.ts';
import { enrolmentStaffRoutes } from './enrolment-staff.routes.ts';
import { enrolmentStaff } from './enrolment-staff.ts';
import { identitySetups } from './identity-setup.ts';
import type { EnrolmentStore, RetentionDays } from './ports.ts';
import { identitySetupRoutes } from './setup.routes.ts';
import type { IdentitySetupStore } from './setup-ports.ts';

/** Its stores: each is also there bound to one transaction. */
export interface IdentityStores {
  readonly enrolments: EnrolmentStore;
  readonly identitySetup: IdentitySetupStore;
}

export interface IdentityDeps extends IdentityStores {
  readonly access: AccessStore;
  readonly passwords: Passwords;
  readonly people: PeopleFeature;
  readonly record: RecordFeature;
  readonly retentionDays: RetentionDays;
  readonly trail: AuditTrail;
  readonly store: UnitOfWork<IdentityStores & { readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly limits: Limits;
  readonly log: ServerLog;
}

/** Enrolment beforehand and in the room, and how sessions check identity. */
export const identityFeature = feature('identity', (deps: IdentityDeps) => {
  const { people, limits } = deps;
  const reading = readEnrolment(deps);
  const enrolment = enrolmentPage({ ...deps, readEnrolment: reading });
  const staff = enrolmentStaff({ ...deps, readEnrolment: reading });
  const setups = identitySetups({ ...deps, attempts: deps.record.attempts });
  return {
    readEnrolment: reading,
    enrolment,
    staff,
    rights: ['identity'],
    routes: (app) => {
      enrolmentRoutes(app, { limits, enrolment, clock: deps.clock });
      enrolmentStaffRoutes(app, { who: people.who, limits, enrolments: staff });
      identitySetupRoutes(app, { who: people.who, setups });
    },
  };
});

export type IdentityFeature = Awaited<ReturnType<typeof identityFeature>>;
