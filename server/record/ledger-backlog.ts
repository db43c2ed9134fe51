import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { alteredFault } from './entry-hash.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { EntryLog } from './ports.ts';

/** Begins when nobody came for so long: a server that was restarted has its whole university at the door, ms. */
const QUIET_MS = 2_000;
/** And at the latest after this, ms. */
const LATEST_MS = 10_000;

/**
 * What can wait until the rooms are served: ledgers of kiosks that came back are read, so that it is known how far each
 * is, and those that were read are hashed again, for traces of a hand in the database.
 */
export interface LedgerBacklog {
  add(attemptId: AttemptId): void;
  /** Resolves when all of it is done; nothing waits any more. */
  idle(): Promise<void>;
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
  let timer: NodeJS.Timeout | null = null;
  let since = 0;
  let running: Promise<void> | null = null;
  let hurry = false;
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
      if (!hurry) await sleep(performance.now() - began);
    }
  };

  const run = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    add: (attemptId) => {
      if (closed) return;
      waiting.add(attemptId);
      if (running !== null) return;
      const now = performance.now();
      if (timer === null) since = now;
      else clearTimeout(timer);
      const wait = Math.max(0, Math.min(QUIET_MS, since + LATEST_MS - now));
      timer = setTimeout(() => void run(), wait).unref();
    },
    idle: async () => {
      hurry = true;
      while (waiting.size > 0 || running !== null) await run();
      hurry = false;
    },
    close: async () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
};
