import { hash } from 'node:crypto';
import { hashInput } from '#shared/chain/chain.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import { breakText } from '#shared/wire/doubt.ts';
import type { LedgerHead } from './ports.ts';

/**
 * Checks that the entry's content is what its hash says.
 * @returns the entry as one canonical text, which is what is stored of it; `false` when it does not fit,
 * null when it has no canonical text at all (half a surrogate pair).
 */
export const sealedText = (entry: LedgerEntry): string | false | null => {
  let content: string;
  try {
    content = hashInput(entry);
  } catch {
    return null;
  }
  if (hash('sha256', content, 'hex') !== entry.hash) return false;
  // The two members that are not hashed have nothing in them to escape.
  const signature = entry.signature === undefined ? '' : `,"signature":"${entry.signature}"`;
  return `${content.slice(0, -1)},"hash":"${entry.hash}"${signature}}`;
};

/**
 * Looks for what is missing of a stored ledger, or does not link: every entry was checked before it was stored. Cheap: no
 * entry is hashed (`alteredFault` does).
 * @param knownSeq how many entries there must be at least.
 * @param after the entry that they follow.
 * @returns what does not fit, or null.
 */
export const storedFault = (
  entries: readonly LedgerEntry[],
  knownSeq: number,
  after: LedgerHead = { seq: 0, hash: GENESIS },
): string | null => {
  let { seq, hash: previous } = after;
  for (const entry of entries) {
    if (entry.seq !== seq + 1) return breakText('stored-missing', seq + 1);
    if (entry.previous !== previous) return breakText('stored-altered', entry.seq);
    seq = entry.seq;
    previous = entry.hash;
  }
  return seq < knownSeq ? breakText('stored-missing', seq + 1) : null;
};

/** Looks for traces of a hand in stored entries: each is hashed again. @returns the first that does not fit, or null. */
export const alteredFault = (entries: readonly LedgerEntry[]): string | null => {
  const altered = entries.find((entry) => typeof sealedText(entry) !== 'string');
  return altered === undefined ? null : breakText('stored-altered', altered.seq);
};
