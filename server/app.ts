import { type ExamAdapters, type ExamStores, examFeature } from './exam/exam.feature.ts';
import { type FleetAdapters, type FleetStores, fleetFeature } from './fleet/fleet.feature.ts';
import { type IdentityStores, identityFeature } from './identity/identity.feature.ts';
import { type PeopleAdapters, type PeopleStores, peopleFeature } from './people/people.feature.ts';
import { checkRights, type Feature, named } from './platform/feature.ts';
import { type HttpServerDeps, httpServer } from './platform/http-server.ts';
import { startJobs } from './platform/jobs.ts';
import { DEFAULT_LIMITS, type Limits } from './platform/limits.ts';
import { type PlatformDeps, platformFeature } from './platform/platform.feature.ts';
import type { AuditTrail, ServerRandom } from './platform/ports.ts';
import { serverLog } from './platform/server-log.ts';
import type { App } from './platform/typed.ts';
import type { UnitOfWork } from './platform/unit-of-work.ts';
import {
  type PrivacyAdapters,
  type PrivacyStores,
  privacyFeature,
} from './privacy/privacy.feature.ts';
import { type RecordAdapters, type RecordStores, recordFeature } from './record/record.feature.ts';
import { roomFeature } from './room/room.feature.ts';

/** What is stored in the database: as it is, or bound to one transaction. */
export interface Stores
  extends PeopleStores,
    RecordStores,
    FleetStores,
    IdentityStores,
    ExamStores,
    PrivacyStores {
  readonly trail: AuditTrail;
}

/** Everything that the server needs of the machine. Chosen by `compose.ts`, or by a test. */
export interface ServerDeps
  extends Stores,
    HttpServerDeps,
    PlatformDeps,
    PeopleAdapters,
    RecordAdapters,
    FleetAdapters,
    ExamAdapters,
    PrivacyAdapters {
  /** Changes that belong together, with their audit entry. */
  readonly store: UnitOfWork<Stores>;
  readonly random: ServerRandom;
  readonly limits?: Partial<Limits>;
  /** Runs before the routes are declared, so that a tool can listen to them. */
  readonly beforeRoutes?: (app: App) => Promise<void>;
}

/**
 * The features, the lowest first: each is built from its adapters and the features below it. What a feature needs of
 * one above it is handed in here as a function, which is called only once everything stands.
 */
const features = async (deps: ServerDeps) => {
  const base = {
    ...deps,
    limits: { ...DEFAULT_LIMITS, ...deps.limits },
    log: serverLog(deps.logger),
  };
  const platform = await platformFeature(base);
  const people = await peopleFeature(base);
  const record = await recordFeature({
    ...base,
    people,
    given: {
      form: (registration) => exam.forms.given(registration),
      staffKey: (sessionId) => exam.staffKey(sessionId),
      hostKind: (deviceId) => fleet.hostKind(deviceId),
    },
  });
  const fleet = await fleetFeature({ ...base, people, record });
  const identity = await identityFeature({
    ...base,
    people,
    record,
    retentionDays: (examineeId) => privacy.retentionDays(examineeId),
  });
  const exam = await examFeature({ ...base, people, record, identity });
  const privacy = await privacyFeature({ ...base, people, record, identity });
  const room = await roomFeature({ ...base, platform, people, record, fleet, identity });
  return [platform, people, record, fleet, identity, exam, privacy, room] satisfies Feature[];
};

/**
 * Builds the server without listening: folds the features' routes, jobs, starts and stops. `close()` waits for what is
 * under way.
 * @throws FeatureError naming the feature that could not start.
 */
export const buildApp = async (deps: ServerDeps): Promise<App> => {
  const all: readonly Feature[] = await features(deps);
  checkRights(all);
  const app = await httpServer(deps);
  await deps.beforeRoutes?.(app);
  for (const { name, routes } of all) await named(name, () => routes?.(app));
  for (const { name, start } of all) await named(name, () => start?.());
  const jobs = startJobs(
    all.flatMap((feature) => feature.jobs ?? []),
    serverLog(deps.logger),
  );
  app.addHook('onClose', async () => {
    await jobs.stop();
    for (const { stop } of all.toReversed()) await stop?.();
  });
  return app;
};
