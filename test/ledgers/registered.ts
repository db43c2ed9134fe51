import type { Registration } from '#server/record/registry-ports.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Bundle } from '#shared/wire/http.ts';
import { expectedOf, ledgerOf } from './stored.ts';

/** The ledgers of a release in which nothing was altered. */
export const soundOf = (release: string): readonly (readonly LedgerEntry[])[] =>
  Object.keys(expectedOf(release))
    .filter((name) => !/^(altered|lied)-/.test(name))
    .map((name) => (ledgerOf(release, name) as Bundle).entries);

/** The policy that a ledger was opened with. */
export const policyIn = ([first]: readonly LedgerEntry[]): Policy =>
  first?.data.policy as unknown as Policy;

/** What reading and folding a ledger asks of its registration. */
export const registrationOf = (attemptId: string, policy: Policy): Registration =>
  ({
    attemptId: attemptId as AttemptId,
    exam: { policy },
    accommodations: new Set(),
    carries: null,
    device: null,
    shift: { startsAt: 0, endsAt: 0 },
    brokenReason: null,
    verifiedSeq: 0,
    contradictions: [],
    full: null,
  }) as unknown as Registration;
