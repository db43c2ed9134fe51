import { evaluate } from '#shared/incident/evaluate.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts, Observation } from '#shared/incident/observation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import {
  INITIAL_RULES,
  type RuleEvent,
  type RuleInput,
  type RulesState,
} from '#shared/incident/rules-state.ts';
import { UNGATED } from '#test/support/fake/policy-for.ts';

const observation = (
  kind: IncidentKind,
  phase: Observation['phase'],
  t: number,
  facts: Facts = {},
): RuleInput => ({ type: 'observation', observation: { kind, phase, t, facts } });

export const began = (kind: IncidentKind, t: number, facts?: Facts) =>
  observation(kind, 'began', t, facts);
export const ended = (kind: IncidentKind, t: number) => observation(kind, 'ended', t);
export const happened = (kind: IncidentKind, t: number, facts?: Facts) =>
  observation(kind, 'happened', t, facts);
export const time = (t: number): RuleInput => ({ type: 'time', t });
export const stopped = (t: number): RuleInput => ({ type: 'stopped', t });
export const resumed = (t: number): RuleInput => ({ type: 'resumed', t });
export const restarted = (t: number): RuleInput => ({ type: 'restarted', t });

/** All events of the inputs, in order, and the state after them. */
export const run = (
  inputs: readonly RuleInput[],
  policy: Policy = UNGATED,
  from: RulesState = INITIAL_RULES,
): { readonly state: RulesState; readonly events: readonly RuleEvent[] } => {
  let state = from;
  const events: RuleEvent[] = [];
  for (const input of inputs) {
    const outcome = evaluate(state, input, policy);
    state = outcome.state;
    events.push(...outcome.events);
  }
  return { state, events };
};

export const incidentsOf = (events: readonly RuleEvent[]): readonly Incident[] =>
  events.flatMap((event) => (event.type === 'incident-opened' ? [event.incident] : []));

export const copyAttemptsOf = (events: readonly RuleEvent[]): number =>
  events.filter((event) => event.type === 'copy-attempt').length;

/** `kind start-end` of every incident, an open end as `...`, in the order of opening. */
export const outline = (events: readonly RuleEvent[]): readonly string[] =>
  incidentsOf(events).map(({ id, kind, startedT }) => {
    const closing = events.find(
      (event) => event.type === 'incident-closed' && event.incidentId === id,
    );
    const end = closing?.type === 'incident-closed' ? closing.endedT : '...';
    return `${kind} ${startedT}-${end}`;
  });
