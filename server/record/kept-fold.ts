import { FOLD_VERSION, type Folded } from './attempt-fold.ts';
import { effectivePolicy } from './given-out.ts';
import { policyText } from './policy-text.ts';
import type { StoredFold } from './ports.ts';
import type { Registration } from './registry-ports.ts';

/** A ledger's fold at one of its entries, and how much there is up to it. */
export interface KeptFold {
  readonly folded: Folded;
  /** Characters of all entries in it. */
  readonly bytes: number;
}

/** As it is written down: a policy is 5 kB and the same for a whole exam, so it is named where it is the exam's. */
interface Written extends KeptFold {
  /** SHA-256 of the policy that was left out; null when none was. */
  readonly policy: string | null;
}

/** Larger ones are not kept: such a ledger is read instead, characters. */
const MOST = 512 * 1024;

/** @returns the fold as it is stored; null when it is larger than any exam's. */
export const writeFold = (
  { folded, bytes }: KeptFold,
  registration: Registration,
): StoredFold | null => {
  const { state } = folded;
  const policy = effectivePolicy(registration);
  const shared = state.policy === policy;
  const written: Written = {
    folded: shared ? { ...folded, state: { ...state, policy: null } } : folded,
    bytes,
    policy: shared ? policyText(policy).hash : null,
  };
  const text = JSON.stringify(written);
  if (text.length > MOST) return null;
  const { seq, hash } = state;
  return { attemptId: registration.attemptId, seq, hash, version: FOLD_VERSION, text };
};

/**
 * @param stored which the store vouches for: nobody but this program wrote it.
 * @returns null when the exam has another policy by now: then the ledger knows the attempt's.
 */
export const readFold = (stored: StoredFold, registration: Registration): KeptFold | null => {
  const { folded, bytes, policy } = JSON.parse(stored.text) as Written;
  if (policy === null) return { folded, bytes };
  const shared = effectivePolicy(registration);
  if (policyText(shared).hash !== policy) return null;
  return { folded: { ...folded, state: { ...folded.state, policy: shared } }, bytes };
};
