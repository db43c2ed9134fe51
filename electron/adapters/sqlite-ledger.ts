import Database from 'better-sqlite3';
import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { DeviceStore, LedgerStore, StoredEvidence } from '#shared/ports/ledger-store.port.ts';

export type KioskDatabase = Database.Database;

/**
 * Opens (and makes) the kiosk's database. WAL with `synchronous=FULL`: a resolved append survives a
 * power cut. The trigger keeps even a mistake of ours from changing or deleting an entry.
 */
export const openKioskDatabase = (file: string): KioskDatabase => {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(`
    CREATE TABLE IF NOT EXISTS entry (
      attempt_id TEXT NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL,
      PRIMARY KEY (attempt_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER IF NOT EXISTS entry_fixed BEFORE UPDATE ON entry
      BEGIN SELECT RAISE(ABORT, 'ledger entries never change'); END;
    CREATE TRIGGER IF NOT EXISTS entry_kept BEFORE DELETE ON entry
      BEGIN SELECT RAISE(ABORT, 'ledger entries are never deleted'); END;
    CREATE TABLE IF NOT EXISTS evidence (
      attempt_id TEXT NOT NULL, hash TEXT NOT NULL, mime TEXT NOT NULL, bytes BLOB NOT NULL,
      sent INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (attempt_id, hash)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS evidence_unsent ON evidence (attempt_id) WHERE sent = 0;
    CREATE TABLE IF NOT EXISTS value (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  `);
  return database;
};

interface EvidenceRow {
  readonly hash: string;
  readonly mime: 'image/jpeg' | 'image/png';
  readonly bytes: Buffer;
}

/** The ledger of a desktop kiosk. */
export class SqliteLedger implements LedgerStore {
  readonly #append: Database.Statement;
  readonly #read: Database.Statement<unknown[], { json: string }>;
  readonly #putEvidence: Database.Statement;
  readonly #unsent: Database.Statement<unknown[], EvidenceRow>;
  readonly #sent: Database.Statement;

  constructor(database: KioskDatabase) {
    this.#append = database.prepare('INSERT INTO entry (attempt_id, seq, json) VALUES (?, ?, ?)');
    this.#read = database.prepare(
      'SELECT json FROM entry WHERE attempt_id = ? AND seq > ? ORDER BY seq LIMIT ?',
    );
    this.#putEvidence = database.prepare(
      'INSERT OR IGNORE INTO evidence (hash, attempt_id, mime, bytes) VALUES (?, ?, ?, ?)',
    );
    this.#unsent = database.prepare(
      'SELECT hash, mime, bytes FROM evidence WHERE attempt_id = ? AND sent = 0 ORDER BY rowid LIMIT ?',
    );
    // The row stays so that the same picture is not sent twice; the bytes are the server's now.
    this.#sent = database.prepare(
      "UPDATE evidence SET sent = 1, bytes = x'' WHERE attempt_id = ? AND hash = ?",
    );
  }

  async append(entry: LedgerEntry): Promise<void> {
    this.#append.run(entry.attemptId, entry.seq, JSON.stringify(entry));
  }

  async read(
    attemptId: AttemptId,
    afterSeq: number,
    limit: number,
  ): Promise<readonly LedgerEntry[]> {
    return this.#read
      .all(attemptId, afterSeq, limit)
      .map((row) => JSON.parse(row.json) as LedgerEntry);
  }

  async putEvidence(evidence: StoredEvidence): Promise<void> {
    this.#putEvidence.run(
      evidence.hash,
      evidence.attemptId,
      evidence.mime,
      Buffer.from(evidence.bytes),
    );
  }

  async unsentEvidence(attemptId: AttemptId, limit: number): Promise<readonly StoredEvidence[]> {
    return this.#unsent
      .all(attemptId, limit)
      .map(({ hash, mime, bytes }) => ({ hash, attemptId, mime, bytes: new Uint8Array(bytes) }));
  }

  async evidenceSent(attemptId: AttemptId, hash: Hash): Promise<void> {
    this.#sent.run(attemptId, hash);
  }
}

/** The device's small durable values. */
export class SqliteDeviceStore implements DeviceStore {
  readonly #database: KioskDatabase;

  constructor(database: KioskDatabase) {
    this.#database = database;
  }

  async get(key: string): Promise<unknown> {
    const row = this.#database
      .prepare<unknown[], { json: string }>('SELECT json FROM value WHERE key = ?')
      .get(key);
    return row === undefined ? undefined : JSON.parse(row.json);
  }

  async set(key: string, value: unknown): Promise<void> {
    this.#database
      .prepare(
        'INSERT INTO value (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json',
      )
      .run(key, JSON.stringify(value));
  }

  async delete(key: string): Promise<void> {
    this.#database.prepare('DELETE FROM value WHERE key = ?').run(key);
  }
}
