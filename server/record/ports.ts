import type { AuditRow } from '#server/platform/ports.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import type { AttemptId, CommandId, Hash, StaffId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { CommandState, IssuedCommand } from '#shared/wire/command.ts';

export interface StoredCommand {
  readonly issued: IssuedCommand;
  readonly state: CommandState;
  /** Of an order that ended the attempt without its kiosk; absent otherwise. */
  readonly ended?: Ended | undefined;
  /** Of a dismissal after such an order: what is left with the minutes that it gives, ms; absent when it gives none. */
  readonly leftMs?: number | undefined;
}

/** How an attempt stood when staff ended it without its kiosk. */
export interface Ended {
  /** Which of these decisions about the attempt it was, from 1 on; 0 where it was not said yet. */
  readonly no: number;
  /** How far the ledger had come. */
  readonly seq: number;
  /** What was left of the examinee's time, ms; null while the exam had not begun; absent where it was not said yet. */
  readonly leftMs?: number | null;
}

/** Something that the server itself noticed about an attempt, outside its ledger (S7: second log-in, second address). */
export interface Notice {
  readonly id: string;
  readonly attemptId: AttemptId;
  readonly kind: IncidentKind;
  readonly at: EpochMs;
  readonly facts: Facts;
}

export interface StoredStill {
  readonly hash: Hash;
  readonly mime: 'image/jpeg' | 'image/png';
  readonly bytes: number;
}

/** What is known about attempts besides their ledger. */
export interface RecordStore {
  /**
   * Stores the command and its audit row under the person's key.
   * @param stands how the attempt stands with it, when staff end it or have ended it without its kiosk.
   * @returns false when the person used the key before: then nothing is stored.
   */
  addCommand(
    issued: IssuedCommand,
    key: string,
    audit: AuditRow,
    stands?: Pick<StoredCommand, 'ended' | 'leftMs'>,
  ): Promise<boolean>;
  commandByKey(staffId: StaffId, key: string): Promise<IssuedCommand | null>;
  /** What was stored under the key itself and under names that begin with it and a colon, by their names. */
  commandsByKey(staffId: StaffId, key: string): Promise<ReadonlyMap<string, IssuedCommand>>;
  commandsOf(attemptId: AttemptId): Promise<readonly StoredCommand[]>;
  /** Only from `sent`; a later state stays. */
  markDelivered(commandId: CommandId, now: EpochMs): Promise<void>;
  addNotice(notice: Notice): Promise<void>;
  noticesOf(attemptId: AttemptId): Promise<readonly Notice[]>;
  addStill(attemptId: AttemptId, still: StoredStill, now: EpochMs): Promise<void>;
  still(attemptId: AttemptId, hash: Hash): Promise<StoredStill | null>;
  stillsOf(attemptId: AttemptId): Promise<readonly StoredStill[]>;
}

export interface CommandOutcome {
  readonly commandId: CommandId;
  readonly attemptId: AttemptId;
  readonly state: 'applied' | 'rejected';
}

/** An entry and its text, which is what is stored. */
export interface SealedEntry {
  readonly entry: LedgerEntry;
  readonly text: string;
}

/** Where a ledger stands. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: Hash;
}

/** The ledgers as the server keeps them. The only writer is the ingest. */
export interface EntryLog {
  /**
   * Stores entries of any number of attempts and settles the commands that they answer, in one
   * transaction; resolved means durable. An entry that is stored already is passed over: when a database goes away in a
   * commit, nobody knows how it ended.
   * @throws when the storage fails, or another entry stands in the place of one: then nothing of it is stored.
   */
  append(
    entries: readonly SealedEntry[],
    outcomes: readonly CommandOutcome[],
    now: EpochMs,
  ): Promise<void>;
  /** Entries with seq > `afterSeq`, in order. */
  read(attemptId: AttemptId, afterSeq: number): Promise<readonly LedgerEntry[]>;
  hashAt(attemptId: AttemptId, seq: number): Promise<Hash | null>;
  /** The last entry's place and hash, without reading any; null when there is none. */
  head(attemptId: AttemptId): Promise<LedgerHead | null>;
  /** Characters of all its entries with seq > `afterSeq`. */
  weight(attemptId: AttemptId, afterSeq: number): Promise<number>;
  /** How far signatures and rules were checked. */
  saveVerified(
    marks: readonly { readonly attemptId: AttemptId; readonly seq: number }[],
  ): Promise<void>;
  /**
   * Looks at the attempts that follow `after` in the order of their ids, at most `count`.
   * @param after null begins.
   * @returns those with entries that were not checked yet, and after whom to go on; null when that were all.
   */
  unverified(
    after: AttemptId | null,
    count: number,
  ): Promise<{ readonly found: readonly AttemptId[]; readonly last: AttemptId | null }>;
}

/** What was made of a ledger, as a text, and the entry up to which it goes. */
export interface StoredFold {
  readonly attemptId: AttemptId;
  readonly seq: number;
  readonly hash: Hash;
  /** What of the program made it: no other can read it. */
  readonly version: string;
  readonly text: string;
}

/**
 * Folds of ledgers, so that after a restart only what came later is read. A cache: the ledgers are the truth, and each
 * fold can be made again.
 */
export interface FoldStore {
  /** @returns null when there is none, or it is not as it was kept. */
  read(attemptId: AttemptId): Promise<StoredFold | null>;
  /** Replaces what is kept of these attempts; all of it or nothing. */
  keep(folds: readonly StoredFold[]): Promise<void>;
}

/** Evidence files by hash. */
export interface StillFiles {
  /**
   * Stores a body under its hash, durably, or refuses it: wrong hash, too many bytes, no JPEG or PNG.
   * Storing again changes nothing.
   */
  put(
    hash: Hash,
    mime: StoredStill['mime'],
    body: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ readonly bytes: number } | 'wrong-hash' | 'too-large' | 'not-an-image'>;
  read(hash: Hash, mime: StoredStill['mime']): Promise<Uint8Array | null>;
  /** Deletes the file, durably. One that is not there changes nothing. */
  remove(hash: Hash, mime: StoredStill['mime']): Promise<void>;
  /**
   * Deletes what was never finished (a server that ended while a picture came) and has lain for longer than `ageMs`.
   * @returns how many there were.
   */
  sweepUnfinished(ageMs: number): Promise<number>;
}
