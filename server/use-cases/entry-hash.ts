import { hash } from 'node:crypto';
import { hashInput } from '#shared/ledger/chain.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';

/** Whether the entry's content is what its hash says; null when it has no canonical text at all (a lone surrogate). */
export const fitsHash = (entry: LedgerEntry): boolean | null => {
  try {
    return hash('sha256', hashInput(entry), 'hex') === entry.hash;
  } catch {
    return null;
  }
};

/**
 * Looks for traces of a hand in the database: every entry was checked before it was stored, so whatever
 * does not fit was changed, added or removed afterwards.
 * @param knownSeq how many entries there must be at least.
 * @returns what does not fit, or null.
 */
export const storedFault = (entries: readonly LedgerEntry[], knownSeq: number): string | null => {
  let previous = GENESIS;
  for (const [i, entry] of entries.entries()) {
    if (entry.seq !== i + 1) return `stored entry ${i + 1} is missing`;
    if (entry.previous !== previous || fitsHash(entry) !== true) {
      return `stored entry ${entry.seq} was altered`;
    }
    previous = entry.hash;
  }
  return entries.length < knownSeq ? `stored entry ${entries.length + 1} is missing` : null;
};
