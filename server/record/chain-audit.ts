import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerLog } from '#server/platform/server-log.ts';
import { INITIAL_REPLAY, type Replay, replayEntry } from '#shared/attempt/replay.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { ChainState } from './chain-state.ts';
import type { FactCheck } from './fact-check.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { EntryLog } from './ports.ts';
import type { RecordListener } from './record-facts.ts';
import { signatureFault } from './signature-check.ts';

/** Pause before a batch, ms: lets a burst gather, so that the marks are one write. */
const GATHER_MS = 250;
/** A closed ledger may still get what its kiosk decided and had not stored; after this it is missing, ms. */
const OWED_MS = 60_000;
/** Signatures, or attempts, that are checked side by side: the threads that do it are woken less often. */
const TOGETHER = 16;
/** Attempts of before the start that are looked at in one step, their marks one write. */
const BACKLOG_BATCH = 20;

/** Checks committed entries beside the ingest: signatures, claims, and the replay of the rules. */
export interface ChainAudit extends Required<Pick<RecordListener, 'committed'>> {
  /** After a restart: takes up, little by little, what was committed but not checked. */
  resume(): void;
  /** Resolves when everything handed over or taken up was checked, the replay included. */
  idle(): Promise<void>;
  close(): void;
}

export interface ChainAuditDeps {
  readonly log: EntryLog;
  readonly attempts: Pick<LiveAttempts, 'load'>;
  readonly chain: Pick<ChainState, 'broken'>;
  readonly facts: FactCheck;
  readonly serverLog: ServerLog;
}

/** How far an attempt was checked, and where the rules stand there. */
interface Progress {
  readonly seq: number;
  readonly replay: Replay;
}

interface Mark {
  readonly attemptId: AttemptId;
  readonly seq: number;
}

