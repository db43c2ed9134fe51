import type { ExamTime } from '#shared/kernel/time.ts';
import type { Policy } from './policy.ts';
import type { RuleSet } from './rule-set.ts';
import { rulesOf } from './rule-sets.ts';
import type { RuleEvent, RuleInput, RulesState } from './rules-state.ts';

/** @throws RangeError for a version that this build does not have: `rulesOf` says so beforehand. */
const rulesFor = (policy: Policy): RuleSet => {
  const rules = rulesOf(policy);
  if (rules === null)
    throw new RangeError(`rules of version ${policy.version} are not of this build`);
  return rules;
};

/** When the rules next have something to decide without being told anything; null when nothing is pending. */
export const nextDeadline = (state: RulesState, policy: Policy): ExamTime | null =>
  rulesFor(policy).nextDeadline(state, policy);

/** When something that only looking tells of next becomes an incident that counts, unless it ends; null when nothing does. */
export const nextSeenCount = (state: RulesState, policy: Policy): ExamTime | null =>
  rulesFor(policy).nextSeenCount(state, policy);

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
 * @param policy the attempt's own, from its first ledger entry; the same in every call. Its `version` chooses
 * the rules (`rule-sets.ts`).
 * @returns the new state and what follows, in order.
 * @throws RangeError for a version that this build does not have.
 */
export const evaluate = (
  state: RulesState,
  input: RuleInput,
  policy: Policy,
): { readonly state: RulesState; readonly events: readonly RuleEvent[] } =>
  rulesFor(policy).evaluate(state, input, policy);
