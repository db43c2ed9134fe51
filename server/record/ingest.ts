import type { ServerClock } from '#server/platform/ports.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { Hash } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { MAX_BATCH } from '#shared/wire/kiosk-socket.ts';
import { changedIncidents } from './attempt-fold.ts';
import type { ChainState } from './chain-state.ts';
import { commitPlans } from './commit-plans.ts';
import { consider, type IngestPlan, newPlan } from './ingest-plan.ts';
import { advance, type LiveAttempt } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { CommandOutcome, EntryLog } from './ports.ts';
import type { RecordFacts } from './record-facts.ts';
import { weightOf } from './weight.ts';

/** How one turn ended for a sender. */
export interface IngestOutcome {
  /** Where the server stands after the commit, when anything of the sender's is (or was already) stored. */
  readonly ack: { readonly seq: number; readonly hash: Hash } | null;
  readonly refusal: { readonly problem: Problem; readonly expectedSeq: number } | null;
}

export interface IngestSender {
  /** Called once per turn in which something of this sender was handled, after the commit. */
  settled(outcome: IngestOutcome): void;
}

export interface Ingest {
  /** Queues entries whose shape was checked (`LedgerEntrySchema`). The turn's end commits them. */
  submit(attempt: LiveAttempt, entries: readonly LedgerEntry[], sender: IngestSender): void;
  /** Resolves when nothing is queued any more. */
  idle(): Promise<void>;
}

export interface IngestDeps {
  readonly log: EntryLog;
  readonly clock: ServerClock;
  readonly chain: ChainState;
  readonly facts: Pick<RecordFacts, 'committed' | 'changed' | 'turnEnded'>;
  readonly serverLog: ServerLog;
  readonly attempts: Pick<LiveAttempts, 'readOn'>;
}

/** The most that one turn takes, of all kiosks and of one attempt (one full message): the rest waits, so that everybody has a turn. */
const TURN = { entries: 20 * MAX_BATCH, ofOne: MAX_BATCH } as const;

/**
 * A transaction costs the disk the same for one entry as for hundreds, and nobody is heard while it is written: with less
 * than this waiting the next turn rests for as long as the last one took, and at most so long, ms. No timer is shorter than
 * the least.
 */
const REST = { entries: 64, leastMs: 1, mostMs: 50 } as const;

interface Submission {
  readonly attempt: LiveAttempt;
  readonly entries: readonly LedgerEntry[];
  readonly sender: IngestSender;
}

/** What one sender gets to hear. */
interface Answer {
  readonly plan: IngestPlan;
  /** Something of it is stored now, or was already. */
  taken: boolean;
  problem: Problem | null;
}

/**
 * The hot path: everything that came within one turn of the event loop, from all kiosks, becomes one
 * transaction; whoever sent it is answered after the commit, once. Storing is idempotent on
 * (attempt, seq). An attempt that cannot be folded or stored is refused alone: its neighbours in the turn are
 * committed. Signatures and rules are checked later, beside it, by who listens to the facts.
 */
