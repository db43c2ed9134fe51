import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';

export interface StoredEvidence {
  readonly hash: Hash;
  readonly attemptId: AttemptId;
  readonly mime: 'image/jpeg' | 'image/png';
  readonly bytes: Uint8Array;
}

/** What is stored was changed outside the program: an edited, swapped or missing row. Trying again cannot mend it. */
export class TamperedStorageError extends Error {
  constructor(place: string, options?: ErrorOptions) {
    super(`stored ${place} was changed outside the program`, options);
    this.name = 'TamperedStorageError';
  }
}

/** A storage whose connection may end and be opened again, perhaps without what it had. */
export interface Reopened {
  /** Calls `listener` after each opening but the first; absent where that cannot happen. */
  onReopened?(listener: () => void): void;
}

/**
 * Durable storage of the device: ledger entries and evidence. One writer. Entries are never changed
 * or deleted while their attempt is on the device.
 */
export interface LedgerStore extends Reopened {
  /**
   * Stores the entry; resolved means that it survives a power cut.
   * @throws when (attemptId, seq) is already there or when the storage fails.
   */
  append(entry: LedgerEntry): Promise<void>;
  /**
   * Entries with seq > `afterSeq` in order, at most `limit`.
   * @throws TamperedStorageError where the storage can tell that it is not what was stored.
   */
  read(attemptId: AttemptId, afterSeq: number, limit: number): Promise<readonly LedgerEntry[]>;
  /**
   * Stores evidence by its attempt and hash; storing it again changes nothing. Two attempts may have the
   * same picture (a camera that gives black): each needs its own.
   */
  putEvidence(evidence: StoredEvidence): Promise<void>;
  /** Evidence of the attempt that the server has not confirmed yet, oldest first, at most `limit`. */
  unsentEvidence(attemptId: AttemptId, limit: number): Promise<readonly StoredEvidence[]>;
  /** The server has it: the device may forget the bytes. */
  evidenceSent(attemptId: AttemptId, hash: Hash): Promise<void>;
}

/** Small durable values of the device: enrolment, the open session, the form. JSON by key. */
export interface DeviceStore extends Reopened {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}
