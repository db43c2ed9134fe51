import type { ServerClock } from '#server/platform/ports.ts';
import { problem } from '#server/platform/problems.ts';
import type { RoomHub } from '#server/room/room-hub.ts';
import { looksDifferent } from '#server/room/room-view.ts';
import type { Hash } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { ChainState, ServerLog } from './chain-state.ts';
import { entryProblem } from './entry-check.ts';
import { sealedText } from './entry-hash.ts';
import { fold, type LiveAttempt } from './live-attempt.ts';
import type { CommandOutcome, EntryLog, SealedEntry } from './ports.ts';

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
  readonly hub: RoomHub;
  readonly serverLog: ServerLog;
  /** Told after the commit, for the checks that run beside the ingest. */
  readonly committed: (attempt: LiveAttempt, entries: readonly LedgerEntry[]) => void;
}

interface Submission {
  readonly attempt: LiveAttempt;
  readonly entries: readonly LedgerEntry[];
  readonly sender: IngestSender;
}

/** What one turn is going to store for one attempt, before it is committed. */
interface Plan {
  readonly attempt: LiveAttempt;
  seq: number;
  hash: Hash;
  t: number;
  readonly entries: SealedEntry[];
  gap: boolean;
}

/** What one sender gets to hear. */
interface Answer {
  readonly plan: Plan;
  /** Something of it is stored now, or was already. */
  taken: boolean;
  problem: Problem | null;
}

/**
 * The hot path: everything that came within one turn of the event loop, from all kiosks, becomes one
 * transaction; whoever sent it is answered after the commit, once. Storing is idempotent on
 * (attempt, seq). Signatures and rules are checked later, beside it (`committed`).
 */
