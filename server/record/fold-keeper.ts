import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { writeFold } from './kept-fold.ts';
import { foldedOf, type LiveAttempt } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { EntryLog, FoldStore, StoredFold } from './ports.ts';
import { quietTimer } from './quiet-timer.ts';
import type { RecordListener } from './record-facts.ts';
import { weightOf } from './weight.ts';

/** A fold is stored anew after so many entries: after a crash this many are read of each ledger, at the most. */
const EVERY = 64;
/** Folds that are one write. */
const TOGETHER = 20;

/** Stores what is made of ledgers now and then, beside the ingest, so that a restart need not read all of them. */
export interface FoldKeeper extends Required<Pick<RecordListener, 'committed'>> {
  /** The attempt was read: if it is still in memory when there is time, its fold is stored. */
  look(attempt: LiveAttempt): void;
  /** Stores the folds of those whose stored one is an old one, in one write. What fails is logged. */
  keep(attempts: readonly LiveAttempt[]): Promise<void>;
  /** Stores what waits. */
  close(): Promise<void>;
}

export interface FoldKeeperDeps {
  readonly folds: Pick<FoldStore, 'keep'>;
  readonly log: Pick<EntryLog, 'weight'>;
  readonly find: LiveAttempts['find'];
  readonly serverLog: ServerLog;
}

/** Of a ledger that is not whole everything is read, always. */
const isDue = ({ state, kept, brokenReason }: LiveAttempt): boolean =>
  brokenReason === null && state.seq - kept.seq >= EVERY;

export const foldKeeper = (deps: FoldKeeperDeps): FoldKeeper => {
  /** They may leave memory meanwhile: this keeps none of them there. */
  const waiting = new Set<AttemptId>();
  let running: Promise<void> | null = null;
  let closed = false;

  const store = async (attempts: readonly LiveAttempt[]): Promise<void> => {
    const folds: StoredFold[] = [];
    const kept = new Map<LiveAttempt, LiveAttempt['kept']>();
    for (const attempt of attempts) {
      const weighed = await weightOf(attempt, deps.log);
      // What came meanwhile was counted.
      const bytes = attempt.bytes ?? weighed;
      const fold = writeFold({ folded: foldedOf(attempt), bytes }, attempt.registration);
      if (fold === null) continue;
      folds.push(fold);
      kept.set(attempt, { seq: fold.seq, bytes });
    }
    await deps.folds.keep(folds);
    for (const [attempt, fold] of kept) attempt.kept = fold;
  };

  const keep: FoldKeeper['keep'] = async (attempts) => {
    const due = attempts.filter(isDue);
    if (due.length === 0) return;
    try {
      await store(due);
    } catch (error) {
      // Nothing is lost by it: they are stored another time, or the ledgers are read.
      deps.serverLog('warn', 'folds not stored', { error });
    }
  };

  const some = (): readonly LiveAttempt[] => {
    const found: LiveAttempt[] = [];
    for (const attemptId of waiting) {
      waiting.delete(attemptId);
      const attempt = deps.find(attemptId);
      if (attempt !== null) found.push(attempt);
      if (found.length === TOGETHER) break;
    }
    return found;
  };

  /** With pauses in which everybody else has the processor. */
  const work = async (): Promise<void> => {
    while (waiting.size > 0) {
      const began = performance.now();
      await keep(some());
      if (!closed) await sleep(performance.now() - began);
    }
  };
  const run = (): Promise<void> => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
  const quiet = quietTimer(run);

  const look = (attempt: LiveAttempt): void => {
    const { attemptId } = attempt.registration;
    if (!isDue(attempt) || closed || waiting.has(attemptId)) return;
    waiting.add(attemptId);
    quiet.touch();
  };

  return {
    committed: look,
    look,
    keep,
    close: async () => {
      closed = true;
      quiet.clear();
      await run();
    },
  };
};
