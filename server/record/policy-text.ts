import { hash } from 'node:crypto';
import type { Policy } from '#shared/incident/policy.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { JsonObject } from '#shared/ledger/entry.ts';

/** A policy as a text, and the SHA-256 of that text. */
export interface PolicyText {
  readonly hash: string;
  /** Canonical JSON. */
  readonly text: string;
}

/** Policies are few and attempts many. */
const texts = new WeakMap<Policy, PolicyText>();

/** The one text that a policy has; made once of each. */
export const policyText = (policy: Policy): PolicyText => {
  const known = texts.get(policy);
  if (known !== undefined) return known;
  const text = canonicalText(policy as unknown as JsonObject);
  const made = { hash: hash('sha256', text, 'hex'), text };
  texts.set(policy, made);
  return made;
};
