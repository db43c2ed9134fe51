import { type Accommodation, accommodate } from '#shared/incident/accommodation.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Policy } from '#shared/incident/policy.ts';

/** The rules as they are, without the gate: for tests that are not about it, whose exams begin at once. */
export const UNGATED = { ...DEFAULT_POLICY, gate: null };

/** The default policy with an examinee's accommodations; without any, the default policy itself. */
export const policyFor = (accommodations: ReadonlySet<Accommodation>): Policy =>
  accommodations.size === 0 ? DEFAULT_POLICY : accommodate(DEFAULT_POLICY, accommodations);
