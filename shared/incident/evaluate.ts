import type { EpisodeId, IncidentId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { counts, needsCamera } from './catalogue.ts';
import { type Episode, joinEpisode, touchEpisode } from './episodes.ts';
import type { Incident } from './incident.ts';
import { INCIDENT_KINDS, type IncidentKind } from './kind.ts';
import type { Facts, Observation } from './observation.ts';
import type { Policy } from './policy.ts';

type PerKind<T> = Partial<Readonly<Record<IncidentKind, T>>>;

/** Something that lasts. */
interface Condition {
  readonly startedT: ExamTime;
  readonly facts: Facts;
  readonly warned: boolean;
  /** The incident that it became; null while it is too short for one. */
  readonly incident: { readonly id: IncidentId; readonly episodeId: EpisodeId } | null;
  /** Since when it is interrupted; the interruption may turn out to be too short to matter. */
  readonly breakT: ExamTime | null;
}

/** What the rules remember. Plain data of bounded size: it can be stored, compared and sent. */
export interface RulesState {
  /** The latest moment that the rules know of. */
  readonly t: ExamTime;
  /** When the exam last began to run: nothing is held against anybody from before. */
  readonly floorT: ExamTime;
  readonly conditions: PerKind<Condition>;
  /** The last single act of each kind, with its repetitions. */
  readonly acts: PerKind<{
    readonly startedT: ExamTime;
    readonly lastT: ExamTime;
    readonly episodeId: EpisodeId;
  }>;
  /** Latest `began` and `ended` of each kind: what is older comes late and says nothing new. */
  readonly seen: PerKind<{ readonly beganT: ExamTime; readonly endedT: ExamTime }>;
  /** Latest start of an incident of each kind, so that no id is given twice. */
  readonly lastStartT: PerKind<ExamTime>;
  readonly episodes: readonly Episode[];
  /** Episodes of what was still going on when the exam stopped: if it goes on afterwards, it is the same act. */
  readonly carried: PerKind<Episode>;
}

export const INITIAL_RULES: RulesState = {
  t: 0,
  floorT: 0,
  conditions: {},
  acts: {},
  seen: {},
  lastStartT: {},
  episodes: [],
  carried: {},
};

/**
 * What the rules are told. All times are exam time.
 * - `observation`: a sensor's fact. Its `t` may lie before the latest input (found out late).
 * - `time`: nothing new, but it is `t` now.
 * - `stopped`: the exam's clock stands still from `t` (pause, closing): everything open ends there.
 * - `resumed`: the exam begins or goes on at `t` (start, resume, reopening). What lasts is stated again afterwards.
 * - `restarted`: the program came back at `t` after dying: what lasted then is unknown since.
 */
export type RuleInput =
  | { readonly type: 'observation'; readonly observation: Observation }
  | { readonly type: 'time'; readonly t: ExamTime }
  | { readonly type: 'stopped'; readonly t: ExamTime }
  | { readonly type: 'resumed'; readonly t: ExamTime }
  | { readonly type: 'restarted'; readonly t: ExamTime };

export type RuleEvent =
  | {
      readonly type: 'warning-began';
      readonly kind: IncidentKind;
      readonly startedT: ExamTime;
      /** When it becomes an incident unless it ends. */
      readonly incidentAtT: ExamTime;
      readonly counts: boolean;
    }
  /** It ended, or became the incident that it warned of. */
  | { readonly type: 'warning-ended'; readonly kind: IncidentKind; readonly startedT: ExamTime }
  | { readonly type: 'incident-opened'; readonly incident: Incident }
  | { readonly type: 'incident-closed'; readonly incidentId: IncidentId; readonly endedT: ExamTime }
  /** Art. 70: once per episode that counts. */
  | {
      readonly type: 'copy-attempt';
      readonly incidentId: IncidentId;
      readonly episodeId: EpisodeId;
    };

/**
 * How long after a pause or a restart a condition that was an incident before is taken as never having
 * stopped, ms. After a restart the camera needs some seconds until it can say so.
 */
const CARRY_MS = 15_000;

/** One run of `evaluate`: the state so far and what it caused. */
interface Turn {
  state: RulesState;
  readonly policy: Policy;
  readonly events: RuleEvent[];
}

const setCondition = (turn: Turn, kind: IncidentKind, condition: Condition | null): void => {
  const { [kind]: _, ...others } = turn.state.conditions;
  const conditions = condition === null ? others : { ...others, [kind]: condition };
  turn.state = { ...turn.state, conditions };
};

type Step = 'break-over' | 'warn' | 'open';
interface Deadline {
  readonly t: ExamTime;
  readonly kind: IncidentKind;
  readonly step: Step;
  readonly condition: Condition;
}

const deadlineOf = (kind: IncidentKind, condition: Condition, policy: Policy): Deadline | null => {
  const { minMs, warnAfterMs, breakMs } = policy.kinds[kind];
  if (condition.breakT !== null)
    return { t: condition.breakT + breakMs, kind, step: 'break-over', condition };
  if (condition.incident !== null) return null;
  if (!condition.warned && warnAfterMs !== null && warnAfterMs < minMs)
    return { t: condition.startedT + warnAfterMs, kind, step: 'warn', condition };
  return { t: condition.startedT + minMs, kind, step: 'open', condition };
};

const earliest = (state: RulesState, policy: Policy): Deadline | null => {
  let first: Deadline | null = null;
  // In the catalogue's order, so that what falls on one moment always comes out alike.
  for (const kind of INCIDENT_KINDS) {
    const condition = state.conditions[kind];
    if (condition === undefined) continue;
    const deadline = deadlineOf(kind, condition, policy);
    if (deadline !== null && (first === null || deadline.t < first.t)) first = deadline;
  }
  return first;
};

/** When the rules next have something to decide without being told anything; null when nothing is pending. */
export const nextDeadline = (state: RulesState, policy: Policy): ExamTime | null =>
  earliest(state, policy)?.t ?? null;

const openIncident = (
  turn: Turn,
  kind: IncidentKind,
  startedT: ExamTime,
  openedT: ExamTime,
  facts: Facts,
): { readonly id: IncidentId; readonly episodeId: EpisodeId } => {
  const { state, policy } = turn;
  const counting = counts(kind, policy);
  const continued = startedT <= state.floorT + CARRY_MS ? state.carried[kind] : undefined;
  const joined = joinEpisode(state.episodes, { kind, startedT, counting }, continued, policy);
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
  const episodes = touchEpisode(turn.state.episodes, episodeId, kind, endedT);
  turn.state = { ...turn.state, episodes };
  turn.events.push({ type: 'incident-closed', incidentId: id, endedT });
};

/** Does everything that is due at `upTo` or before, in the order of its moments. */
const fire = (turn: Turn, upTo: ExamTime): void => {
  for (;;) {
    const due = earliest(turn.state, turn.policy);
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
        incidentAtT: condition.startedT + turn.policy.kinds[kind].minMs,
        counts: counts(kind, turn.policy),
      });
    } else {
      endWarning(turn, kind, condition);
      const incident = openIncident(turn, kind, condition.startedT, due.t, condition.facts);
      setCondition(turn, kind, { ...condition, incident });
    }
  }
};

