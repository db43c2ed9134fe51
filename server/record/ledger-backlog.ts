import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { alteredFault } from './entry-hash.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { EntryLog } from './ports.ts';
import { quietTimer } from './quiet-timer.ts';

/**
 * What can wait until the rooms are served: ledgers of kiosks that came back are read, so that it is known how far each
 * is, and those that were read are hashed again, for traces of a hand in the database.
 */
export interface LedgerBacklog {
  add(attemptId: AttemptId): void;
  /** Waits for what is under way and leaves the rest. */
  close(): Promise<void>;
}

export interface LedgerBacklogDeps {
  readonly log: Pick<EntryLog, 'read'>;
  readonly load: LiveAttempts['load'];
  /** An entry is not what its hash says. */
  readonly altered: (attempt: LiveAttempt, fault: string) => void;
  readonly serverLog: ServerLog;
}

export const ledgerBacklog = (deps: LedgerBacklogDeps): LedgerBacklog => {
  const waiting = new Set<AttemptId>();
  let running: Promise<void> | null = null;
  let closed = false;

  const check = async (attemptId: AttemptId): Promise<void> => {
    try {
      const attempt = await deps.load(attemptId);
      // Being read again has put it here again.
      waiting.delete(attemptId);
      if (attempt === null || attempt.brokenReason !== null) return;
      const fault = alteredFault(await deps.log.read(attemptId, 0));
      if (fault !== null) deps.altered(attempt, fault);
    } catch (error) {
      deps.serverLog('error', 'a ledger could not be read again', { error, attemptId });
    }
  };

  /** One after the other, and as long a pause again: meanwhile the rooms have the processor. */
  const work = async (): Promise<void> => {
    for (const attemptId of waiting) {
      if (closed) return;
      waiting.delete(attemptId);
      const began = performance.now();
      await check(attemptId);
      await sleep(performance.now() - began);
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
