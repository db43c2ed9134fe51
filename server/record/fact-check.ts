import { isDeepStrictEqual } from 'node:util';
import { BY_HAND } from '#shared/identity/identity-facts.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { GivenForms } from './given-out.ts';
import type { LiveAttempt } from './live-attempt.ts';
import { type TermsStore, termsGiven } from './terms.ts';

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

interface FactCheckDeps {
  readonly forms: GivenForms;
  readonly terms: Pick<TermsStore, 'given'>;
}

export const factCheck = ({ forms, terms }: FactCheckDeps): FactCheck => ({
  claims: (type) => CLAIMING.has(type),
  contradiction: async (attempt, entry) => {
    switch (entry.type) {
      case 'attempt-opened': {
        const { policy, identity } = entry.data as unknown as FactData<'attempt-opened'>;
        const given = (await termsGiven(terms, attempt.registration)).filter((one) =>
          isDeepStrictEqual(one.policy, policy),
        );
        if (given.length === 0) return `entry ${entry.seq}: the policy is not the one given out`;
        const claimed = identity ?? BY_HAND;
        return given.some((one) => isDeepStrictEqual(one.identity, claimed))
          ? null
          : `entry ${entry.seq}: identity is not checked as it was given out`;
      }
      case 'exam-started': {
        const started = entry.data as unknown as FactData<'exam-started'>;
        const given = await termsGiven(terms, attempt.registration);
        if (!given.some(({ durationMs }) => durationMs === started.durationMs)) {
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
