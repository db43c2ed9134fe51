import allowed from '#assets/programs/allowed.json' with { type: 'json' };
import forbidden from '#assets/programs/forbidden.json' with { type: 'json' };
import {
  listsFor,
  type ProgramLists,
  ProgramRuleSchema,
  type ProgramRules,
} from '#shared/incident/program-rules.ts';
import { check } from '#shared/kernel/schema.ts';

const rulesIn = (file: readonly unknown[]): ProgramLists['forbidden'] =>
  file.map((value) => {
    const rule = check(ProgramRuleSchema, value);
    if (!rule.ok) throw new Error(`assets/programs: ${rule.error.path} ${rule.error.message}`);
    return rule.value;
  });

/**
 * The lists that come with the program, as an institution's settings change them.
 * @throws Error when a shipped rule does not fit its schema.
 */
export const programLists = (rules: ProgramRules): ProgramLists =>
  listsFor({ forbidden: rulesIn(forbidden), allowed: rulesIn(allowed) }, rules);
