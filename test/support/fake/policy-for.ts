import { type Accommodation, accommodate } from '#shared/incident/accommodation.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Policy } from '#shared/incident/policy.ts';

/** The default policy with an examinee's accommodations; without any, the default policy itself. */
export const policyFor = (accommodations: ReadonlySet<Accommodation>): Policy =>
  accommodations.size === 0 ? DEFAULT_POLICY : accommodate(DEFAULT_POLICY, accommodations);
