import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import {
  type LedgerStore,
  type StoredEvidence,
  TamperedStorageError,
} from '#shared/ports/ledger-store.port.ts';
import { patiently } from './patiently.ts';
import { createWriteLane, FinalWriteError } from './write-lane.ts';

/** Somebody else wrote another entry into that place. */
export class ForeignEntryError extends FinalWriteError {
  override readonly name = 'ForeignEntryError';
}

/** Pictures that are held while they cannot be stored; a copy attempt has three, of some tens of kilobytes each. */
const HELD_PICTURES = 60;

export interface SteadyLedger extends LedgerStore {
  /** The last entry of the attempt that is known to be on the device; 0 for none. */
  storedSeq(attemptId: AttemptId): number;
  /** Entries and pictures that are held in memory alone. */
  held(): number;
  failing(): boolean;
  stop(): void;
}

export interface SteadyLedgerOptions {
  readonly raw: LedgerStore;
  readonly scheduler: Scheduler;
  readonly onChange: () => void;
  /** An entry that was held turned out to be in a place that is taken. */
  readonly onFork: () => void;
  /** The storage had come back without what it had; the ledger is there again. */
  readonly onEmptied: () => void;
}

/**
 * A ledger that goes on while its storage does not. Entries that cannot be stored are held in memory, in order, and
 * stored as soon as they can be; readers see them all the same. A storage that comes back empty gets again what
 * this process knows.
 */
export const createSteadyLedger = (options: SteadyLedgerOptions): SteadyLedger => {
  const { raw, scheduler, onChange } = options;
  /** What this process read or wrote of the attempt that is under way. */
  let known: { readonly attemptId: AttemptId; readonly entries: Map<number, LedgerEntry> } | null =
    null;
  const stored = new Map<AttemptId, number>();
  /** The last reading failed while writing does: the next one is answered from memory. */
  let unreadable = false;
  /** Pictures that the server has and that could not be marked. */
  const sentHashes = new Set<string>();

  const remember = (entry: LedgerEntry): void => {
    if (known?.attemptId !== entry.attemptId) {
      known = { attemptId: entry.attemptId, entries: new Map() };
    }
    known.entries.set(entry.seq, entry);
  };

  const noteStored = ({ attemptId, seq }: LedgerEntry): void => {
    stored.set(attemptId, Math.max(stored.get(attemptId) ?? 0, seq));
  };

  const put = async (entry: LedgerEntry): Promise<void> => {
    try {
      await raw.append(entry);
    } catch (failure) {
      const [there] = await raw.read(entry.attemptId, entry.seq - 1, 1);
      if (there?.seq !== entry.seq) throw failure;
      if (there.hash !== entry.hash) throw new ForeignEntryError();
    }
    noteStored(entry);
  };

  /** The browser's data were cleared, or the file was: what was there is written again, from its beginning. */
  const refill = async (): Promise<void> => {
    if (known === null) return;
    const waiting = new Set(entries.waiting());
    const before = [...known.entries.values()]
      .filter((entry) => !waiting.has(entry))
      .sort((a, b) => a.seq - b.seq);
    const [first] = before;
    if (first === undefined) return;
    const [there] = await raw.read(first.attemptId, first.seq - 1, 1);
    if (there?.seq === first.seq) return;
    for (const entry of before) await put(entry);
    options.onEmptied();
  };

  const entries = createWriteLane<LedgerEntry>({
    scheduler,
    onChange,
    mend: refill,
    onLost: (_, failure) => {
      if (failure instanceof ForeignEntryError) options.onFork();
    },
  });
  const pictures = createWriteLane<StoredEvidence>({
    scheduler,
    onChange,
    mend: async () => undefined,
    onLost: () => undefined,
  });

  // One that fails here is tried again with the next write that fails.
  raw.onReopened?.(() => void refill().catch(() => undefined));

  const heldOf = (attemptId: AttemptId): readonly LedgerEntry[] =>
    entries.waiting().filter((entry) => entry.attemptId === attemptId);

  const read: LedgerStore['read'] = async (attemptId, afterSeq, limit) => {
    // Before the reading: one that is stored meanwhile is in one of the two, or in both.
    const held = heldOf(attemptId);
    const wanted = ({ seq }: LedgerEntry) => seq > afterSeq && seq <= afterSeq + limit;
    const fromMemory = (): readonly LedgerEntry[] | null => {
      const mine = known?.attemptId === attemptId ? [...known.entries.values()] : [];
      const found = mine.filter(wanted).sort((a, b) => a.seq - b.seq);
      // Without the first of them nobody knows what is missing.
      const whole = found.every(({ seq }, i) => seq === afterSeq + i + 1);
      return whole && found.length > 0 ? found : null;
    };
    unreadable &&= entries.failing();
    const remembered = unreadable ? fromMemory() : null;
    if (remembered !== null) return remembered;
    try {
      const found = await patiently(scheduler, raw.read(attemptId, afterSeq, limit));
      for (const entry of found) {
        remember(entry);
        noteStored(entry);
      }
      const last = found.at(-1)?.seq ?? afterSeq;
      return [...found, ...held.filter((entry) => wanted(entry) && entry.seq > last)];
    } catch (failure) {
      const found = failure instanceof TamperedStorageError ? null : fromMemory();
      if (found === null) throw failure;
      unreadable = true;
      return found;
    }
  };

  const nameOf = ({ attemptId, hash }: { attemptId: AttemptId; hash: Hash }): string =>
    `${attemptId} ${hash}`;

  return {
    append: (entry) => {
      remember(entry);
      return entries.write({ what: entry, run: () => put(entry) });
    },
    read,
    putEvidence: (evidence) => {
      if (pictures.waiting().length >= HELD_PICTURES) {
        return Promise.reject(new Error('too many pictures are held'));
      }
      return pictures.write({ what: evidence, run: () => raw.putEvidence(evidence) });
    },
    unsentEvidence: async (attemptId, limit) => {
      const held = pictures.waiting().filter((one) => one.attemptId === attemptId);
      const found = await patiently(scheduler, raw.unsentEvidence(attemptId, limit)).catch(
        (failure: unknown) => {
          if (!pictures.failing() && !entries.failing()) throw failure;
          return [];
        },
      );
      const hashes = new Set(found.map(({ hash }) => hash));
      return [...found, ...held.filter(({ hash }) => !hashes.has(hash))]
        .filter((one) => !sentHashes.has(nameOf(one)))
        .slice(0, limit);
    },
    evidenceSent: async (attemptId, hash) => {
      const name = nameOf({ attemptId, hash });
      pictures.drop((one) => nameOf(one) === name);
      try {
        await patiently(scheduler, raw.evidenceSent(attemptId, hash));
      } catch {
        // Only costs another upload after a restart.
        sentHashes.add(name);
      }
    },
    storedSeq: (attemptId) => stored.get(attemptId) ?? 0,
    held: () => entries.waiting().length + pictures.waiting().length,
    failing: () => entries.failing() || pictures.failing(),
    stop: () => {
      entries.stop();
      pictures.stop();
    },
  };
};
