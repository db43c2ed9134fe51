import { hash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { verifyCertificate } from '#server/privacy/certificates.ts';
import { applyEntry, evidenceOf } from '#shared/attempt/apply-entry.ts';
import { type AttemptState, EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import {
  checkClaims,
  claims,
  NOTHING_CLAIMED,
  withCodes,
} from '#shared/attempt/claims/check-claims.ts';
import { carriedStanding } from '#shared/attempt/copy-count.ts';
import { type ReplayFault, replayIncidents, type Unjudged } from '#shared/attempt/replay.ts';
import { type ChainFault, verifyChain } from '#shared/chain/verify.ts';
import { isIncidentKind } from '#shared/incident/kind.ts';
import { check } from '#shared/kernel/schema.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Contradiction, ContradictionCode } from '#shared/wire/doubt.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';
import { mustBeSigned } from '#shared/wire/facts.ts';
import { BundleSchema } from '#shared/wire/http.ts';
import { nodeDigest, nodeSignatures } from './offline-crypto.ts';
import { type ReceiptCode, type ReceiptFault, receiptFault } from './verify/receipt-code.ts';

/** A bundle whose entries nobody has looked at yet: a broken one is a finding, not a wrong file. */
const UncheckedBundleSchema = Type.Object(
  { ...BundleSchema.properties, entries: Type.Array(Type.Unknown()) },
  { additionalProperties: false },
);
type UncheckedBundle = Static<typeof UncheckedBundleSchema>;

/** What was found about one side of a bundle. */
export type Finding =
  | {
      readonly check: CheckName;
      readonly ok: true;
      readonly count: number;
      /** Files that are not there because they were deleted, with a signed certificate. */
      readonly deleted?: number;
      /** From where on this build cannot say what the rules make of it, and why: nothing is wrong by that. */
      readonly unjudged?: Unjudged;
      /** The bundle does not carry what it would be compared with. */
      readonly absent?: true;
    }
  | {
      readonly check: CheckName;
      readonly ok: false;
      /** The first entry that does not stand. */
      readonly seq: number;
      readonly reason: Reason;
    };
export type CheckName = 'chain' | 'signatures' | 'evidence' | 'rules' | 'given';
export type Reason =
  | ChainFault
  | ReplayFault
  | ContradictionCode
  | 'evidence-missing'
  | 'evidence-altered'
  | 'bundle-of-another-attempt';

export interface Report {
  readonly attemptId: string;
  readonly exportedAt: number;
  /** Whose attempt at what, as the server says it; null in bundles that do not say it. */
  readonly about: UncheckedBundle['about'] | null;
  /** Hash of the last sound entry; null when none is. */
  readonly head: string | null;
  /** What does not fit the receipt; null when all does, or none was given. */
  readonly receipt: ReceiptFault | null;
  readonly entries: number;
  /** Entries at the end that no signature vouches for yet. */
  readonly unsignedTail: number;
  readonly closed: boolean;
  readonly copyAttempts: number;
  /** The attempts on other machines whose records have those that count on here, one for each that stands. */
  readonly carriedFrom: readonly string[];
  /** Which rules the attempt's policy names; null when nothing was opened. */
  readonly rulesVersion: number | null;
  /** Entries, orders and kinds of incidents of a later version: kept, and understood by none of these checks. */
  readonly unknown: { readonly entries: number; readonly names: readonly string[] };
  readonly findings: readonly Finding[];
  /** The keys that signed the certificates of deletions: to be compared with the server's. */
  readonly certificateKeys: readonly string[];
  /** The lowest of the findings' entries; null when all is well. */
  readonly firstBroken: number | null;
}

const chainFindings = async (
  bundle: UncheckedBundle,
): Promise<{ readonly sound: readonly LedgerEntry[]; readonly findings: readonly Finding[] }> => {
  const outcome = await verifyChain(bundle.entries, {
    digest: nodeDigest,
    signatures: nodeSignatures,
    publicKey: bundle.publicKey,
  });
  const stands = outcome.valid ? outcome.entries : outcome.seq - 1;
  const sound = bundle.entries.slice(0, stands) as readonly LedgerEntry[];
  const signed = sound.filter(({ signature }) => signature !== undefined).length;
  const chain: Finding = { check: 'chain', ok: true, count: stands };
  const signing: Finding = { check: 'signatures', ok: true, count: signed };
  const [first] = sound;
  if (first !== undefined && first.attemptId !== bundle.attemptId)
    return {
      sound,
      findings: [
        { check: 'chain', ok: false, seq: 1, reason: 'bundle-of-another-attempt' },
        signing,
      ],
    };
  if (outcome.valid) return { sound, findings: [chain, signing] };
  const { seq, reason } = outcome;
  const ofSignatures = reason === 'signature-missing' || reason === 'signature-wrong';
  const broken: Finding = { check: ofSignatures ? 'signatures' : 'chain', ok: false, seq, reason };
  return { sound, findings: ofSignatures ? [chain, broken] : [broken, signing] };
};

/** Certificates that were not changed since their own key signed them. Whose key it is, the reader compares. */
const soundDeletions = ({ deletions = [] }: UncheckedBundle): readonly DeletionCertificate[] =>
  deletions.filter((certificate) => verifyCertificate(certificate, certificate.publicKey));

const evidenceFinding = (bundle: UncheckedBundle, entries: readonly LedgerEntry[]): Finding => {
  const gone = new Set(
    soundDeletions(bundle).flatMap(({ items }) =>
      items.filter(({ attemptId }) => attemptId === bundle.attemptId).map(({ hash }) => hash),
    ),
  );
  let count = 0;
  let deleted = 0;
  for (const entry of entries) {
    for (const { hash: named, bytes, mime } of evidenceOf(entry)) {
      const broken = (reason: Reason): Finding => ({
        check: 'evidence',
        ok: false,
        seq: entry.seq,
        reason,
      });
      const file = bundle.evidence[named];
      if (file === undefined && gone.has(named)) {
        deleted += 1;
        continue;
      }
      if (file === undefined) return broken('evidence-missing');
      const content = Buffer.from(file.base64, 'base64');
      if (
        hash('sha256', content, 'hex') !== named ||
        content.byteLength !== bytes ||
        file.mime !== mime
      )
        return broken('evidence-altered');
      count += 1;
    }
  }
  return { check: 'evidence', ok: true, count, ...(deleted > 0 ? { deleted } : {}) };
};

const rulesFinding = (entries: readonly LedgerEntry[], incidents: number): Finding => {
  const outcome = replayIncidents(entries);
  const { unjudged } = outcome.ok ? outcome : {};
  return outcome.ok
    ? { check: 'rules', ok: true, count: incidents, ...(unjudged ? { unjudged } : {}) }
    : { check: 'rules', ok: false, seq: outcome.seq, reason: outcome.reason };
};

/** Every first entry that says something else than the server knows; one that stands when there is none. */
const givenFindings = (
  { given }: UncheckedBundle,
  entries: readonly LedgerEntry[],
): readonly Finding[] => {
  if (given === undefined) return [{ check: 'given', ok: true, count: 0, absent: true }];
  let attempt = EMPTY_ATTEMPT;
  let memory = NOTHING_CLAIMED;
  let found: readonly Contradiction[] = [];
  for (const entry of entries) {
    const checked = checkClaims(memory, attempt, entry, given, (text) =>
      hash('sha256', text, 'hex'),
    );
    memory = checked.memory;
    found = withCodes(found, checked.codes, entry.seq);
    attempt = applyEntry(attempt, entry);
  }
  if (found.length > 0) {
    return found.map(({ code, seq }) => ({ check: 'given', ok: false, seq, reason: code }));
  }
  const compared = entries.filter(({ type }) => claims(type)).length;
  return [{ check: 'given', ok: true, count: compared }];
};

const unknownIn = ({ unknown, incidents }: AttemptState): Report['unknown'] => {
  const kinds = incidents.flatMap(({ kind }) => (isIncidentKind(kind) ? [] : [kind]));
  return {
    entries: unknown.entries + kinds.length,
    names: [...new Set([...unknown.names, ...kinds])].slice(0, 16),
  };
};

/**
 * Checks an exported attempt: chain, signatures, evidence, and the replay of its rules. What follows
 * a broken entry is not judged.
 * @param value parsed JSON, unchecked.
 * @param receipt what the examinee's receipt says, if it is at hand: a chain whose end was cut stands by itself.
 * @returns null when it is not a bundle at all.
 */
export const verifyBundle = async (
  value: unknown,
  receipt: ReceiptCode | null = null,
): Promise<Report | null> => {
  const formed = check(UncheckedBundleSchema, value);
  if (!formed.ok) return null;
  const bundle: UncheckedBundle = formed.value;
  const { sound, findings: chain } = await chainFindings(bundle);
  const attempt = sound.reduce(applyEntry, EMPTY_ATTEMPT);
  const findings = [
    ...chain,
    evidenceFinding(bundle, sound),
    rulesFinding(sound, attempt.incidents.length),
    ...givenFindings(bundle, sound),
  ];
  const broken = findings.flatMap((finding) => (finding.ok ? [] : [finding.seq]));
  return {
    attemptId: bundle.attemptId,
    exportedAt: bundle.exportedAt,
    about: bundle.about ?? null,
    head: sound.at(-1)?.hash ?? null,
    receipt: receipt === null ? null : receiptFault(receipt, bundle.attemptId, sound),
    entries: bundle.entries.length,
    unsignedTail: sound.length - 1 - sound.findLastIndex(({ type }) => mustBeSigned(type)),
    closed: attempt.phase === 'closed',
    copyAttempts: attempt.copyAttempts,
    carriedFrom: carriedStanding(attempt).map(({ attemptId }) => attemptId),
    rulesVersion: attempt.policy?.version ?? null,
    unknown: unknownIn(attempt),
    findings,
    certificateKeys: [...new Set(soundDeletions(bundle).map(({ publicKey }) => publicKey))],
    firstBroken: broken.length === 0 ? null : Math.min(...broken),
  };
};