export const ingest = (deps: IngestDeps): Ingest => {
  const { serverLog } = deps;
  const commit = commitPlans(deps);
  let queue: Submission[] = [];
  let running: Promise<void> | null = null;
  let scheduled = false;
  /** Set while the scheduled turn rests. */
  let resting: NodeJS.Timeout | null = null;
  let restedAt = 0;

  const begin = (): void => {
    scheduled = false;
    resting = null;
    const began = performance.now();
    running = turn()
      .catch((error: unknown) => serverLog('error', 'ingest turn failed', { error }))
      .finally(() => {
        running = null;
        const ended = performance.now();
        restedAt = ended + Math.min(ended - began, REST.mostMs);
        if (queue.length > 0) schedule();
      });
  };

  const schedule = (): void => {
    const many = queue.length >= REST.entries;
    if (many && resting !== null) {
      clearTimeout(resting);
      resting = null;
      setImmediate(begin);
    }
    if (scheduled || running !== null) return;
    scheduled = true;
    const rest = many ? 0 : restedAt - performance.now();
    if (rest >= REST.leastMs) resting = setTimeout(begin, rest);
    else setImmediate(begin);
  };

  const turn = async (): Promise<void> => {
    const submissions = queue;
    queue = [];
    const plans = new Map<LiveAttempt, IngestPlan>();
    const answers = new Map<IngestSender, Answer>();
    const later: Submission[] = [];
    let left = TURN.entries;
    for (const submission of submissions) {
      const { attempt, entries, sender } = submission;
      let plan = plans.get(attempt);
      if (plan === undefined) {
        const bytes = weightOf(attempt, deps.log);
        plan = newPlan(attempt, typeof bytes === 'number' ? bytes : await bytes, TURN.ofOne);
        plans.set(attempt, plan);
      }
      if (entries.length > Math.min(plan.room, left)) {
        later.push(submission);
        // What waits keeps its order: nothing of the same attempt overtakes it.
        plan.room = 0;
        continue;
      }
      plan.room -= entries.length;
      left -= entries.length;
      const answer = answers.get(sender) ?? { plan, taken: false, problem: null };
      answers.set(sender, answer);
      for (const entry of entries) {
        const verdict = consider(deps, plan, entry);
        const refusal = verdict instanceof Promise ? await verdict : verdict;
        if (refusal === null) {
          answer.taken = true;
        } else {
          answer.problem ??= refusal;
          break;
        }
      }
    }
    if (later.length > 0) queue = [...later, ...queue];
    const failures = await commit([...plans.values()].filter(({ sealed }) => sealed.length > 0));
    const committed = [...plans.values()].filter((plan) => !failures.has(plan));
    const outcomes = committed.map((plan) => remember(plan));
    for (const [sender, { plan, taken, problem: refusal }] of answers) {
      // After a failed commit the memory stands where the store stands.
      const failure = failures.get(plan) ?? null;
      const { seq, hash: head } = plan.attempt.state;
      const reason = failure ?? refusal;
      answerTo(sender, {
        ack: failure === null && taken ? { seq, hash: head } : null,
        refusal: reason === null ? null : { problem: reason, expectedSeq: seq + 1 },
      });
    }
    for (const tell of outcomes) tell();
    deps.facts.turnEnded();
  };

  /** A sender that fails keeps no other from its answer. */
  const answerTo = (sender: IngestSender, outcome: IngestOutcome): void => {
    try {
      sender.settled(outcome);
    } catch (error) {
      serverLog('error', 'an answer was not sent', { error });
    }
  };

  /** Lets memory see what is stored. @returns how to tell it. */
  const remember = (plan: IngestPlan): (() => void) => {
    const { attempt, next, sealed, outcomes, gap } = plan;
    if (gap || sealed.length > 0) deps.chain.gap(attempt, gap);
    if (plan.full !== null) deps.chain.full(attempt, plan.full);
    attempt.bytes = plan.bytes;
    if (sealed.length === 0) return () => {};
    const before = attempt.state;
    advance(attempt, next);
    const commands = outcomes
      .filter((outcome) => settle(attempt, outcome))
      .map(({ commandId }) => commandId);
    const entries = sealed.map(({ entry }) => entry);
    const incidents = changedIncidents(before, next.state);
    return () => deps.facts.committed(attempt, { entries, before, incidents, commands });
  };

  return {
    submit: (attempt, entries, sender) => {
      queue.push({ attempt, entries, sender });
      schedule();
    },
    idle: async () => {
      while (queue.length > 0 || scheduled || running !== null) {
        await (running ?? new Promise((resolve) => setImmediate(resolve)));
      }
    },
  };
};

const settle = (attempt: LiveAttempt, outcome: CommandOutcome): boolean => {
  const command = attempt.commands.get(outcome.commandId);
  if (command === undefined) return false;
  if (command.state === 'applied' || command.state === 'rejected') return false;
  attempt.commands.set(outcome.commandId, { ...command, state: outcome.state });
  return true;
};
