import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT, identityStatus, remainingMs } from '#shared/attempt/attempt-state.ts';
import { replayRules } from '#shared/attempt/replay.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { verifyBundle } from '#tools/verify-bundle.ts';

/** What every release's verifier looks at. */
const CHECKS: ReadonlySet<string> = new Set(['chain', 'signatures', 'evidence', 'rules']);

/**
 * What a build makes of an exported attempt, as far as it must stay so for ever: what the verifier
 * says, what the entries tell, and what a kiosk that goes on with them would still have to write.
 * @param value parsed JSON. @throws when it is no bundle at all.
 */
export const outcomeOf = async (value: unknown) => {
  const report = await verifyBundle(value);
  if (report === null) throw new Error('not a bundle');
  const { entries, unsignedTail, closed, copyAttempts, firstBroken } = report;
  const findings = report.findings.filter(({ check }) => CHECKS.has(check));
  const chain = findings.find(
    ({ check, ok }) => !ok && (check === 'chain' || check === 'signatures'),
  );
  const said = { entries, unsignedTail, closed, copyAttempts, findings, firstBroken };
  // What follows a broken entry tells nothing.
  if (chain !== undefined) return { said };
  const sound = (value as { entries: LedgerEntry[] }).entries;
  const { seq, hash, t, policy, coverage, incidents, identity, roomScans, ...state } = sound.reduce(
    applyEntry,
    EMPTY_ATTEMPT,
  );
  return {
    said,
    told: {
      seq,
      hash,
      t,
      ...state,
      limit: policy?.copyAttemptLimit ?? null,
      remainingMs: remainingMs(
        { ...state, seq, hash, t, policy, coverage, incidents, identity, roomScans },
        t,
      ),
      identity: {
        status: identityStatus(identity),
        checks: identity.checks.map(({ t: at, outcome, distance, challenge }) => ({
          at,
          outcome,
          distance,
          challenge,
        })),
        documentMissing: identity.documentMissing,
        decision: identity.decision,
      },
      roomScans: roomScans.map(({ commandId, t: at, outcome, evidence }) => ({
        commandId,
        at,
        outcome,
        pictures: evidence.length,
      })),
      incidents: incidents.map(({ evidence, ...incident }) => ({
        ...incident,
        pictures: evidence.length,
      })),
    },
    owed: report.firstBroken === null ? replayRules(sound).missing : [],
  };
};
