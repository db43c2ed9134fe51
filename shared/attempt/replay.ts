import { evaluate, nextDeadline } from '#shared/incident/evaluate.ts';
import { isIncidentKind, type KindName } from '#shared/incident/kind.ts';
import { kindPolicy, type Policy } from '#shared/incident/policy.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';
import {
  INITIAL_RULES,
  type RuleEvent,
  type RuleInput,
  type RulesState,
} from '#shared/incident/rules-state.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json, LedgerEntry } from '#shared/ledger/entry.ts';
import type { Fact } from '#shared/wire/facts.ts';
import { applyEntry, factOf } from './apply-entry.ts';
import {
  type AttemptState,
  EMPTY_ATTEMPT,
  highestCopyAttempt,
  identityStatus,
} from './attempt-state.ts';
import { atLimit } from './copy-count.ts';
import { isBeforeGate } from './gate-law.ts';

/** Why a ledger is not what the rules make of its own observations. */
export type ReplayFault =
  /** The rules say that there was an incident or a copy attempt, or that one ended, and the ledger does not. */
  | 'incident-missing'
  /** The ledger has one that does not follow from its observations. */
  | 'incident-unfounded'
  /** It should be there, but not like this: other times, facts, episode or effect. */
  | 'incident-different'
  /** The copy attempt's number is not the next one. */
  | 'wrong-number'
  /** The limit was reached and the exam went on. */
  | 'not-closed'
  /** Closed for copy attempts before the limit was reached. */
  | 'closed-too-early'
  | 'closed-twice'
  /** The exam began although neither the camera nor a person had said who sits there (Art. 21, 35h). */
  | 'started-unidentified'
  /** The camera was judged before the gate let it, or somebody answered before saying who they are. */
  | 'before-the-gate';

/**
 * Why this build cannot say what the rules make of a ledger. It says so, and calls nothing wrong.
 * - `rules-version`: the policy names rules of another version.
 * - `unknown-kind`: the policy judges a kind that this build does not know, and it was stated.
 */
export interface Unjudged {
  /** The first entry that is not judged. */
  readonly seq: number;
  readonly reason: 'rules-version' | 'unknown-kind';
}

export type ReplayOutcome =
  | {
      readonly ok: true;
      /** What was not judged, and from which entry on; absent when everything was. */
      readonly unjudged?: Unjudged;
    }
  | { readonly ok: false; readonly seq: number; readonly reason: ReplayFault };

/** Events that the ledger must have. Warnings are only shown. */
type Recorded = Exclude<RuleEvent, { type: 'warning-began' | 'warning-ended' }>;

/** Where a replay stands. Plain data: the server keeps one per attempt and goes on with every entry. */
export interface Replay {
  readonly attempt: AttemptState;
  readonly rules: RulesState;
  /** What the rules have decided and the ledger has not told yet, in order. */
  readonly owed: readonly Recorded[];
  /** Since when the limit is reached while the exam runs; null otherwise. */
  readonly closingSinceT: ExamTime | null;
  /** The first entry that does not agree; nothing is judged after it. */
  readonly fault: { readonly seq: number; readonly reason: ReplayFault } | null;
  /** From where on nothing can be judged; nothing is judged after it. */
  readonly unjudged: Unjudged | null;
}

export const INITIAL_REPLAY: Replay = {
  attempt: EMPTY_ATTEMPT,
  rules: INITIAL_RULES,
  owed: [],
  closingSinceT: null,
  fault: null,
  unjudged: null,
};

const isRecorded = (event: RuleEvent): event is Recorded =>
  event.type !== 'warning-began' && event.type !== 'warning-ended';

const feed = (replay: Replay, input: RuleInput, policy: Policy): Replay => {
  const { state, events } = evaluate(replay.rules, input, policy);
  return { ...replay, rules: state, owed: [...replay.owed, ...events.filter(isRecorded)] };
};

/** What the rules are told by an entry, given the phase before and after it. */
const inputOf = (
  before: AttemptState,
  after: AttemptState,
  fact: Fact | null,
): RuleInput | null => {
  const { t } = after;
  const ran = before.phase === 'in-progress';
  const runs = after.phase === 'in-progress';
  if (ran && !runs) return { type: 'stopped', t };
  if (!ran && runs) return { type: 'resumed', t };
  if (!runs || fact === null) return null;
  if (fact.type === 'observation') return { type: 'observation', observation: fact.data };
  if (fact.type === 'host-restarted') return { type: 'restarted', t };
  if (before.gate === after.gate) return null;
  if (fact.type === 'watch-began')
    return { type: 'gate', gate: fact.data.judged === 'counts' ? 'open' : 'review', t };
  // Somebody decided who sits there: they are asked anew.
  return fact.type === 'gate-passed' ? null : { type: 'gate', gate: 'closed', t };
};

