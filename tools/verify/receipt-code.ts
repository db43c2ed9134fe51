import type { LedgerEntry } from '#shared/ledger/entry.ts';

/** What an examinee's receipt says: up to which entry the attempt went, and that entry's hash. */
export interface ReceiptCode {
  /** null when only number and hash were typed. */
  readonly attemptId: string | null;
  readonly seq: number;
  readonly hash: string;
}

const CODE = /^(?:atalaya-receipt:1:(?<attemptId>[^:]+):)?(?<seq>\d{1,9}):(?<hash>[0-9a-f]{64})$/;

/**
 * Reads the text of a receipt's QR, or the number of entries and the hash as it prints them (`812:9f3c ...`).
 * @returns null when it is neither.
 */
export const readReceipt = (text: string): ReceiptCode | null => {
  const found = CODE.exec(text.replaceAll(/\s/g, ''))?.groups;
  if (found === undefined || Number(found.seq) === 0) return null;
  return {
    attemptId: found.attemptId ?? null,
    seq: Number(found.seq),
    hash: String(found.hash),
  };
};

export type ReceiptFault =
  | { readonly reason: 'other-attempt' }
  /** The bundle ends before the receipt: these entries are not in it. */
  | { readonly reason: 'cut'; readonly from: number; readonly to: number }
  /** The bundle has another entry where the receipt names one. */
  | { readonly reason: 'other-entry'; readonly seq: number };

/**
 * Compares a bundle with a receipt.
 * @param entries the sound entries of the bundle, whose chain stands.
 * @returns what does not fit, or null.
 */
export const receiptFault = (
  receipt: ReceiptCode,
  attemptId: string,
  entries: readonly LedgerEntry[],
): ReceiptFault | null => {
  if (receipt.attemptId !== null && receipt.attemptId !== attemptId)
    return { reason: 'other-attempt' };
  const named = entries[receipt.seq - 1];
  if (named === undefined) return { reason: 'cut', from: entries.length + 1, to: receipt.seq };
  return named.hash === receipt.hash ? null : { reason: 'other-entry', seq: receipt.seq };
};
