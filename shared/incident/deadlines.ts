import type { ExamTime } from '#shared/kernel/time.ts';
import { needsCamera } from './catalogue.ts';
import type { IncidentKind } from './kind.ts';
import { kindPolicy, type Policy } from './policy.ts';
import type { RuleParts } from './rule-parts.ts';
import type { Condition, RulesState } from './rules-state.ts';

type Step = 'break-over' | 'warn' | 'open';

/** What becomes of something that lasts, and when. */
export interface Deadline {
  readonly t: ExamTime;
  readonly kind: IncidentKind;
  readonly step: Step;
  readonly condition: Condition;
}

const deadlineOf = (kind: IncidentKind, condition: Condition, policy: Policy): Deadline | null => {
  const { minMs, warnAfterMs, breakMs } = kindPolicy(policy, kind);
  if (condition.breakT !== null)
    return { t: condition.breakT + breakMs, kind, step: 'break-over', condition };
  if (condition.incident !== null) return null;
  if (!condition.warned && warnAfterMs !== null && warnAfterMs < minMs)
    return { t: condition.startedT + warnAfterMs, kind, step: 'warn', condition };
  return { t: condition.startedT + minMs, kind, step: 'open', condition };
};

/** What is due next by time alone; null when nothing is. What falls on one moment comes in the order of the kinds. */
export const earliest = (
  { kinds }: RuleParts,
  state: RulesState,
  policy: Policy,
): Deadline | null => {
  let first: Deadline | null = null;
  for (const kind of kinds) {
    const condition = state.conditions[kind];
    if (condition === undefined) continue;
    const deadline = deadlineOf(kind, condition, policy);
    if (deadline !== null && (first === null || deadline.t < first.t)) first = deadline;
  }
  return first;
};

/**
 * When something that only looking tells of next becomes an incident that counts, unless it ends; null when nothing is
 * about to. Whoever stood still meanwhile has not looked.
 */
export const nextSeenCount = (
  { kinds, counts }: Pick<RuleParts, 'kinds' | 'counts'>,
  { conditions }: RulesState,
  policy: Policy,
): ExamTime | null => {
  const due = kinds.flatMap((kind) => {
    const condition = conditions[kind];
    const pending = condition?.incident === null && condition.breakT === null;
    return pending && needsCamera(kind) && counts(kind, policy)
      ? [condition.startedT + kindPolicy(policy, kind).minMs]
      : [];
  });
  return due.length === 0 ? null : Math.min(...due);
};