/** An entry as the event that it records; null for entries that the rules do not cause. */
const eventOf = (fact: Fact | null): Recorded | null => {
  switch (fact?.type) {
    case 'incident-opened':
      return { type: fact.type, incident: fact.data.incident };
    case 'incident-closed':
      return { type: fact.type, incidentId: fact.data.incidentId, endedT: fact.data.endedT };
    case 'copy-attempt': {
      const { incidentId, episodeId } = fact.data;
      return { type: fact.type, incidentId, episodeId };
    }
    default:
      return null;
  }
};

const same = (a: Recorded, b: Recorded): boolean =>
  canonicalText(a as unknown as Json) === canonicalText(b as unknown as Json);

/** Compares a recorded event with what is owed, letting the rules' time go on as far as the entry's. */
const settle = (
  replay: Replay,
  event: Recorded,
  t: ExamTime,
  policy: Policy,
): Replay | ReplayFault => {
  let current = replay;
  // Deadline by deadline: an observation that the kiosk heard between two of them comes in its turn.
  while (current.owed.length === 0) {
    const due = nextDeadline(current.rules, policy);
    if (due === null || due > t) return 'incident-unfounded';
    current = feed(current, { type: 'time', t: due }, policy);
  }
  const [expected, ...owed] = current.owed;
  if (expected === undefined) return 'incident-unfounded';
  if (!same(expected, event))
    return expected.type === event.type ? 'incident-different' : 'incident-missing';
  return { ...current, owed };
};

const closingFault = (replay: Replay, fact: Fact | null, t: ExamTime): ReplayFault | null => {
  const { attempt, closingSinceT } = replay;
  if (fact?.type === 'attempt-closed') {
    if (attempt.phase === 'closed') return 'closed-twice';
    if (fact.data.by === 'copy-attempts' && closingSinceT === null) return 'closed-too-early';
    return null;
  }
  // A program that died at that very moment first writes what is missing, and closes when it is back.
  if (closingSinceT === null || fact?.type === 'host-restarted' || eventOf(fact)) return null;
  const closingMs = attempt.policy === null ? 0 : (rulesOf(attempt.policy)?.parts.closingMs ?? 0);
  return t > closingSinceT + closingMs ? 'not-closed' : null;
};

/** A kiosk that lets somebody start before the check of the face is settled is noticed. */
const startFault = ({ attempt }: Replay, fact: Fact | null): ReplayFault | null => {
  if (fact?.type !== 'exam-started' || attempt.startedT !== null) return null;
  if (attempt.identity.settings.check !== 'face' || attempt.policy?.cameraExempt) return null;
  return identityStatus(attempt.identity) === 'verified' ? null : 'started-unidentified';
};

const closingSince = (replay: Replay, after: AttemptState, fact: Fact | null): ExamTime | null => {
  if (after.phase !== 'in-progress' || after.policy === null || !atLimit(after)) return null;
  return fact?.type === 'host-restarted' ? after.t : (replay.closingSinceT ?? after.t);
};

/** The kind that an entry states or judges, if any. */
const kindOf = (fact: Fact | null): KindName | null => {
  if (fact?.type === 'observation') return fact.data.kind;
  return fact?.type === 'incident-opened' ? fact.data.incident.kind : null;
};

/**
 * A kind that the policy does not name is ignored by every build, whether it knows it or not. Entries of unknown types
 * are no reason: one that the rules had to hear would have come with a new version of them.
 */
const unjudgedReason = (policy: Policy | null, fact: Fact | null): Unjudged['reason'] | null => {
  if (policy === null) return null;
  if (rulesOf(policy) === null) return 'rules-version';
  const kind = kindOf(fact);
  if (kind === null || isIncidentKind(kind)) return null;
  return kindPolicy(policy, kind).effect === 'ignore' ? null : 'unknown-kind';
};