/** The start that a new condition or act gets: not before the exam ran, and never that of another incident of its kind. */
const startFor = (state: RulesState, kind: IncidentKind, t: ExamTime): ExamTime => {
  const start = Math.max(t, state.floorT, (state.lastStartT[kind] ?? -1) + 1);
  return start === state.conditions[kind]?.startedT ? start + 1 : start;
};

const NEVER = { beganT: -1, endedT: -1 };

const began = (turn: Turn, { kind, t, facts }: Observation): void => {
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
  const startedT = startFor(state, kind, t);
  turn.state = { ...state, seen: { ...state.seen, [kind]: { ...seen, beganT: t } } };
  setCondition(turn, kind, { startedT, facts, warned: false, incident: null, breakT: null });
};

const ended = (turn: Turn, { kind, t }: Observation): void => {
  const seen = turn.state.seen[kind] ?? NEVER;
  if (t <= seen.endedT) return;
  turn.state = { ...turn.state, seen: { ...turn.state.seen, [kind]: { ...seen, endedT: t } } };
  const condition = turn.state.conditions[kind];
  if (condition === undefined) dropCarried(turn, kind);
  if (condition === undefined || condition.breakT !== null) return;
  const breakT = Math.max(t, condition.startedT);
  setCondition(turn, kind, { ...condition, breakT });
};

