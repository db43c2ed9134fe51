import { effectivePolicy } from '#server/record/live-attempt.ts';
import { BY_HAND, type IdentitySettings } from '#shared/identity/identity-facts.ts';
import type { Registration } from './registry-ports.ts';

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
