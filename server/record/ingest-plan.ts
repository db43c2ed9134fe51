import { problem } from '#server/platform/problems.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import { type Folded, foldEntry } from './attempt-fold.ts';
import type { ChainState } from './chain-state.ts';
import { entryProblem } from './entry-check.ts';
import { sealedText } from './entry-hash.ts';
import { foldedOf, type LiveAttempt } from './live-attempt.ts';
import type { CommandOutcome, EntryLog, SealedEntry } from './ports.ts';
import { type Full, overQuota } from './quota.ts';

/** When a kiosk whose attempt is full may ask again, ms: nothing will have changed. */
const FULL_RETRY_MS = 60_000;

/** What one turn is going to store for one attempt, before it is committed. */
export interface IngestPlan {
  readonly attempt: LiveAttempt;
  /** What the attempt will be when it is stored. */
  next: Folded;
  readonly sealed: SealedEntry[];
  /** The commands that the entries answer. */
  readonly outcomes: CommandOutcome[];
  /** Something came from further on than what is there. */
  gap: boolean;
  /** Of all its entries, stored and planned. */
  bytes: number;
  /** What it has more of than any exam; what goes beyond is not stored. */
  full: Full | null;
  /** How many entries it may still have in this turn. */
  room: number;
}

export interface PlanDeps {
  readonly log: Pick<EntryLog, 'hashAt'>;
  readonly chain: Pick<ChainState, 'broken'>;
  readonly serverLog: ServerLog;
}

/** @param bytes stored of it. @param room how many entries it may have in this turn. */
export const newPlan = (attempt: LiveAttempt, bytes: number, room: number): IngestPlan => ({
  attempt,
  next: foldedOf(attempt),
  sealed: [],
  outcomes: [],
  gap: false,
  bytes,
  full: null,
  room,
});

/**
 * Adds the entry to the plan, or says why it is refused; only what was sent before asks the store. What
 * fails here is this attempt's alone.
 */
export const consider = (
  deps: PlanDeps,
  plan: IngestPlan,
  entry: LedgerEntry,
): Promise<Problem | null> | Problem | null => {
  try {
    const verdict = judge(deps, plan, entry);
    return verdict instanceof Promise
      ? verdict.catch((error: unknown) => failed(deps, entry, error))
      : verdict;
  } catch (error) {
    return failed(deps, entry, error);
  }
};

const failed = ({ serverLog }: PlanDeps, entry: LedgerEntry, error: unknown): Problem => {
  const { attemptId, seq, type } = entry;
  serverLog('error', 'an entry could not be judged', { error, attemptId, seq, type });
  return problem('server-failed', `entry ${seq} could not be judged`, 1_000);
};

const judge = (
  deps: PlanDeps,
  plan: IngestPlan,
  entry: LedgerEntry,
): Promise<Problem | null> | Problem | null => {
  const { attempt } = plan;
  const { registration } = attempt;
  const wrong = entryProblem(entry, registration);
  if (wrong !== null) return wrong;
  const head = plan.next.state;
  if (entry.seq > head.seq + 1) {
    plan.gap = true;
    return problem('conflict', `expected seq ${head.seq + 1}, got ${entry.seq}`);
  }
  if (entry.seq <= head.seq) return judgeAgain(deps, plan, entry);
  if (entry.previous !== head.hash) {
    deps.chain.broken(attempt, 'previous', entry.seq);
    return problem('chain-broken', `entry ${entry.seq} does not follow the entry before`);
  }
  const text = sealedText(entry);
  if (text === null)
    return problem('bad-request', `entry ${entry.seq}: data has no canonical JSON`);
  if (text === false) {
    deps.chain.broken(attempt, 'hash', entry.seq);
    return problem('chain-broken', `entry ${entry.seq} does not fit its hash`);
  }
  const next = foldEntry(plan.next, entry, registration);
  const bytes = plan.bytes + text.length;
  const full = overQuota(head, next.state, bytes);
  if (full !== null) {
    plan.full = full;
    return problem('too-large', `the attempt is full: ${full}`, FULL_RETRY_MS);
  }
  if (entry.t < head.t) deps.chain.broken(attempt, 'time', entry.seq);
  plan.next = next;
  plan.bytes = bytes;
  plan.sealed.push({ entry, text });
  if (entry.type === 'command-applied') {
    const { issued, outcome } = entry.data as unknown as FactData<'command-applied'>;
    plan.outcomes.push({ commandId: issued.id, attemptId: entry.attemptId, state: outcome });
  }
  return null;
};

/** An entry in a place that is taken: the same one is fine. */
const judgeAgain = async (
  { log, chain }: PlanDeps,
  { attempt, sealed }: IngestPlan,
  entry: LedgerEntry,
): Promise<Problem | null> => {
  const { state, registration } = attempt;
  const known =
    entry.seq > state.seq
      ? (sealed[entry.seq - state.seq - 1]?.entry.hash ?? null)
      : await log.hashAt(registration.attemptId, entry.seq);
  if (known === entry.hash) return null;
  chain.broken(attempt, 'replaced', entry.seq);
  return problem('chain-broken', `entry ${entry.seq} is stored with another hash`);
};
