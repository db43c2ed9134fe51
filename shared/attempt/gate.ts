import type { Policy } from '#shared/incident/policy.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';
import type { ExamTime } from '#shared/kernel/time.ts';

/** Why the examinee is asked. */
export type GateCause =
  | 'start'
  | 'resumed'
  | 'reopened'
  | 'room-view'
  | 'identity'
  /** The program died, or the machine slept. */
  | 'restart';

/**
 * The one way into counting: whoever begins or comes back first says "it is I, this is my exam", and the camera is
 * judged only after that, a good picture and a grace. Time runs meanwhile, the machine is judged as ever, and nobody
 * answers before the press.
 */
export interface Gate {
  readonly cause: GateCause;
  readonly sinceT: ExamTime;
  /** null while nobody has said anything: a state for the room, never a count. */
  readonly pressedT: ExamTime | null;
  /** No good picture came for so long that people look at what the camera shows. */
  readonly review: boolean;
}

/** The gate that stands before the examinee from `t` on; null where the rules have none. */
export const gateAt = (policy: Policy | null, cause: GateCause, t: ExamTime): Gate | null =>
  policy !== null && rulesOf(policy)?.parts.gate(policy) === true
    ? { cause, sinceT: t, pressedT: null, review: false }
    : null;

/** Whether somebody has to say first that it is they: no questions are shown and no answers taken. */
export const asksWho = (gate: Gate | null): boolean => gate !== null && gate.pressedT === null;

/** What the gate lets through of the kinds that it holds back. */
export const gateLets = (gate: Gate | null): 'closed' | 'review' | 'open' => {
  if (gate === null) return 'open';
  return gate.review ? 'review' : 'closed';
};

/** The press: once. Where no camera is judged there is nothing more to wait for. */
export const passGate = (gate: Gate | null, policy: Policy | null, t: ExamTime): Gate | null => {
  if (gate === null || gate.pressedT !== null) return gate;
  return policy?.cameraExempt ? null : { ...gate, pressedT: t };
};
