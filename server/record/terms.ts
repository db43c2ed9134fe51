import type { IdentitySettings } from '#shared/identity/identity-facts.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import { durationOf, effectivePolicy, identitySettings } from './given-out.ts';
import type { Registration } from './registry-ports.ts';

/** What a ticket says of how the exam is held: with an attempt's ledger, all that judges it. */
export interface Terms {
  /** With the examinee's accommodations. */
  readonly policy: Policy;
  readonly identity: IdentitySettings;
  /** The examinee's own time, ms. */
  readonly durationMs: number;
  readonly shift: { readonly startsAt: EpochMs; readonly endsAt: EpochMs };
  readonly rulesVersion: string;
}

/** What sign-ins gave out. */
export interface TermsStore {
  /** Nothing when the attempt was given the same before. */
  keep(attemptId: AttemptId, terms: Terms, at: EpochMs): Promise<void>;
  /**
   * All that an attempt was ever given, the first of them first: a machine that signed in, lost the network and signed in
   * again elsewhere may begin by any of it.
   */
  given(attemptId: AttemptId): Promise<readonly Terms[]>;
  /** When an attempt was given something first: its first sign-in. null before it. */
  since(attemptId: AttemptId): Promise<EpochMs | null>;
}

/**
 * The terms of an exam as it stands now.
 * @param enrolled whether there is a template that counts.
 */
export const termsOf = (registration: Registration, enrolled: boolean): Terms => ({
  policy: effectivePolicy(registration),
  identity: identitySettings(registration, enrolled),
  durationMs: durationOf(registration),
  shift: { startsAt: registration.shift.startsAt, endsAt: registration.shift.endsAt },
  rulesVersion: registration.exam.rulesVersion,
});

/** Where a server of before kept nothing: the exam as it stands, with a template and without. */
export const termsNow = (registration: Registration): readonly Terms[] => [
  termsOf(registration, false),
  termsOf(registration, true),
];
