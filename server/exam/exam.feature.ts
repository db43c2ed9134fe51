import type { IdentityFeature } from '#server/identity/identity.feature.ts';
import type { PeopleFeature } from '#server/people/people.feature.ts';
import type { AccessStore, Passwords } from '#server/people/ports.ts';
import { feature } from '#server/platform/feature.ts';
import type { Limits } from '#server/platform/limits.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { Secrets } from '#server/platform/secrets.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { RecordStore } from '#server/record/ports.ts';
import type { RecordFeature } from '#server/record/record.feature.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { TermsStore } from '#server/record/terms.ts';
import { exitCodeRoutes } from './exit-code.routes.ts';
import { EXIT_CODE_ITERATIONS, exitCodes } from './exit-codes.ts';
import { formStore } from './forms.ts';
import { institutionRoutes } from './institution.routes.ts';
import type { PlanStore } from './plan-ports.ts';
import type { BankStore } from './ports.ts';
import { signInRoutes } from './sign-in.routes.ts';
import { examineeSignIn } from './sign-in-examinee.ts';

/** Its stores: each is also there bound to one transaction. */
export interface ExamStores {
  readonly banks: BankStore;
  readonly plan: PlanStore;
  readonly secrets: Secrets;
}

/** The adapters of this feature. */
export interface ExamAdapters extends ExamStores {
  /** Cost of a try at an exit code; only tests lower it. */
  readonly exitCodeIterations?: number;
}

export interface ExamDeps extends ExamAdapters {
  readonly access: AccessStore;
  readonly passwords: Passwords;
  readonly registry: RegistryStore;
  readonly people: PeopleFeature;
  readonly record: RecordFeature;
  readonly identity: IdentityFeature;
  readonly trail: AuditTrail;
  readonly store: UnitOfWork<
    ExamStores & {
      readonly access: AccessStore;
      readonly registry: RegistryStore;
      readonly records: RecordStore;
      readonly terms: TermsStore;
      readonly trail: AuditTrail;
    }
  >;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly limits: Limits;
}

/** Forms, the kiosk's sign-in, and the codes that open locked machines. */
export const examFeature = feature('exam', (deps: ExamDeps) => {
  const { people, record, limits } = deps;
  const forms = formStore(deps.banks, deps.clock);
  const codes = exitCodes({
    ...deps,
    iterations: deps.exitCodeIterations ?? EXIT_CODE_ITERATIONS,
  });
  const examinees = examineeSignIn({
    ...deps,
    attempts: record.attempts,
    changed: record.changed,
    notices: record.notices,
    readEnrolment: deps.identity.readEnrolment,
    exitCodes: codes,
  });
  return {
    forms,
    staffKey: codes.staffKey,
    rights: ['exit-code'],
    routes: (app) => {
      institutionRoutes(app, deps);
      exitCodeRoutes(app, { who: people.who, limits, exitCodes: codes });
      signInRoutes(app, { who: people.who, limits, examinees, attempts: record.attempts, forms });
    },
  };
});