export const ingest = (deps: IngestDeps): Ingest => {
  let queue: Submission[] = [];
  let running: Promise<void> | null = null;
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled || running !== null) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (deps.log.busy()) return schedule();
      running = turn()
        .catch((error: unknown) => deps.serverLog('error', 'ingest turn failed', { error }))
        .finally(() => {
          running = null;
          if (queue.length > 0) schedule();
        });
    });
  };

  const turn = async (): Promise<void> => {
    const submissions = queue;
    queue = [];
    const plans = new Map<LiveAttempt, Plan>();
    const answers = new Map<IngestSender, Answer>();
    for (const { attempt, entries, sender } of submissions) {
      const plan = plans.get(attempt) ?? newPlan(attempt);
      plans.set(attempt, plan);
      const answer = answers.get(sender) ?? { plan, taken: false, problem: null };
      answers.set(sender, answer);
      for (const entry of entries) {
        const verdict = consider(plan, entry);
        const refusal = verdict instanceof Promise ? await verdict : verdict;
        if (refusal === null) {
          answer.taken = true;
        } else {
          answer.problem ??= refusal;
          break;
        }
      }
    }
    const failure = await commit(plans);
    for (const [sender, { plan, taken, problem: refusal }] of answers) {
      // After a failed commit the memory stands where the store stands.
      const { seq, hash: head } = plan.attempt.state;
      const reason = failure ?? refusal;
      sender.settled({
        ack: failure === null && taken ? { seq, hash: head } : null,
        refusal: reason === null ? null : { problem: reason, expectedSeq: seq + 1 },
      });
    }
    if (failure !== null) return;
    deps.hub.flush();
    for (const [attempt, plan] of plans) {
      if (plan.entries.length > 0) {
        deps.committed(
          attempt,
          plan.entries.map(({ entry }) => entry),
        );
      }
    }
  };

  /** Adds the entry to the plan, or says why it is refused; only what was sent before asks the store. */
  const consider = (plan: Plan, entry: LedgerEntry): Promise<Problem | null> | Problem | null => {
    const { attempt } = plan;
    const wrong = entryProblem(entry, attempt.registration);
    if (wrong !== null) return wrong;
    if (entry.seq > plan.seq + 1) {
      plan.gap = true;
      return problem('conflict', `expected seq ${plan.seq + 1}, got ${entry.seq}`);
    }
    if (entry.seq <= plan.seq) return considerAgain(plan, entry);
    if (entry.previous !== plan.hash) {
      deps.chain.broken(attempt, `entry ${entry.seq} does not follow the entry before`);
      return problem('chain-broken', `entry ${entry.seq} does not follow the entry before`);
    }
    const text = sealedText(entry);
    if (text === null)
      return problem('bad-request', `entry ${entry.seq}: data has no canonical JSON`);
    if (text === false) {
      deps.chain.broken(attempt, `entry ${entry.seq} does not fit its hash`);
      return problem('chain-broken', `entry ${entry.seq} does not fit its hash`);
    }
    if (entry.t < plan.t) deps.chain.broken(attempt, `entry ${entry.seq}: exam time ran backwards`);
    plan.entries.push({ entry, text });
    plan.t = Math.max(plan.t, entry.t);
    plan.seq = entry.seq;
    plan.hash = entry.hash;
    return null;
  };

  /** An entry in a place that is taken: the same one is fine. */
  const considerAgain = async (plan: Plan, entry: LedgerEntry): Promise<Problem | null> => {
    const { state, registration } = plan.attempt;
    const known =
      entry.seq > state.seq
        ? (plan.entries[entry.seq - state.seq - 1]?.entry.hash ?? null)
        : await deps.log.hashAt(registration.attemptId, entry.seq);
    if (known === entry.hash) return null;
    deps.chain.broken(plan.attempt, `another entry ${entry.seq} was sent later`);
    return problem('chain-broken', `entry ${entry.seq} is stored with another hash`);
  };

  /** Stores the turn and only then lets memory and dashboards see it. */
  const commit = async (plans: ReadonlyMap<LiveAttempt, Plan>): Promise<Problem | null> => {
    const entries: SealedEntry[] = [];
    for (const plan of plans.values()) entries.push(...plan.entries);
    if (entries.length > 0) {
      try {
        await deps.log.append(entries, outcomesOf(entries), deps.clock.now());
      } catch (error) {
        deps.serverLog('error', 'ingest could not store', { error, entries: entries.length });
        return problem('storage-failed', undefined, 1_000);
      }
    }
    for (const plan of plans.values()) {
      remember(plan);
      if (plan.gap || plan.entries.length > 0) deps.chain.gap(plan.attempt, plan.gap);
    }
    return null;
  };

  const remember = ({ attempt, entries }: Plan): void => {
    for (const { entry } of entries) {
      const before = attempt.state;
      const incidents = fold(attempt, entry);
      if (looksDifferent(before, attempt.state)) deps.hub.changed(attempt, { incidents });
    }
    const commands = outcomesOf(entries)
      .filter((outcome) => settle(attempt, outcome))
      .map(({ commandId }) => commandId);
    if (commands.length > 0) deps.hub.changed(attempt, { commands });
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

const newPlan = (attempt: LiveAttempt): Plan => ({
  attempt,
  seq: attempt.state.seq,
  hash: attempt.state.hash,
  t: attempt.state.t,
  entries: [],
  gap: false,
});

/** The commands that entries answer. */
const outcomesOf = (entries: readonly SealedEntry[]): readonly CommandOutcome[] => {
  const outcomes: CommandOutcome[] = [];
  for (const { entry } of entries) {
    if (entry.type !== 'command-applied') continue;
    const { issued, outcome } = entry.data as unknown as FactData<'command-applied'>;
    outcomes.push({ commandId: issued.id, attemptId: entry.attemptId, state: outcome });
  }
  return outcomes;
};

const settle = (attempt: LiveAttempt, outcome: CommandOutcome): boolean => {
  const command = attempt.commands.get(outcome.commandId);
  if (command === undefined) return false;
  if (command.state === 'applied' || command.state === 'rejected') return false;
  attempt.commands.set(outcome.commandId, { ...command, state: outcome.state });
  return true;
};
