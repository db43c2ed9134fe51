import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { FOLD_VERSION, NOTHING_FOLDED } from './attempt-fold.ts';
import { type KeptFold, readFold } from './kept-fold.ts';
import type { EntryLog, FoldStore } from './ports.ts';
import type { Registration } from './registry-ports.ts';

/** What was read of an attempt already; without `kept` nobody has looked for its fold. */
export interface Known {
  readonly registration: Registration;
  readonly kept?: KeptFold | null;
}

/** What is known of a ledger, and what is not in that yet. */
export interface ReadLedger {
  readonly from: KeptFold;
  readonly entries: readonly LedgerEntry[];
}

/** Reads ledgers from where their folds end. */
export interface LedgerReader {
  /** @returns the fold that is kept; null when there is none, and of a ledger that is not whole. */
  keptOf(registration: Registration): Promise<KeptFold | null>;
  /** A fold is believed only where the log has the very entry to which it goes; else all entries are read. */
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
    const stored = await folds.read(registration.attemptId, FOLD_VERSION);
    return stored === null ? null : readFold(stored, registration);
  };
  return {
    keptOf,
    read: async ({ registration, kept }) => {
      const { attemptId } = registration;
      const from = kept === undefined ? await keptOf(registration) : kept;
      if (from !== null) {
        const { seq, hash } = from.folded.state;
        const [last, ...later] = await log.read(attemptId, seq - 1);
        if (last?.seq === seq && last.hash === hash) return { from, entries: later };
      }
      return { from: NOTHING_KEPT, entries: await log.read(attemptId, 0) };
    },
  };
};
