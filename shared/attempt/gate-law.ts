import { gateTimes } from '#shared/incident/policy.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { Fact } from '#shared/wire/facts.ts';
import type { AttemptState } from './attempt-state.ts';
import { asksWho } from './gate.ts';

const ANSWERS: ReadonlySet<string> = new Set([
  'question-visited',
  'answer-saved',
  'question-flagged',
] satisfies Fact['type'][]);

/**
 * Whether a ledger goes past the gate: nobody is judged by the camera, and nobody reads or answers, before it lets them.
 * @param attempt as it was before the entry.
 */
export const isBeforeGate = (
  { gate, policy, phase }: AttemptState,
  fact: Fact | null,
  t: ExamTime,
): boolean => {
  if (fact === null || policy === null || phase !== 'in-progress') return false;
  const times = gateTimes(policy);
  if (times === null || rulesOf(policy)?.parts.gate(policy) !== true) return false;
  if (ANSWERS.has(fact.type)) return asksWho(gate);
  if (fact.type !== 'watch-began') return false;
  if (gate === null || gate.pressedT === null) return true;
  return t < gate.pressedT + (fact.data.judged === 'counts' ? times.graceMs : times.pictureMs);
};
