import type { EpisodeId, IncidentId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { earliest, nextSeenCount } from './deadlines.ts';
import { type Episode, joinEpisode, touchEpisode } from './episodes.ts';
import type { IncidentKind } from './kind.ts';
import type { Facts, Observation } from './observation.ts';
import { kindPolicy, type Policy } from './policy.ts';
import type { RuleParts } from './rule-parts.ts';
import type { Condition, RuleEvent, RuleInput, RulesState } from './rules-state.ts';

/** One run of `evaluate`: the state so far and what it caused. */
interface Turn {
  state: RulesState;
  readonly parts: RuleParts;
  readonly policy: Policy;
  readonly events: RuleEvent[];
}

const setCondition = (turn: Turn, kind: IncidentKind, condition: Condition | null): void => {
  const { [kind]: _, ...others } = turn.state.conditions;
  const conditions = condition === null ? others : { ...others, [kind]: condition };
  turn.state = { ...turn.state, conditions };
};

/** Whether the rules hear of this kind now, and count it: what the gate holds back waits for its opening. */
const atGate = ({ state, parts }: Turn, kind: IncidentKind): RulesState['gate'] =>
  parts.heldBack(kind) ? state.gate : 'open';

const countsNow = (turn: Turn, kind: IncidentKind): boolean =>
  atGate(turn, kind) === 'open' && turn.parts.counts(kind, turn.policy);

/** Nothing of a kind is held against anybody from before. */
const floorOf = ({ state, parts }: Turn, kind: IncidentKind): ExamTime =>
  parts.heldBack(kind) ? Math.max(state.floorT, state.gateT) : state.floorT;

const openIncident = (
  turn: Turn,
  kind: IncidentKind,
  startedT: ExamTime,
  openedT: ExamTime,
  facts: Facts,
): { readonly id: IncidentId; readonly episodeId: EpisodeId } => {
  const { state, parts, policy } = turn;
  const counting = countsNow(turn, kind);
  const continued = startedT <= state.floorT + parts.carryMs ? state.carried[kind] : undefined;
  const joined = joinEpisode(
    parts,
    state.episodes,
    { kind, startedT, counting },
    continued,
    policy,
  );
  const id = `${kind}-${startedT}` as IncidentId;
  turn.state = {
    ...state,
    episodes: joined.episodes,
    lastStartT: {
      ...state.lastStartT,
      [kind]: Math.max(state.lastStartT[kind] ?? 0, startedT),
    },
  };
  dropCarried(turn, kind);
  const incident = { id, kind, startedT, openedT, counted: counting, episodeId: joined.id, facts };
  turn.events.push({ type: 'incident-opened', incident });
  if (joined.copyAttempt)
    turn.events.push({ type: 'copy-attempt', incidentId: id, episodeId: joined.id });
  return { id, episodeId: joined.id };
};

const endWarning = (turn: Turn, kind: IncidentKind, condition: Condition): void => {
  if (condition.warned && condition.incident === null)
    turn.events.push({ type: 'warning-ended', kind, startedT: condition.startedT });
};

/** It has ended for certain: what comes later is another act. */
const dropCarried = (turn: Turn, kind: IncidentKind): void => {
  const { [kind]: _, ...carried } = turn.state.carried;
  turn.state = { ...turn.state, carried };
};

/** Takes a condition away: closes its incident, or forgets that it might have become one. */
const finish = (turn: Turn, kind: IncidentKind, condition: Condition, endedT: ExamTime): void => {
  endWarning(turn, kind, condition);
  setCondition(turn, kind, null);
  if (condition.incident === null) {
    dropCarried(turn, kind);
    return;
  }
  const { id, episodeId } = condition.incident;
  const episodes = touchEpisode(turn.parts, turn.state.episodes, episodeId, kind, endedT);
  turn.state = { ...turn.state, episodes };
  turn.events.push({ type: 'incident-closed', incidentId: id, endedT });
};

/** Does everything that is due at `upTo` or before, in the order of its moments. */
const fire = (turn: Turn, upTo: ExamTime): void => {
  for (;;) {
    const due = earliest(turn.parts, turn.state, turn.policy);
    if (due === null || due.t > upTo) return;
    const { kind, condition } = due;
    if (due.step === 'break-over') {
      finish(turn, kind, condition, condition.breakT ?? due.t);
    } else if (due.step === 'warn') {
      setCondition(turn, kind, { ...condition, warned: true });
      turn.events.push({
        type: 'warning-began',
        kind,
        startedT: condition.startedT,
        incidentAtT: condition.startedT + kindPolicy(turn.policy, kind).minMs,
        counts: countsNow(turn, kind),
      });
    } else {
      endWarning(turn, kind, condition);
      const incident = openIncident(turn, kind, condition.startedT, due.t, condition.facts);
      setCondition(turn, kind, { ...condition, incident });
    }
  }
};

/** What is stated of a kind that these rules judge. */
interface KnownObservation extends Pick<Observation, 't' | 'facts'> {
  readonly kind: IncidentKind;
}

/** The start that a new condition or act gets: not before the exam ran, and never that of another incident of its kind. */
const startFor = (turn: Turn, kind: IncidentKind, t: ExamTime): ExamTime => {
  const { state } = turn;
  const start = Math.max(t, floorOf(turn, kind), (state.lastStartT[kind] ?? -1) + 1);
  return start === state.conditions[kind]?.startedT ? start + 1 : start;
};

const NEVER = { beganT: -1, endedT: -1 };

const began = (turn: Turn, { kind, t, facts }: KnownObservation): void => {
  const { state } = turn;
  const seen = state.seen[kind] ?? NEVER;
  const condition = state.conditions[kind];
  if (condition !== undefined) {
    // The break was too short to be one: nothing has changed.
    if (condition.breakT !== null && t >= condition.breakT)
      setCondition(turn, kind, { ...condition, breakT: null });
    return;
  }
  if (t <= seen.beganT || t < seen.endedT) return;
  const startedT = startFor(turn, kind, t);
  turn.state = { ...state, seen: { ...state.seen, [kind]: { ...seen, beganT: t } } };
  setCondition(turn, kind, { startedT, facts, warned: false, incident: null, breakT: null });
};

const ended = (turn: Turn, { kind, t }: KnownObservation): void => {
  const seen = turn.state.seen[kind] ?? NEVER;
  if (t <= seen.endedT) return;
  turn.state = { ...turn.state, seen: { ...turn.state.seen, [kind]: { ...seen, endedT: t } } };
  const condition = turn.state.conditions[kind];
  if (condition === undefined) dropCarried(turn, kind);
  if (condition === undefined || condition.breakT !== null) return;
  const breakT = Math.max(t, condition.startedT);
  setCondition(turn, kind, { ...condition, breakT });
};

const happened = (turn: Turn, { kind, t, facts }: KnownObservation): void => {
  const { state, parts, policy } = turn;
  const act = state.acts[kind];
  if (act !== undefined) {
    if (t <= act.lastT) return;
    const { breakMs } = kindPolicy(policy, kind);
    if (t - act.lastT < breakMs && t - act.startedT <= policy.episodeMaxMs) {
      turn.state = {
        ...state,
        acts: { ...state.acts, [kind]: { ...act, lastT: t } },
        episodes: touchEpisode(parts, state.episodes, act.episodeId, kind, t),
      };
      return;
    }
  }
  const startedT = startFor(turn, kind, t);
  const { id, episodeId } = openIncident(turn, kind, startedT, startedT, facts);
  turn.events.push({ type: 'incident-closed', incidentId: id, endedT: startedT });
  turn.state = {
    ...turn.state,
    acts: { ...turn.state.acts, [kind]: { startedT, lastT: Math.max(t, startedT), episodeId } },
  };
};

const observe = (turn: Turn, observation: Observation): void => {
  const { kind, phase, t, facts } = observation;
  if (!turn.parts.judges(kind, turn.policy) || atGate(turn, kind) === 'closed') return;
  if (turn.parts.excused(kind, facts, turn.policy)) return;
  const known = { kind, t, facts };
  if (phase === 'began') began(turn, known);
  else if (phase === 'ended') ended(turn, known);
  // A single act from before the gate opened is nobody's.
  else if (!turn.parts.heldBack(kind) || t >= turn.state.gateT) happened(turn, known);
};

/** Ends everything at `t`, and remembers the acts that may turn out to go on. */
const stop = (turn: Turn, t: ExamTime): void => {
  const { state, parts } = turn;
  const lasting: { [K in IncidentKind]?: Episode } = {};
  for (const kind of parts.kinds) {
    const condition = state.conditions[kind];
    const before = state.carried[kind];
    const own = state.episodes.find((episode) => episode.id === condition?.incident?.episodeId);
    if (own !== undefined) lasting[kind] = own;
    else if (before !== undefined && (condition !== undefined || t <= state.floorT + parts.carryMs))
      lasting[kind] = before;
  }
  for (const kind of parts.kinds) {
    const condition = state.conditions[kind];
    if (condition === undefined) continue;
    finish(turn, kind, condition, condition.breakT ?? Math.max(t, condition.startedT));
  }
  turn.state = { ...turn.state, carried: lasting };
};

const runFrom = (turn: Turn, t: ExamTime): void => {
  const gate = turn.parts.gate(turn.policy) ? 'closed' : 'open';
  turn.state = { ...turn.state, seen: {}, floorT: Math.max(turn.state.floorT, t), gate };
};

/** What the gate holds back begins anew with it: what lasted before has ended, or is stated again. */
const turnGate = (turn: Turn, gate: RulesState['gate'], t: ExamTime): void => {
  for (const kind of turn.parts.kinds.filter(turn.parts.heldBack)) {
    const condition = turn.state.conditions[kind];
    if (condition !== undefined)
      finish(turn, kind, condition, condition.breakT ?? Math.max(t, condition.startedT));
    dropCarried(turn, kind);
    const { [kind]: _, ...seen } = turn.state.seen;
    turn.state = { ...turn.state, seen };
  }
  turn.state = { ...turn.state, gate, gateT: Math.max(turn.state.gateT, t) };
};

const run = (
  parts: RuleParts,
  state: RulesState,
  input: RuleInput,
  policy: Policy,
): { readonly state: RulesState; readonly events: readonly RuleEvent[] } => {
  const turn: Turn = { state, parts, policy, events: [] };
  const t = input.type === 'observation' ? input.observation.t : input.t;
  // While the program was dead nobody watched: what would have been due then is not held against anybody.
  if (input.type !== 'restarted') fire(turn, t);
  turn.state = { ...turn.state, t: Math.max(turn.state.t, t) };
  switch (input.type) {
    case 'observation':
      observe(turn, input.observation);
      fire(turn, turn.state.t);
      break;
    case 'stopped':
      stop(turn, turn.state.t);
      break;
    case 'restarted':
      stop(turn, turn.state.t);
      runFrom(turn, turn.state.t);
      break;
    case 'resumed':
      runFrom(turn, turn.state.t);
      break;
    case 'gate':
      turnGate(turn, input.gate, turn.state.t);
      break;
    case 'time':
      break;
  }
  return { state: turn.state, events: turn.events };
};

/** One version of the rules. */
export interface RuleSet {
  readonly parts: RuleParts;
  /** @see evaluate in `evaluate.ts` */
  evaluate(
    state: RulesState,
    input: RuleInput,
    policy: Policy,
  ): { readonly state: RulesState; readonly events: readonly RuleEvent[] };
  /** @see nextDeadline in `evaluate.ts` */
  nextDeadline(state: RulesState, policy: Policy): ExamTime | null;
  /** @see nextSeenCount in `evaluate.ts` */
  nextSeenCount(state: RulesState, policy: Policy): ExamTime | null;
}

/** Makes rules of their parts. */
export const ruleSet = (parts: RuleParts): RuleSet => ({
  parts,
  evaluate: (state, input, policy) => run(parts, state, input, policy),
  nextDeadline: (state, policy) => earliest(parts, state, policy)?.t ?? null,
  nextSeenCount: (state, policy) => nextSeenCount(parts, state, policy),
});
