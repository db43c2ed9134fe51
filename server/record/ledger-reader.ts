import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { breakText } from '#shared/wire/doubt.ts';
import { FOLD_VERSION, NOTHING_FOLDED } from './attempt-fold.ts';
import { storedFault } from './entry-hash.ts';
import { type KeptFold, readFold } from './kept-fold.ts';
import type { EntryLog, FoldStore, LedgerHead } from './ports.ts';
import type { Registration } from './registry-ports.ts';

/** What the store vouches for. */
export interface Kept {
  /** The ledger was there, with this entry, when its fold was kept. */
  readonly head: LedgerHead;
  /** null when this program cannot read it: it is of another version, or the exam has another policy by now. */
  readonly fold: KeptFold | null;
}

/** What was read of an attempt already; without `kept` nobody has looked for its fold. */
export interface Known {
  readonly registration: Registration;
  readonly kept?: Kept | null;
}

/** What is known of a ledger, and what is not in that yet. */
export interface ReadLedger {
  readonly from: KeptFold;
  readonly entries: readonly LedgerEntry[];
  /** What of it is missing, or not what it was, by `breakText`; null when nothing is. */
  readonly fault: string | null;
}

/** Reads ledgers from where their folds end. */
export interface LedgerReader {
  /** @returns what is kept; null when there is nothing, and of a ledger that is not whole. */
  keptOf(registration: Registration): Promise<Kept | null>;
  /**
   * A fold is believed only where the log has the very entry to which it goes; else all entries are read. An entry that was
   * there when the fold was kept, and is not any more or is another one, is a fault: nothing but a hand takes entries away.
   */
  read(known: Known): Promise<ReadLedger>;
}

export interface LedgerReaderDeps {
  readonly log: Pick<EntryLog, 'read'>;
  readonly folds: Pick<FoldStore, 'read'>;
}

const NOTHING_KEPT: KeptFold = { folded: NOTHING_FOLDED, bytes: 0 };

export const ledgerReader = ({ log, folds }: LedgerReaderDeps): LedgerReader => {
  const keptOf: LedgerReader['keptOf'] = async (registration) => {
    if (registration.brokenReason !== null) return null;
    const stored = await folds.read(registration.attemptId);
    if (stored === null) return null;
    const { seq, hash, version } = stored;
    const fold = version === FOLD_VERSION ? readFold(stored, registration) : null;
    return { head: { seq, hash }, fold };
  };
  return {
    keptOf,
    read: async ({ registration, kept }) => {
      const { attemptId, verifiedSeq } = registration;
      const known = kept === undefined ? await keptOf(registration) : kept;
      if (known?.fold) {
        const { head, fold } = known;
        const [last, ...later] = await log.read(attemptId, head.seq - 1);
        if (isAt(last, head))
          return { from: fold, entries: later, fault: storedFault(later, verifiedSeq, head) };
      }
      const entries = await log.read(attemptId, 0);
      const fault =
        storedFault(entries, Math.max(verifiedSeq, known?.head.seq ?? 0)) ??
        (known === null || isAt(entries[known.head.seq - 1], known.head)
          ? null
          : breakText('stored-altered', known.head.seq));
      return { from: NOTHING_KEPT, entries, fault };
    },
  };
};

const isAt = (entry: LedgerEntry | undefined, { seq, hash }: LedgerHead): boolean =>
  entry?.seq === seq && entry.hash === hash;
