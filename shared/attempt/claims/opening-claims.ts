import { BY_HAND } from '#shared/identity/identity-facts.ts';
import { CHECK_CAPTURES } from '#shared/identity/match.ts';
import { type CoverageByKind, coverageBeyond } from '#shared/incident/coverage.ts';
import { thresholdsOf } from '#shared/incident/identity-thresholds.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { Given, GivenTerms } from '#shared/wire/given.ts';
import { type ClaimCheck, those } from './claim.ts';

/** Hosts that a device's passport can name: what another one calls itself cannot be compared. */
const KNOWN_HOSTS: ReadonlySet<string> = new Set(['electron', 'web']);
/** Lines that every device check has, and that must have passed. */
const NEEDED_CHECKS = ['server', 'storage'] as const;
/** Distances are written with three decimals. */
const ROUNDING = 0.0005;

const same = (a: unknown, b: unknown): boolean =>
  canonicalText(a as Json) === canonicalText(b as Json);

/**
 * Whether the coverage is better than the host can have.
 * @param settled as in `coverageBeyond`.
 */
export const claimsTooMuch = (
  host: string,
  coverage: CoverageByKind,
  terms: GivenTerms,
  settled: boolean,
): boolean => {
  if (!KNOWN_HOSTS.has(host)) return false;
  // No face is compared where the room checks by hand.
  const compared = coverage['identity-mismatch']?.level ?? 'not-watched';
  const byHand = terms.identity.check === 'by-hand' && !terms.policy.cameraExempt;
  if (settled && byHand && compared !== 'not-watched') return true;
  return coverageBeyond(host, coverage, settled).length > 0;
};

/** The terms that an opening names; of those that share its policy, when none is all alike; else the last. */
export const termsOpened = (
  { terms }: Given,
  { policy, identity = BY_HAND }: FactData<'attempt-opened'>,
): GivenTerms => {
  const alike = terms.filter((one) => same(one.policy, policy));
  const exact = alike.findLast((one) => same(one.identity, identity));
  const found = exact ?? alike.at(-1) ?? terms.at(-1);
  if (found === undefined) throw new Error('nothing was given out');
  return found;
};

export const opened: ClaimCheck<'attempt-opened'> = ({ data, given, terms }) => {
  const { enrolled, ...settings } = data.identity ?? BY_HAND;
  const { enrolled: template, ...asGiven } = terms.identity;
  return those(
    ['session', data.sessionId !== given.sessionId],
    ['policy', !same(data.policy, terms.policy)],
    ['identity-settings', !same(settings, asGiven)],
    ['enrolment', same(settings, asGiven) && enrolled !== template],
    ['host', given.host !== null && data.host.kind !== given.host],
    ['coverage', claimsTooMuch(data.host.kind, data.coverage, terms, false)],
  );
};

export const coverageChanged: ClaimCheck<'coverage-changed'> = ({ data, memory, terms }) =>
  those(['coverage', claimsTooMuch(memory.host, data.coverage, terms, false)]);

export const deviceChecked: ClaimCheck<'device-checked'> = ({ data, before, terms }) => {
  const outcomeOf = (id: string) =>
    data.results.find(({ requirement }) => requirement === id)?.outcome;
  const passed = (id: string): boolean => {
    const outcome = outcomeOf(id);
    return outcome !== undefined && outcome !== 'failed';
  };
  const camera = terms.policy.cameraExempt || passed('camera');
  return those(
    ['steps', before.phase !== 'device-check'],
    ['device-check', !camera || !NEEDED_CHECKS.every(passed)],
  );
};

export const rulesAccepted: ClaimCheck<'rules-accepted'> = ({ data, before, given }) =>
  those(
    ['steps', before.phase !== 'rules'],
    ['rules-version', given.terms.every(({ rulesVersion }) => rulesVersion !== data.rulesVersion)],
  );

export const framingConfirmed: ClaimCheck<'framing-confirmed'> = ({ before }) =>
  those(['steps', before.phase !== 'framing']);

export const identityChecked: ClaimCheck<'identity-checked'> = ({ data, before, given, terms }) => {
  // Who enrolled in the room signed in again: any of the sign-ins may have brought the template.
  const templates = given.terms.map(({ identity }) => identity.enrolled);
  const { outcome, distance, captures, challenge } = data;
  const verified = outcome === 'verified';
  const near = distance !== null && distance <= thresholdsOf(terms.policy).match + ROUNDING;
  const turned = !terms.identity.challenge || challenge === 'passed';
  return those(
    ['steps', before.phase !== 'identity'],
    [
      'identity-check',
      terms.identity.check === 'by-hand' ||
        (verified &&
          !(templates.includes(true) && near && turned && captures >= CHECK_CAPTURES.least)) ||
        (outcome === 'not-enrolled' && !templates.includes(false)),
    ],
  );
};
