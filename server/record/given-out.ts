import { BY_HAND, type IdentitySettings } from '#shared/identity/identity-facts.ts';
import { accommodate } from '#shared/incident/accommodation.ts';
import type { Carried } from '#shared/incident/carried.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { Registration } from './registry-ports.ts';

const accommodated = new WeakMap<Policy, Map<string, Policy>>();

/**
 * The exam's policy with the examinee's accommodations applied (Art. 26d, 55), and what was counted on another device
 * taken off its limit and named. One object per case, however many examinees share it.
 */
export const effectivePolicy = ({ exam, accommodations, carries }: Registration): Policy => {
  if (accommodations.size === 0 && carries === null) return exam.policy;
  const known = accommodated.get(exam.policy) ?? new Map<string, Policy>();
  accommodated.set(exam.policy, known);
  const { copyAttempts = 0, carried = null } = carries ?? {};
  const codes = `${[...accommodations].sort().join()} ${copyAttempts} ${JSON.stringify(carried)}`;
  const policy =
    known.get(codes) ?? withLess(accommodate(exam.policy, accommodations), copyAttempts, carried);
  known.set(codes, policy);
  return policy;
};

/** What was counted on another device counts on: the limit is reached by the rest. */
const withLess = (policy: Policy, before: number, carried: Carried | null): Policy => ({
  ...policy,
  copyAttemptLimit: Math.max(1, policy.copyAttemptLimit - before),
  ...(carried === null ? {} : { carried }),
});

/** Whether the exam lets the room see this examinee now and then (never without a camera, Art. 26d). */
export const thumbnailsOn = (registration: Registration): boolean =>
  registration.exam.thumbnails && !effectivePolicy(registration).cameraExempt;

/** The examinee's own time: extra time (Art. 55) included, ms; what was left of it on another device. */
export const durationOf = ({ exam, extraMs, carries }: Registration): number =>
  carries?.durationMs ?? exam.durationMs + extraMs;

/**
 * How identity is checked for this examinee: by face only where the session says so, and never for somebody whose
 * camera is off (Art. 26d).
 * @param enrolled whether there is a template that counts.
 */
export const identitySettings = (
  registration: Registration,
  enrolled: boolean,
): IdentitySettings => {
  const { check, challenge } = registration.identity;
  if (check === 'by-hand' || effectivePolicy(registration).cameraExempt) return BY_HAND;
  return { check, enrolled, challenge };
};