export const chainAudit = (deps: ChainAuditDeps): ChainAudit => {
  const waiting = new Map<LiveAttempt, LedgerEntry[]>();
  /** Leaves memory with its attempt, and is made again from the log. */
  const known = new WeakMap<LiveAttempt, Progress>();
  /** Kept in memory until it is said what became of what they owe. */
  const owing = new Set<LiveAttempt>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  /** Somebody waits for everything: no more pauses. */
  let hurry = false;
  let closed = false;

  const faultOf = async (attempt: LiveAttempt, entry: LedgerEntry): Promise<string | null> =>
    (await signatureFault(attempt.registration.device, entry)) ??
    (await deps.facts.contradiction(attempt, entry));

  /**
   * Where the check of an attempt stands and what comes next. What is not at hand is read from the log: all of it
   * when this server did not see the start, for the rules know what came before.
   */
  const takeUp = async (
    attempt: LiveAttempt,
    handed: readonly LedgerEntry[],
  ): Promise<readonly [Progress, readonly LedgerEntry[]]> => {
    const { attemptId, verifiedSeq } = attempt.registration;
    const progress = known.get(attempt) ?? { seq: 0, replay: INITIAL_REPLAY };
    const complete = handed[0]?.seq === progress.seq + 1;
    const entries = complete ? handed : await deps.log.read(attemptId, progress.seq);
    if (known.has(attempt)) return [progress, entries];
    const before = entries.filter(({ seq }) => seq <= verifiedSeq);
    const replay = before.reduce(replayEntry, INITIAL_REPLAY);
    return [{ seq: before.length, replay }, entries.slice(before.length)];
  };

  /** @returns how far it is checked for good; null when that is not said yet. */
  const check = async (
    attempt: LiveAttempt,
    handed: readonly LedgerEntry[],
  ): Promise<Mark | null> => {
    const [progress, entries] = await takeUp(attempt, handed);
    // Most entries are neither signed nor claim anything: not even a promise for them.
    const claiming = entries.filter(
      ({ signature, type }) => signature !== undefined || deps.facts.claims(type),
    );
    for (let i = 0; i < claiming.length; i += TOGETHER) {
      const some = claiming.slice(i, i + TOGETHER);
      for (const reason of await Promise.all(some.map((entry) => faultOf(attempt, entry)))) {
        if (reason !== null) deps.chain.broken(attempt, reason);
      }
    }
    const seq = entries.at(-1)?.seq ?? progress.seq;
    const replay = entries.reduce(replayEntry, progress.replay);
    // Two folds of the same entries are one.
    const same = replay.attempt.hash === attempt.state.hash && replay.attempt.seq === seq;
    known.set(attempt, { seq, replay: same ? { ...replay, attempt: attempt.state } : replay });
    const { attemptId } = attempt.registration;
    if (replay.fault !== null) {
      const { fault } = replay;
      deps.chain.broken(attempt, `entry ${fault.seq}: the rules say otherwise (${fault.reason})`);
    } else if (replay.unjudged !== null && progress.replay.unjudged === null) {
      // Nothing is wrong by that: this server cannot say what the rules make of it.
      deps.serverLog('warn', 'rules not replayed', { attemptId, ...replay.unjudged });
    } else if (owes(replay)) {
      wait(attempt);
      return null;
    }
    return { attemptId, seq };
  };

  const wait = (attempt: LiveAttempt): void => {
    if (owing.has(attempt)) return;
    owing.add(attempt);
    setTimeout(() => {
      owing.delete(attempt);
      const progress = known.get(attempt);
      if (closed || progress === undefined || !owes(progress.replay)) return;
      deps.chain.broken(attempt, 'closed without an incident that the rules demand');
      const { attemptId } = attempt.registration;
      run(() => deps.log.saveVerified([{ attemptId, seq: progress.seq }]));
    }, OWED_MS).unref();
  };

  const drain = async (): Promise<void> => {
    const batch = [...waiting];
    waiting.clear();
    const marks: Mark[] = [];
    for (let i = 0; i < batch.length; i += TOGETHER) {
      const some = batch
        .slice(i, i + TOGETHER)
        .map(([attempt, entries]) =>
          checked(attempt.registration.attemptId, () => check(attempt, entries)),
        );
      for (const mark of await Promise.all(some)) if (mark !== null) marks.push(mark);
    }
    if (marks.length > 0) await deps.log.saveVerified(marks);
  };

  /** What fails is one attempt's alone; it is taken up again with its next entry, or after the next start. */
  const checked = async (
    attemptId: AttemptId,
    task: () => Promise<Mark | null>,
  ): Promise<Mark | null> => {
    try {
      return await task();
    } catch (error) {
      deps.serverLog('error', 'an attempt could not be checked', { error, attemptId });
      return null;
    }
  };

  /** Some of what was left from before the start, with pauses in which the rooms have the processor. */
  const takeUpFrom = async (after: AttemptId | null): Promise<void> => {
    const { found, last } = await timed(() => deps.log.unverified(after, BACKLOG_BATCH));
    const marks: Mark[] = [];
    for (const attemptId of found) {
      const mark = await timed(() =>
        checked(attemptId, async () => {
          const attempt = await deps.attempts.load(attemptId);
          return attempt === null ? null : check(attempt, []);
        }),
      );
      if (mark !== null) marks.push(mark);
    }
    if (marks.length > 0) await deps.log.saveVerified(marks);
    if (last !== null && !closed) run(() => takeUpFrom(last));
  };

  /** Takes as long again as the task took. */
  const timed = async <T>(task: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const outcome = await task();
    if (!hurry) await sleep(performance.now() - began);
    return outcome;
  };

  const run = (task: () => Promise<void>): void => {
    running = running.then(task).catch((error: unknown) => {
      deps.serverLog('error', 'chain audit failed', { error });
    });
  };

  const schedule = (): void => {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = null;
      run(drain);
    }, GATHER_MS).unref();
  };

  return {
    committed: (attempt, { entries }) => {
      const others = waiting.get(attempt);
      if (others === undefined) waiting.set(attempt, [...entries]);
      else others.push(...entries);
      schedule();
    },
    resume: () => run(() => takeUpFrom(null)),
    idle: async () => {
      hurry = true;
      run(drain);
      for (let last: Promise<void> | null = null; last !== running; ) {
        last = running;
        await last;
      }
      hurry = false;
    },
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
};

const owes = ({ attempt, owed }: Replay): boolean => attempt.phase === 'closed' && owed.length > 0;
