import type { ServerClock } from '#server/platform/ports.ts';
import { problem } from '#server/platform/problems.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { IngestPlan } from './ingest-plan.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { EntryLog } from './ports.ts';
import type { RecordFacts } from './record-facts.ts';

/**
 * Transactions that one turn may cost when the store refuses some of it. One attempt among a thousand is
 * found with 20; a store that is sick altogether is not asked for each attempt in vain.
 */
const MAX_TRIES = 32;

export interface CommitDeps {
  readonly log: Pick<EntryLog, 'append'>;
  readonly clock: ServerClock;
  readonly serverLog: ServerLog;
  readonly attempts: Pick<LiveAttempts, 'readOn'>;
  readonly facts: Pick<RecordFacts, 'changed'>;
}

/**
 * Stores a turn's plans in one transaction. When it fails the halves are tried, and their halves, until the
 * attempt that the store refuses stands alone. An attempt that was refused has a transaction of its own until it is
 * taken again, so that it costs its neighbours nothing more.
 * @returns what was not stored, and why.
 */
export const commitPlans = (deps: CommitDeps) => {
  const suspects = new WeakSet<LiveAttempt>();
  /** Nobody ever was one, which is so on most days: then nobody is asked. */
  let suspected = false;

  return async (plans: readonly IngestPlan[]): Promise<ReadonlyMap<IngestPlan, Problem>> => {
    const failures = new Map<IngestPlan, Problem>();
    let tries = 0;

    const refuse = async (refused: readonly IngestPlan[], error: unknown): Promise<void> => {
      const entries = refused.reduce((sum, { sealed }) => sum + sealed.length, 0);
      const attempts = refused.slice(0, 10).map(({ attempt }) => attempt.registration.attemptId);
      deps.serverLog('error', 'ingest could not store', { error, entries, attempts });
      for (const plan of refused) failures.set(plan, problem('storage-failed', undefined, 1_000));
      const [alone] = refused;
      if (alone === undefined || refused.length > 1) return;
      suspects.add(alone.attempt);
      suspected = true;
      try {
        // Its place may be taken by what memory does not know.
        if (await deps.attempts.readOn(alone.attempt)) deps.facts.changed(alone.attempt, {});
      } catch (failure) {
        deps.serverLog('error', 'an attempt could not be read on', { error: failure });
      }
    };

    const store = async (part: readonly IngestPlan[]): Promise<void> => {
      if (part.length === 0) return;
      tries += 1;
      try {
        await deps.log.append(
          part.flatMap(({ sealed }) => sealed),
          part.flatMap(({ outcomes }) => outcomes),
          deps.clock.now(),
        );
        if (suspected) for (const { attempt } of part) suspects.delete(attempt);
      } catch (error) {
        if (part.length === 1 || tries >= MAX_TRIES) return refuse(part, error);
        const middle = Math.ceil(part.length / 2);
        await store(part.slice(0, middle));
        await store(part.slice(middle));
      }
    };

    if (!suspected) {
      await store(plans);
      return failures;
    }
    await store(plans.filter(({ attempt }) => !suspects.has(attempt)));
    for (const plan of plans.filter(({ attempt }) => suspects.has(attempt))) {
      if (!failures.has(plan)) await store([plan]);
    }
    return failures;
  };
};
