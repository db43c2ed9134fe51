import type Database from 'better-sqlite3';
import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import {
  type DeviceStore,
  type LedgerStore,
  type StoredEvidence,
  TamperedStorageError,
} from '#shared/ports/ledger-store.port.ts';
import { entryPlace, evidencePlace, type KioskDatabase, valuePlace } from './kiosk-database.ts';
import type { RowCipher } from './row-cipher.ts';

interface EntryRow {
  readonly seq: number;
  readonly sealed: Buffer;
}

interface EvidenceRow {
  readonly hash: string;
  readonly mime: 'image/jpeg' | 'image/png';
  readonly sealed: Buffer;
}

/** The ledger of a desktop kiosk, encrypted with the device's key. */
export class SqliteLedger implements LedgerStore {
  readonly #cipher: RowCipher;
  readonly #append: Database.Statement;
  readonly #read: Database.Statement<unknown[], EntryRow>;
  readonly #putEvidence: Database.Statement;
  readonly #unsent: Database.Statement<unknown[], EvidenceRow>;
  readonly #sent: Database.Statement;
  readonly #attempts: Database.Statement<[], { attempt_id: AttemptId }>;

  constructor(database: KioskDatabase, cipher: RowCipher) {
    this.#cipher = cipher;
    this.#append = database.prepare('INSERT INTO entry (attempt_id, seq, sealed) VALUES (?, ?, ?)');
    this.#read = database.prepare(
      'SELECT seq, sealed FROM entry WHERE attempt_id = ? AND seq > ? ORDER BY seq LIMIT ?',
    );
    this.#putEvidence = database.prepare(
      'INSERT OR IGNORE INTO evidence (hash, attempt_id, mime, sealed) VALUES (?, ?, ?, ?)',
    );
    this.#unsent = database.prepare(
      'SELECT hash, mime, sealed FROM evidence WHERE attempt_id = ? AND sent = 0 ORDER BY rowid LIMIT ?',
    );
    // The row stays so that the same picture is not sent twice; the bytes are the server's now.
    this.#sent = database.prepare(
      "UPDATE evidence SET sent = 1, sealed = x'' WHERE attempt_id = ? AND hash = ?",
    );
    this.#attempts = database.prepare('SELECT DISTINCT attempt_id FROM entry ORDER BY attempt_id');
  }

  async append(entry: LedgerEntry): Promise<void> {
    const { attemptId, seq } = entry;
    const sealed = this.#cipher.seal(entryPlace(attemptId, seq), JSON.stringify(entry));
    this.#append.run(attemptId, seq, sealed);
  }

  /** @throws TamperedStorageError when a row was changed, moved or taken out. */
  async read(
    attemptId: AttemptId,
    afterSeq: number,
    limit: number,
  ): Promise<readonly LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    let previous = afterSeq === 0 ? GENESIS : null;
    for (const { seq, sealed } of this.#read.iterate(attemptId, afterSeq, limit)) {
      const place = entryPlace(attemptId, seq);
      const entry = JSON.parse(this.#cipher.open(place, sealed).toString('utf8')) as LedgerEntry;
      const follows = previous === null || entry.previous === previous;
      if (seq !== afterSeq + entries.length + 1 || !follows) throw new TamperedStorageError(place);
      previous = entry.hash;
      entries.push(entry);
    }
    return entries;
  }

  /** Attempts that have entries on this device. */
  attempts(): readonly AttemptId[] {
    return this.#attempts.all().map(({ attempt_id }) => attempt_id);
  }

  async putEvidence({ hash, attemptId, mime, bytes }: StoredEvidence): Promise<void> {
    const sealed = this.#cipher.seal(evidencePlace(attemptId, hash, mime), bytes);
    this.#putEvidence.run(hash, attemptId, mime, sealed);
  }

  async unsentEvidence(attemptId: AttemptId, limit: number): Promise<readonly StoredEvidence[]> {
    return this.#unsent.all(attemptId, limit).map(({ hash, mime, sealed }) => {
      const bytes = this.#cipher.open(evidencePlace(attemptId, hash, mime), sealed);
      return { hash, attemptId, mime, bytes: new Uint8Array(bytes) };
    });
  }

  async evidenceSent(attemptId: AttemptId, hash: Hash): Promise<void> {
    this.#sent.run(attemptId, hash);
  }
}

/** The device's small durable values, encrypted like the ledger. */
export class SqliteDeviceStore implements DeviceStore {
  readonly #database: KioskDatabase;
  readonly #cipher: RowCipher;

  constructor(database: KioskDatabase, cipher: RowCipher) {
    this.#database = database;
    this.#cipher = cipher;
  }

  async get(key: string): Promise<unknown> {
    const row = this.#database
      .prepare<unknown[], { sealed: Buffer }>('SELECT sealed FROM value WHERE key = ?')
      .get(key);
    if (row === undefined) return undefined;
    return JSON.parse(this.#cipher.open(valuePlace(key), row.sealed).toString('utf8'));
  }

  async set(key: string, value: unknown): Promise<void> {
    const sealed = this.#cipher.seal(valuePlace(key), JSON.stringify(value));
    this.#database
      .prepare(
        'INSERT INTO value (key, sealed) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed',
      )
      .run(key, sealed);
  }

  async delete(key: string): Promise<void> {
    this.#database.prepare('DELETE FROM value WHERE key = ?').run(key);
  }
}
