import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerLog } from '#server/platform/server-log.ts';
import { checkClaims, claims, withCodes } from '#shared/attempt/claims/check-claims.ts';
import type { Replay } from '#shared/attempt/replay.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { foldOn, NOTHING_CHECKED, type Progress } from './audit-progress.ts';
import type { ChainState } from './chain-state.ts';
import type { ReadGiven } from './given.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { EntryLog } from './ports.ts';
import { quietTimer } from './quiet-timer.ts';
import type { RecordListener } from './record-facts.ts';
import { signatureFault } from './signature-check.ts';

/** Pause before a batch, ms: lets a burst gather, so that the marks are one write. */
const GATHER_MS = 250;
/** A closed ledger may still get what its kiosk decided and had not stored; after this it is missing, ms. */
const OWED_MS = 60_000;
/** Signatures, or attempts, that are checked side by side: the threads that do it are woken less often. */
const TOGETHER = 64;
/** Attempts of before the start, or that wait behind, that are looked at in one step, their marks one write. */
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
  readonly chain: Pick<ChainState, 'broken' | 'contradicted'>;
  readonly given: ReadGiven;
  readonly serverLog: ServerLog;
}

const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

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
  /** Attempts that this server has not followed from their first entry: they have to be read as a whole. */
  const behind = new Map<LiveAttempt, LedgerEntry[]>();
  /** Those of which the first entry was seen; it may not be checked yet. */
  const followed = new WeakSet<LiveAttempt>();
  const quiet = quietTimer(() => run(takeUpSome));
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  /** Somebody waits for everything: no more pauses. */
  let hurry = false;
  let closed = false;

  const checkSignature = async (attempt: LiveAttempt, entry: LedgerEntry): Promise<void> => {
    const fault = await signatureFault(attempt.registration.device, entry);
    if (fault !== null) deps.chain.broken(attempt, fault, entry.seq);
  };

  const checkSignatures = async (
    attempt: LiveAttempt,
    entries: readonly LedgerEntry[],
  ): Promise<void> => {
    const signed = entries.filter(({ signature }) => signature !== undefined);
    for (let i = 0; i < signed.length; i += TOGETHER) {
      const some = signed.slice(i, i + TOGETHER);
      await Promise.all(some.map((entry) => checkSignature(attempt, entry)));
    }
  };

  /**
   * Goes over the entries from where the check stands.
   * @param keep false for what was checked before: then nothing new is found in it.
   */
  const goOver = async (
    attempt: LiveAttempt,
    from: Progress,
    entries: readonly LedgerEntry[],
    keep: boolean,
  ): Promise<Progress> => {
    const given = entries.some(({ type }) => claims(type)) ? await deps.given(attempt) : null;
    let progress = from;
    let { contradictions } = attempt;
    for (const entry of entries) {
      let memory = progress.claims;
      if (given !== null && claims(entry.type)) {
        const found = checkClaims(memory, progress.attempt, entry, given, sha256Hex);
        memory = found.memory;
        if (keep) contradictions = withCodes(contradictions, found.codes, entry.seq);
      }
      progress = foldOn(progress, entry, memory);
    }
    await deps.chain.contradicted(attempt, contradictions);
    return progress;
  };

  /**
   * Where the check of an attempt stands and what comes next. What is not at hand is read from the log: all of it
   * when this server did not see the start, for the rules know what came before.
   */
  const takeUp = async (
    attempt: LiveAttempt,
    handed: readonly LedgerEntry[],
  ): Promise<readonly [Progress, readonly LedgerEntry[]]> => {
    const { attemptId, verifiedSeq } = attempt.registration;
    const progress = known.get(attempt) ?? NOTHING_CHECKED;
    const complete = handed[0]?.seq === progress.seq + 1;
    const entries = complete ? handed : await deps.log.read(attemptId, progress.seq);
    if (known.has(attempt)) return [progress, entries];
    const before = entries.filter(({ seq }) => seq <= verifiedSeq);
    return [await goOver(attempt, progress, before, false), entries.slice(before.length)];
  };

  /** @returns how far it is checked for good; null when that is not said yet. */
  const check = async (
    attempt: LiveAttempt,
    handed: readonly LedgerEntry[],
  ): Promise<Mark | null> => {
    const [progress, entries] = await takeUp(attempt, handed);
    await checkSignatures(attempt, entries);
    const next = await goOver(attempt, progress, entries, true);
    const { seq, replay } = next;
    // Two folds of the same entries are one.
    const same = next.attempt.hash === attempt.state.hash && replay.attempt.seq === seq;
    known.set(
      attempt,
      same
        ? { ...next, attempt: attempt.state, replay: { ...replay, attempt: attempt.state } }
        : next,
    );
    const { attemptId } = attempt.registration;
    if (replay.fault !== null) {
      deps.chain.broken(attempt, replay.fault.reason, replay.fault.seq);
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
      deps.chain.broken(attempt, 'incident-missing', progress.seq);
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

  /** Takes three times as long again as the task took. */
  const timed = async <T>(task: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const outcome = await task();
    if (!hurry) await sleep(3 * (performance.now() - began));
    return outcome;
  };

  const run = (task: () => Promise<void>): void => {
    running = running.then(task).catch((error: unknown) => {
      deps.serverLog('error', 'chain audit failed', { error });
    });
  };

  /** Some of those that wait behind, with pauses in which everybody else has the processor; their marks are one write. */
  const takeUpSome = async (): Promise<void> => {
    const marks: Mark[] = [];
    for (const [attempt, entries] of [...behind].slice(0, BACKLOG_BATCH)) {
      behind.delete(attempt);
      const mark = await timed(() =>
        checked(attempt.registration.attemptId, () => check(attempt, entries)),
      );
      if (mark !== null) marks.push(mark);
    }
    if (marks.length > 0) await deps.log.saveVerified(marks);
    if (behind.size > 0 && !closed) run(takeUpSome);
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
      if (entries[0]?.seq === 1) followed.add(attempt);
      const near = followed.has(attempt) || known.has(attempt);
      const lane = near && !behind.has(attempt) ? waiting : behind;
      const others = lane.get(attempt);
      if (others === undefined) lane.set(attempt, [...entries]);
      else others.push(...entries);
      if (lane === waiting) schedule();
      else if (!closed) quiet.touch();
    },
    resume: () => run(() => takeUpFrom(null)),
    idle: async () => {
      hurry = true;
      run(drain);
      if (behind.size > 0) run(takeUpSome);
      for (let last: Promise<void> | null = null; last !== running; ) {
        last = running;
        await last;
      }
      hurry = false;
    },
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      quiet.clear();
    },
  };
};

const owes = ({ attempt, owed }: Replay): boolean => attempt.phase === 'closed' && owed.length > 0;
