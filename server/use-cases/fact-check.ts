import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { FormStore } from './forms.ts';
import { effectivePolicy, type LiveAttempt } from './live-attempt.ts';
import { durationOf } from './sign-in-examinee.ts';

/** Compares what a ledger claims with what the server itself gave out. */
export interface FactCheck {
  /** Whether entries of this type claim anything that can be compared. */
  claims(type: string): boolean;
  /** @returns what does not fit (policy, duration, form, command), or null. */
  contradiction(attempt: LiveAttempt, entry: LedgerEntry): Promise<string | null>;
}

const CLAIMING: ReadonlySet<string> = new Set([
  'attempt-opened',
  'exam-started',
  'command-applied',
]);

export const factCheck = (forms: FormStore): FactCheck => ({
  claims: (type) => CLAIMING.has(type),
  contradiction: async (attempt, entry) => {
    switch (entry.type) {
      case 'attempt-opened': {
        const { policy } = entry.data as unknown as FactData<'attempt-opened'>;
        return isDeepStrictEqual(policy, effectivePolicy(attempt.registration))
          ? null
          : `entry ${entry.seq}: the policy is not the one given out`;
      }
      case 'exam-started': {
        const started = entry.data as unknown as FactData<'exam-started'>;
        if (started.durationMs !== durationOf(attempt.registration)) {
          return `entry ${entry.seq}: the duration is not the one given out`;
        }
        const form = await forms.formOf(attempt.registration);
        return hash('sha256', canonicalText(form), 'hex') === started.formHash
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
