import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json, LedgerEntry } from '#shared/ledger/entry.ts';
import { type Folded, foldAll, NOTHING_FOLDED } from './attempt-fold.ts';
import { alteredFault, storedFault } from './entry-hash.ts';
import { advance, foldedOf, type LiveAttempt } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { EntryLog } from './ports.ts';
import { quietTimer } from './quiet-timer.ts';

/** Those that are what their ledgers say are told together. */
const TOGETHER = 20;

/**
 * What can wait until the rooms are served: ledgers of kiosks that came back are read, so that it is known how far each
 * is, and those that were read are gone through again as a whole, for traces of a hand in the database and for what was
 * remembered of them.
 */
export interface LedgerBacklog {
  add(attemptId: AttemptId): void;
  /** Waits for what is under way and leaves the rest. */
  close(): Promise<void>;
}

export interface LedgerBacklogDeps {
  readonly log: Pick<EntryLog, 'read'>;
  readonly load: LiveAttempts['load'];
  /** An entry is not what its hash says, or is missing. */
  readonly altered: (attempt: LiveAttempt, fault: string) => void;
  /** An attempt was something else than its ledger says, and is put right. */
  readonly corrected: (attempt: LiveAttempt) => void;
  /** They are what their ledgers say. */
  readonly checked: (attempts: readonly LiveAttempt[]) => Promise<void>;
  readonly serverLog: ServerLog;
}

export const ledgerBacklog = (deps: LedgerBacklogDeps): LedgerBacklog => {
  const waiting = new Set<AttemptId>();
  let running: Promise<void> | null = null;
  let closed = false;

  /** @returns the attempt when it is what its ledger says. */
  const check = async (attemptId: AttemptId): Promise<LiveAttempt | null> => {
    try {
      const attempt = await deps.load(attemptId);
      // Being read again has put it here again.
      waiting.delete(attemptId);
      if (attempt === null || attempt.brokenReason !== null) return null;
      // As of before the read: its kiosk goes on meanwhile, and what it has sent by then need not be in what is read.
      const known = foldedOf(attempt);
      const entries = await deps.log.read(attemptId, 0);
      const fault = storedFault(entries, known.state.seq) ?? alteredFault(entries);
      if (fault === null) {
        if (same(known, foldAt(entries, known.state.seq, attempt))) return attempt;
        await correct(attempt, entries);
      } else deps.altered(attempt, fault);
    } catch (error) {
      deps.serverLog('error', 'a ledger could not be read again', { error, attemptId });
    }
    return null;
  };

  /** What was remembered of a ledger is not believed for longer than that: the ledger is right. */
  const correct = async (attempt: LiveAttempt, read: readonly LedgerEntry[]): Promise<void> => {
    const { attemptId } = attempt.registration;
    const entries = [...read];
    // Once more: a turn of the ingest may go on from what was wrong.
    waiting.add(attemptId);
    while (entries.length < attempt.state.seq) {
      const more = await deps.log.read(attemptId, entries.length);
      if (more.length === 0) return;
      entries.push(...more);
    }
    const { seq } = attempt.state;
    deps.serverLog('error', 'an attempt was remembered wrongly', { attemptId, seq });
    advance(attempt, foldAt(entries, seq, attempt));
    attempt.kept = { seq: 0, bytes: 0 };
    deps.corrected(attempt);
  };

  /** One after the other, and three times as long a pause: meanwhile the rooms have the processor. */
  const work = async (): Promise<void> => {
    const checked: LiveAttempt[] = [];
    for (const attemptId of waiting) {
      if (closed) return;
      waiting.delete(attemptId);
      const began = performance.now();
      const attempt = await check(attemptId);
      if (attempt !== null) checked.push(attempt);
      if (checked.length === TOGETHER || waiting.size === 0) await deps.checked(checked.splice(0));
      await sleep(3 * (performance.now() - began));
    }
  };

  const quiet = quietTimer(() => {
    running ??= work().finally(() => {
      running = null;
      if (waiting.size > 0 && !closed) quiet.touch();
    });
  });

  return {
    add: (attemptId) => {
      if (closed) return;
      waiting.add(attemptId);
      if (running === null) quiet.touch();
    },
    close: async () => {
      closed = true;
      quiet.clear();
      await running;
    },
  };
};

const foldAt = (
  entries: readonly LedgerEntry[],
  seq: number,
  { registration }: LiveAttempt,
): Folded => foldAll(NOTHING_FOLDED, entries.slice(0, seq), registration);

const same = (a: object, b: object): boolean =>
  canonicalText(a as Json) === canonicalText(b as Json);
