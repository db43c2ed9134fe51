import { MAX_DATA_DEPTH, MAX_DATA_SIZE } from '#shared/kernel/bounds.ts';
import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import { withinSize } from '#shared/kernel/json-size.ts';
import { check } from '#shared/kernel/schema.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { GENESIS, type LedgerEntry, LedgerEntrySchema } from '#shared/ledger/entry.ts';
import type { Digest, SignatureCheck } from '#shared/ports/digest.port.ts';
import { FACTS, isFactType, mustBeSigned } from '#shared/wire/facts.ts';
import { hashInput } from './chain.ts';

/** Why an entry does not stand. A code; people's words for it are where they are shown. */
export type ChainFault =
  /** Not of an entry's form at all. */
  | 'malformed'
  | 'other-attempt'
  /** An entry is missing, doubled or out of order. */
  | 'sequence'
  /** Exam time ran backwards. */
  | 'time'
  /** It does not link to the entry before. */
  | 'previous'
  /** Its content is not what was hashed. */
  | 'hash'
  /** `data` is not what its type says, or larger than any entry. */
  | 'data'
  | 'signature-missing'
  | 'signature-wrong'
  /** The first entry is not `attempt-opened`, or names another key than the device's. */
  | 'opening';

/** Where a chain stands: all that is needed to judge the next entry. */
export interface ChainHead {
  readonly attemptId: AttemptId;
  readonly seq: number;
  readonly t: ExamTime;
  readonly hash: Hash;
}

export type ChainOutcome =
  | { readonly valid: true; readonly entries: number }
  | { readonly valid: false; readonly seq: number; readonly reason: ChainFault };

/**
 * Judges whether an entry may follow `head`: its place, time, link, type and data. Everything but hash
 * and signature, which need the caller's cryptography.
 * @param head null when the entry should be the first.
 * @returns the first fault, or null.
 */
export const linkFault = (head: ChainHead | null, entry: LedgerEntry): ChainFault | null => {
  if (head !== null && entry.attemptId !== head.attemptId) return 'other-attempt';
  if (entry.seq !== (head?.seq ?? 0) + 1) return 'sequence';
  if (entry.previous !== (head?.hash ?? GENESIS)) return 'previous';
  if (entry.t < (head?.t ?? 0)) return 'time';
  if ((head === null) !== (entry.type === 'attempt-opened')) return 'opening';
  // Of a type that a later version added nothing is asked but that it stays small.
  if (!withinSize(entry.data, MAX_DATA_SIZE, MAX_DATA_DEPTH)) return 'data';
  if (isFactType(entry.type) && !check(FACTS[entry.type], entry.data).ok) return 'data';
  if (mustBeSigned(entry.type) && entry.signature === undefined) return 'signature-missing';
  return null;
};

/** `hashInput`, or null for data that has no canonical text. */
const textOf = (entry: LedgerEntry): string | null => {
  try {
    return hashInput(entry);
  } catch {
    return null;
  }
};

/**
 * Checks a whole chain from its first entry: form, order, links, hashes, data and signatures.
 * A signature vouches through the chain for everything before it; entries after the last one are
 * hashed but not signed yet.
 * @param entries as they came from outside: unchecked.
 * @param tools.publicKey the device's enrolled key, raw 32 bytes, base64url.
 * @returns the number of entries, or the first that does not stand (seq: its place in the list, from 1).
 */
export const verifyChain = async (
  entries: readonly unknown[],
  tools: {
    readonly digest: Digest;
    readonly signatures: SignatureCheck;
    readonly publicKey: string;
  },
): Promise<ChainOutcome> => {
  let head: ChainHead | null = null;
  for (const [index, unchecked] of entries.entries()) {
    const invalid = (reason: ChainFault): ChainOutcome => ({
      valid: false,
      seq: index + 1,
      reason,
    });
    const formed = check(LedgerEntrySchema, unchecked);
    if (!formed.ok) return invalid('malformed');
    const entry: LedgerEntry = formed.value;
    const fault = linkFault(head, entry);
    if (fault !== null) return invalid(fault);
    const text = textOf(entry);
    if (text === null) return invalid('malformed');
    if ((await tools.digest.sha256Hex(text)) !== entry.hash) return invalid('hash');
    if (entry.signature !== undefined) {
      const right = await tools.signatures.verify(tools.publicKey, entry.hash, entry.signature);
      if (!right) return invalid('signature-wrong');
    }
    if (head === null && entry.data.publicKey !== tools.publicKey) return invalid('opening');
    head = entry;
  }
  return { valid: true, entries: entries.length };
};