const happened = (turn: Turn, { kind, t, facts }: Observation): void => {
  const { state, policy } = turn;
  const act = state.acts[kind];
  if (act !== undefined) {
    if (t <= act.lastT) return;
    const { breakMs } = policy.kinds[kind];
    if (t - act.lastT < breakMs && t - act.startedT <= policy.episodeMaxMs) {
      turn.state = {
        ...state,
        acts: { ...state.acts, [kind]: { ...act, lastT: t } },
        episodes: touchEpisode(state.episodes, act.episodeId, kind, t),
      };
      return;
    }
  }
  const startedT = startFor(state, kind, t);
  const { id, episodeId } = openIncident(turn, kind, startedT, startedT, facts);
  turn.events.push({ type: 'incident-closed', incidentId: id, endedT: startedT });
  turn.state = {
    ...turn.state,
    acts: { ...turn.state.acts, [kind]: { startedT, lastT: Math.max(t, startedT), episodeId } },
  };
};

const observe = (turn: Turn, observation: Observation): void => {
  const { kind, phase } = observation;
  const { policy } = turn;
  if (policy.kinds[kind].effect === 'ignore') return;
  if (policy.cameraExempt && needsCamera(kind)) return;
  if (phase === 'began') began(turn, observation);
  else if (phase === 'ended') ended(turn, observation);
  else happened(turn, observation);
};

/** Ends everything at `t`, and remembers the acts that may turn out to go on. */
const stop = (turn: Turn, t: ExamTime): void => {
  const { state } = turn;
  const lasting: { [K in IncidentKind]?: Episode } = {};
  for (const kind of INCIDENT_KINDS) {
    const condition = state.conditions[kind];
    const before = state.carried[kind];
    const own = state.episodes.find((episode) => episode.id === condition?.incident?.episodeId);
    if (own !== undefined) lasting[kind] = own;
    else if (before !== undefined && (condition !== undefined || t <= state.floorT + CARRY_MS))
      lasting[kind] = before;
  }
  for (const kind of INCIDENT_KINDS) {
    const condition = state.conditions[kind];
    if (condition === undefined) continue;
    finish(turn, kind, condition, condition.breakT ?? Math.max(t, condition.startedT));
  }
  turn.state = { ...turn.state, carried: lasting };
};

const runFrom = (turn: Turn, t: ExamTime): void => {
  turn.state = { ...turn.state, seen: {}, floorT: Math.max(turn.state.floorT, t) };
};

/**
 * The rules. Pure: the same inputs in the same order give the same events, on the kiosk, on the server,
 * in a test and in an appeal two months later.
 *
 * Everything that is due at the input's time or before happens first, in the order of its moments, so
 * that it does not matter how often `time` is told. An incident's `openedT` is exactly its start plus
 * its kind's minimum duration, and its id is made of kind and start. Repeated, stray and late
 * observations are harmless, and so is time that runs backwards.
 *
 * Fairness of breaks: what lasts may be interrupted for less than its kind's `breakMs` without its time
 * starting anew (a detector that errs for one frame proves nothing), and without becoming two incidents
 * (one act is not counted twice). An interruption of `breakMs` or more is a real one: a condition that
 * was not yet an incident is forgotten, and its time starts from zero.
 *
 * @param state `INITIAL_RULES`, or what the last call returned.
 * @param policy the attempt's own, from its first ledger entry; the same in every call.
 * @returns the new state and what follows, in order.
 */
export const evaluate = (
  state: RulesState,
  input: RuleInput,
  policy: Policy,
): { readonly state: RulesState; readonly events: readonly RuleEvent[] } => {
  const turn: Turn = { state, policy, events: [] };
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
    case 'time':
      break;
  }
  return { state: turn.state, events: turn.events };
};
