import type { AuditTrail, ServerClock } from '#server/platform/ports.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { type BreakCode, breakText, type Contradiction } from '#shared/wire/doubt.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { Full } from './quota.ts';
import type { RecordFacts } from './record-facts.ts';
import type { RegistryStore } from './registry-ports.ts';

export interface ChainState {
  /** Marks the attempt's chain as broken, for good: shown on its tile and kept with the first reason. */
  broken(attempt: LiveAttempt, code: BreakCode, seq: number): void;
  /** The same for what was found in the database. @param reason by `breakText`. */
  altered(attempt: LiveAttempt, reason: string): void;
  /**
   * Keeps what the ledger says against what the server knows, for good, and shows it. Nothing when all of it is known.
   * @throws when it cannot be stored: then it is to be found again.
   */
  contradicted(attempt: LiveAttempt, all: readonly Contradiction[]): Promise<void>;
  /** Notes whether entries are missing between what came and what is stored. */
  gap(attempt: LiveAttempt, missing: boolean): void;
  /** Notes that the attempt's kiosk sent more than any exam is; what is stored stays as it is. */
  full(attempt: LiveAttempt, what: Full): void;
}

export interface BrokenRecordDeps {
  readonly store: UnitOfWork<{
    readonly registry: Pick<RegistryStore, 'markBroken' | 'setContradictions' | 'markFull'>;
    readonly trail: AuditTrail;
  }>;
  readonly clock: ServerClock;
  readonly log: ServerLog;
}

/** Keeps why a chain is broken: on the attempt, in the audit trail and in the log. */
export const recordBroken = ({ store, clock, log }: BrokenRecordDeps) => {
  /** Not stored yet: an attempt that left memory now would come back whole. */
  const unstored = new Set<LiveAttempt>();
  return (attempt: LiveAttempt): void => {
    const { attemptId } = attempt.registration;
    const reason = attempt.brokenReason ?? 'other';
    log('warn', 'chain broken', { attemptId, reason });
    unstored.add(attempt);
    store
      .transaction(async ({ registry, trail }) => {
        await registry.markBroken(attemptId, reason);
        await trail.audit({
          at: clock.now(),
          actor: 'server',
          action: 'chain-broken',
          subject: attemptId,
          detail: { reason },
        });
      })
      .then(
        () => unstored.delete(attempt),
        (error: unknown) => log('error', 'chain mark not stored', { attemptId, error }),
      );
  };
};

/** Keeps what an attempt's ledger says against the server: on the attempt, in the audit trail and in the log. */
export const recordContradictions =
  ({ store, clock, log }: BrokenRecordDeps) =>
  async (attempt: LiveAttempt, all: readonly Contradiction[]): Promise<void> => {
    const { attemptId } = attempt.registration;
    const fresh = all.filter(({ code }) =>
      attempt.contradictions.every((one) => one.code !== code),
    );
    log('warn', 'ledger contradicted', { attemptId, contradictions: fresh });
    await store.transaction(async ({ registry, trail }) => {
      await registry.setContradictions(attemptId, all);
      await trail.audit({
        at: clock.now(),
        actor: 'server',
        action: 'ledger-contradicted',
        subject: attemptId,
        detail: Object.fromEntries(fresh.map(({ code, seq }) => [code, String(seq)])),
      });
    });
  };

/** Keeps that an attempt is full: on the attempt, in the audit trail and in the log. */
export const recordFull =
  ({ store, clock, log }: BrokenRecordDeps) =>
  ({ registration: { attemptId } }: LiveAttempt, what: Full): void => {
    log('warn', 'an attempt is full', { attemptId, what });
    store
      .transaction(async ({ registry, trail }) => {
        await registry.markFull(attemptId, what);
        const at = clock.now();
        await trail.audit({
          at,
          actor: 'server',
          action: 'attempt-full',
          subject: attemptId,
          detail: { what },
        });
      })
      .catch((error: unknown) => log('error', 'full mark not stored', { attemptId, error }));
  };

export const chainState = (deps: {
  readonly facts: Pick<RecordFacts, 'changed'>;
  readonly record: (attempt: LiveAttempt) => void;
  readonly log: ServerLog;
  readonly keep: (attempt: LiveAttempt, all: readonly Contradiction[]) => Promise<void>;
  readonly keepFull: (attempt: LiveAttempt, what: Full) => void;
}): ChainState => {
  const altered: ChainState['altered'] = (attempt, reason) => {
    if (attempt.brokenReason !== null) return;
    attempt.brokenReason = reason;
    deps.record(attempt);
    deps.facts.changed(attempt, {});
  };
  return {
    altered,
    broken: (attempt, code, seq) => altered(attempt, breakText(code, seq)),
    contradicted: async (attempt, all) => {
      if (all.length === attempt.contradictions.length) return;
      await deps.keep(attempt, all);
      attempt.contradictions = all;
      deps.facts.changed(attempt, {});
    },
    gap: (attempt, missing) => {
      if (attempt.presence.gap === missing) return;
      attempt.presence.gap = missing;
      deps.facts.changed(attempt, {});
    },
    full: (attempt, what) => {
      if (attempt.presence.full !== null) return;
      attempt.presence.full = what;
      deps.keepFull(attempt, what);
      deps.facts.changed(attempt, {});
    },
  };
};