const judge = (replay: Replay, entry: LedgerEntry): Replay | ReplayFault => {
  const fact = factOf(entry);
  const attempt = applyEntry(replay.attempt, entry);
  const unjudged = unjudgedReason(attempt.policy, fact);
  if (unjudged !== null) return { ...replay, unjudged: { seq: entry.seq, reason: unjudged } };
  const closing = closingFault(replay, fact, entry.t);
  if (closing !== null) return closing;
  const start = startFault(replay, fact);
  if (start !== null) return start;
  if (isBeforeGate(replay.attempt, fact, entry.t)) return 'before-the-gate';
  const next = { ...replay, attempt, closingSinceT: closingSince(replay, attempt, fact) };
  const { policy } = attempt;
  if (policy === null) return next;
  const event = eventOf(fact);
  if (event !== null) {
    const settled = settle(next, event, entry.t, policy);
    if (typeof settled === 'string' || fact?.type !== 'copy-attempt') return settled;
    const number = rulesOf(policy)?.parts.numberAfter(
      attempt.copyAttempts - 1,
      highestCopyAttempt(replay.attempt.incidents),
    );
    return fact.data.number === number ? settled : 'wrong-number';
  }
  const input = inputOf(replay.attempt, attempt, fact);
  if (input === null) return next;
  // The program may have died, or closed the exam, between a decision and its record: that comes after.
  const mayOwe = input.type === 'restarted' || input.type === 'stopped';
  if (replay.owed.length > 0 && !mayOwe) return 'incident-missing';
  if (input.type !== 'observation') return feed(next, input, policy);
  return feed(feed(next, { type: 'time', t: entry.t }, policy), input, policy);
};

/**
 * Goes on with one entry. The caller has checked the chain (`verifyChain`, `linkFault`): form, order, data.
 * After the first fault, or the first that cannot be judged, nothing is judged any more.
 */
export const replayEntry = (replay: Replay, entry: LedgerEntry): Replay => {
  if (replay.fault !== null || replay.unjudged !== null) return replay;
  const next = judge(replay, entry);
  return typeof next === 'string' ? { ...replay, fault: { seq: entry.seq, reason: next } } : next;
};

/**
 * What the rules remember after these entries, for a kiosk that starts again in the middle of an attempt.
 * @returns `missing`: what the rules had decided when the program died and the ledger does not have yet.
 * It is written first, before or right after `host-restarted`.
 */
export const replayRules = (
  entries: readonly LedgerEntry[],
): { readonly rules: RulesState; readonly missing: readonly RuleEvent[] } => {
  const { rules, owed } = entries.reduce(replayEntry, INITIAL_REPLAY);
  return { rules, missing: owed };
};

/**
 * Judges a ledger by its own observations: the incidents, copy attempts and the closing that it tells
 * must be what `evaluate` makes of the observations that it tells, with the policy of `attempt-opened`.
 * A kiosk that leaves out an incident, makes one up, or goes on after the third copy attempt is noticed,
 * and any decision can be checked in an appeal.
 *
 * The agreement with whoever writes the ledger (the engine, or any other kiosk):
 * - The rules hear only what the ledger has, and only while the attempt is in progress. An observation's
 *   entry is stored before the rules hear it; they first hear the time of the entry, then the observation.
 *   What follows (incident-opened, incident-closed, copy-attempt, in the order of the events) is stored
 *   before the next input is heard. Warnings, checkpoints, answers and messages may come in between.
 * - Telling the rules the time needs no entry, but may not pass the exam time of the next entry.
 * - exam-started, and the command-applied that resumes or reopens: the rules hear `resumed` at the
 *   entry's `t`; then every condition that lasts is stated again as a new `began` observation.
 * - command-applied that pauses, attempt-closed: `stopped` at the entry's `t`.
 * - Where the policy's rules have a gate (version 2 on), `resumed` and `restarted` close it, and so does a decision about
 *   the identity while the exam runs. gate-passed is the examinee's press; before it there is no answer. watch-began
 *   comes at the earliest the policy's `gate.graceMs` after the press (`judged: counts`) or `gate.pictureMs` (`review`):
 *   the rules hear `gate` at its `t`, then every kind of the camera that lasts is stated again. Until then
 *   they hear nothing that the gate holds back.
 * - host-restarted while in progress: `restarted` at the entry's `t`. The rules' state before it is that
 *   of `replayRules`, and what that says is missing is stored first.
 * - exam-started comes only when the camera or a person has said who sits there, where faces are checked.
 * - When the standing copy attempts reach the policy's limit, attempt-closed by `copy-attempts` follows
 *   within 5 s of exam time; after a crash, within 5 s of host-restarted.
 *
 * @param entries of one attempt from the first on, their chain verified. An attempt that still runs may
 * end anywhere.
 * @returns the first entry that does not agree, or from which entry on this build cannot judge.
 */
export const replayIncidents = (entries: readonly LedgerEntry[]): ReplayOutcome => {
  const { fault, unjudged, owed, attempt } = entries.reduce(replayEntry, INITIAL_REPLAY);
  if (fault !== null) return { ok: false, ...fault };
  if (unjudged !== null) return { ok: true, unjudged };
  // What merely ended with the closing is written right after it, and may not have arrived yet.
  if (attempt.phase === 'closed' && owed.some(({ type }) => type !== 'incident-closed'))
    return { ok: false, seq: attempt.seq, reason: 'incident-missing' };
  return { ok: true };
};
