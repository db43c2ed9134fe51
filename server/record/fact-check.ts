import { isDeepStrictEqual } from 'node:util';
import { BY_HAND } from '#shared/identity/identity-facts.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import { durationOf, effectivePolicy, type GivenForms, identitySettings } from './given-out.ts';
import type { LiveAttempt } from './live-attempt.ts';

/** Compares what a ledger claims with what the server itself gave out. */
export interface FactCheck {
  /** Whether entries of this type claim anything that can be compared. */
  claims(type: string): boolean;
  /** @returns what does not fit (policy, identity check, duration, form, command), or null. */
  contradiction(attempt: LiveAttempt, entry: LedgerEntry): Promise<string | null>;
}

const CLAIMING: ReadonlySet<string> = new Set([
  'attempt-opened',
  'exam-started',
  'command-applied',
]);

export const factCheck = (forms: GivenForms): FactCheck => ({
  claims: (type) => CLAIMING.has(type),
  contradiction: async (attempt, entry) => {
    switch (entry.type) {
      case 'attempt-opened': {
        const { policy, identity } = entry.data as unknown as FactData<'attempt-opened'>;
        if (!isDeepStrictEqual(policy, effectivePolicy(attempt.registration))) {
          return `entry ${entry.seq}: the policy is not the one given out`;
        }
        // Whether there was a template may have changed since; how identity is checked may not.
        const claimed = identity ?? BY_HAND;
        const given = identitySettings(attempt.registration, claimed.enrolled);
        return isDeepStrictEqual(claimed, given)
          ? null
          : `entry ${entry.seq}: identity is not checked as it was given out`;
      }
      case 'exam-started': {
        const started = entry.data as unknown as FactData<'exam-started'>;
        if (started.durationMs !== durationOf(attempt.registration)) {
          return `entry ${entry.seq}: the duration is not the one given out`;
        }
        return (await forms.formHash(attempt.registration)) === started.formHash
          ? null
          : `entry ${entry.seq}: the form is not the one given out`;
      }
      case 'command-applied': {
        const { issued } = entry.data as unknown as FactData<'command-applied'>;
        const known = attempt.commands.get(issued.id);
        return known !== undefined && isDeepStrictEqual(known.issued, issued)
          ? null
          : `entry ${entry.seq}: nobody issued this command`;
      }
      default:
        return null;
    }
  },
});
