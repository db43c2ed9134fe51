import type { PeopleFeature } from '#server/people/people.feature.ts';
import type { AccessStore } from '#server/people/ports.ts';
import { feature } from '#server/platform/feature.ts';
import type { Limits } from '#server/platform/limits.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import { chainAudit } from './chain-audit.ts';
import { chainState, recordBroken, recordContradictions, recordFull } from './chain-state.ts';
import { entryRoutes } from './entries.routes.ts';
import { evidenceIntake } from './evidence.ts';
import { foldKeeper } from './fold-keeper.ts';
import { type GivenSources, readGiven } from './given.ts';
import { ingest } from './ingest.ts';
import { kioskFramesRoutes } from './kiosk-frames.routes.ts';
import { kioskSessions } from './kiosk-session.ts';
import { kioskSocketRoutes } from './kiosk-socket.routes.ts';
import { kioskTimes } from './kiosk-times.ts';
import { ledgerBacklog } from './ledger-backlog.ts';
import { liveAttempts } from './live-attempts.ts';
import { noticeBoard } from './notices.ts';
import { attemptPace, EVIDENCE_RATE } from './pace.ts';
import type { EntryLog, FoldStore, RecordStore, StillFiles } from './ports.ts';
import { recordFacts } from './record-facts.ts';
import type { RegistryStore } from './registry-ports.ts';
import type { TermsStore } from './terms.ts';

/** Its stores: each is also there bound to one transaction. */
export interface RecordStores {
  readonly registry: RegistryStore;
  readonly records: RecordStore;
  readonly terms: TermsStore;
  readonly folds: FoldStore;
}

/** The adapters of this feature. */
export interface RecordAdapters extends RecordStores {
  readonly entryLog: EntryLog;
  readonly stills: StillFiles;
}

export interface RecordDeps extends RecordAdapters {
  readonly access: AccessStore;
  readonly people: PeopleFeature;
  readonly given: GivenSources;
  readonly store: UnitOfWork<RecordStores & { readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly limits: Limits;
  readonly log: ServerLog;
}

/** No picture takes as long to arrive; what is older was left behind, ms. */
const UNFINISHED_MS = 60 * MINUTE;

/** How often silent kiosks are looked for, ms. */
const SWEEP_MS = 2.5 * SECOND;

/** The ledgers as kiosks send them: kept, checked, and what is true of each attempt right now. */
export const recordFeature = feature('record', (deps: RecordDeps) => {
  const { entryLog, limits, log } = deps;
  const { who } = deps.people;
  const facts = recordFacts(log);
  const record = recordBroken(deps);
  const attempts = liveAttempts({
    ...deps,
    log: entryLog,
    tampered: record,
    loaded: (attempt) => {
      // What comes from now on is checked when it comes.
      if (attempt.state.seq > 0) backlog.add(attempt.registration.attemptId);
      keeper.look(attempt);
    },
  });
  const keeper = foldKeeper({ ...deps, log: entryLog, find: attempts.find, serverLog: log });
  const chain = chainState({
    facts,
    record,
    log,
    keep: recordContradictions(deps),
    keepFull: recordFull(deps),
  });
  const given = readGiven(deps.given, deps.terms);
  const audit = chainAudit({ log: entryLog, attempts, chain, given, serverLog: log });
  const backlog = ledgerBacklog({
    log: entryLog,
    load: attempts.load,
    altered: chain.altered,
    corrected: (attempt) => facts.changed(attempt, {}),
    checked: keeper.keep,
    serverLog: log,
  });
  const notices = noticeBoard({ ...deps, attempts, facts });
  const intake = ingest({ ...deps, log: entryLog, chain, attempts, facts, serverLog: log });
  const pace = attemptPace(() => performance.now());
  const times = kioskTimes(deps.clock.steady);
  const kiosks = kioskSessions({
    ...deps,
    attempts,
    notices,
    ingest: intake,
    facts,
    pace,
    times,
    backlog,
  });
  facts.listen(audit);
  facts.listen(keeper);
  return {
    attempts,
    notices,
    kioskTimes: times,
    given,
    listen: facts.listen,
    changed: facts.changed,
    routes: (app) => {
      entryRoutes(app, {
        who,
        attempts,
        ingest: intake,
        pace,
        evidencePace: attemptPace(() => performance.now(), EVIDENCE_RATE),
        evidence: evidenceIntake(deps),
        log: entryLog,
      });
      kioskSocketRoutes(app, { limits, kiosks, log });
      kioskFramesRoutes(app, { limits, kiosks });
    },
    jobs: [
      { name: 'silent kiosks', everyMs: SWEEP_MS, run: kiosks.sweep },
      {
        name: 'unfinished pictures',
        everyMs: UNFINISHED_MS,
        atStart: true,
        run: async () => {
          const swept = await deps.stills.sweepUnfinished(UNFINISHED_MS);
          if (swept > 0) log('info', 'unfinished pictures deleted', { swept });
        },
      },
    ],
    start: audit.resume,
    stop: async () => {
      await intake.idle();
      await audit.idle();
      audit.close();
      await backlog.close();
      await keeper.close();
    },
  };
});

export type RecordFeature = Awaited<ReturnType<typeof recordFeature>>;
