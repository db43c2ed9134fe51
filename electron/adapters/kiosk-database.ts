import Database from 'better-sqlite3';
import { TamperedStorageError } from '#shared/ports/ledger-store.port.ts';
import type { RowCipher } from './row-cipher.ts';

export type KioskDatabase = Database.Database;

/** Where a row stands: sealed with it, so that no row opens in another's place. */
export const entryPlace = (attemptId: string, seq: number): string => `entry|${attemptId}|${seq}`;
export const evidencePlace = (attemptId: string, hash: string, mime: string): string =>
  `evidence|${attemptId}|${hash}|${mime}`;
export const valuePlace = (key: string): string => `value|${key}`;
const SEAL_PLACE = 'database';

/** `user_version` of a database: as the first builds made it, encrypted, and without traces of the plain rows. */
const PLAIN = 0;
const SEALED = 1;
const SCRUBBED = 2;

/** The database belongs to another key: another device's, or its vault is gone. */
export class ForeignDatabaseError extends Error {
  constructor() {
    super('the database was not encrypted with the key of this device');
    this.name = 'ForeignDatabaseError';
  }
}

/**
 * Opens (and makes) the kiosk's database. WAL with `synchronous=FULL`: a resolved append survives a
 * power cut. The triggers keep even a mistake of ours from changing or deleting an entry.
 *
 * Contents are encrypted; the ids of attempts, hashes of evidence and names of values are not. Rows of a
 * database from before there was encryption are taken over and their plain copies overwritten.
 * @throws ForeignDatabaseError when it was made with another key.
 */
export const openKioskDatabase = (file: string, cipher: RowCipher): KioskDatabase => {
  const database = new Database(file);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // What is deleted or replaced is overwritten, not only forgotten.
    database.pragma('secure_delete = ON');
    if (versionOf(database) === PLAIN) {
      database.transaction(() => seal(database, cipher)).immediate();
    }
    mustBeOurs(database, cipher);
    if (versionOf(database) === SEALED) scrub(database);
    return database;
  } catch (failure) {
    database.close();
    throw failure;
  }
};

const versionOf = (database: KioskDatabase): number =>
  Number(database.pragma('user_version', { simple: true }));

const mustBeOurs = (database: KioskDatabase, cipher: RowCipher): void => {
  const row = database.prepare<[], { sealed: Buffer }>('SELECT sealed FROM seal').get();
  try {
    if (row === undefined) throw new TamperedStorageError(SEAL_PLACE);
    cipher.open(SEAL_PLACE, row.sealed);
  } catch {
    throw new ForeignDatabaseError();
  }
};

/** Makes the tables and takes over what the first builds stored in the clear. Runs in one transaction. */
const seal = (database: KioskDatabase, cipher: RowCipher): void => {
  const had = database
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'entry'")
    .get();
  if (had !== undefined) {
    database.exec(`
      DROP TRIGGER entry_fixed; DROP TRIGGER entry_kept; DROP INDEX evidence_unsent;
      ALTER TABLE entry RENAME TO plain_entry;
      ALTER TABLE evidence RENAME TO plain_evidence;
      ALTER TABLE value RENAME TO plain_value;
    `);
  }
  database.exec(`
    CREATE TABLE seal (sealed BLOB NOT NULL) STRICT;
    CREATE TABLE entry (
      attempt_id TEXT NOT NULL, seq INTEGER NOT NULL, sealed BLOB NOT NULL,
      PRIMARY KEY (attempt_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE evidence (
      attempt_id TEXT NOT NULL, hash TEXT NOT NULL, mime TEXT NOT NULL, sealed BLOB NOT NULL,
      sent INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (attempt_id, hash)
    ) STRICT;
    CREATE INDEX evidence_unsent ON evidence (attempt_id) WHERE sent = 0;
    CREATE TABLE value (key TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
  `);
  database.prepare('INSERT INTO seal (sealed) VALUES (?)').run(cipher.seal(SEAL_PLACE, ''));
  if (had !== undefined) takeOver(database, cipher);
  database.exec(`
    CREATE TRIGGER entry_fixed BEFORE UPDATE ON entry
      BEGIN SELECT RAISE(ABORT, 'ledger entries never change'); END;
    CREATE TRIGGER entry_kept BEFORE DELETE ON entry
      BEGIN SELECT RAISE(ABORT, 'ledger entries are never deleted'); END;
  `);
  database.pragma(`user_version = ${had === undefined ? SCRUBBED : SEALED}`);
};

interface PlainEntry {
  readonly attempt_id: string;
  readonly seq: number;
  readonly json: string;
}

interface PlainEvidence {
  readonly attempt_id: string;
  readonly hash: string;
  readonly mime: string;
  readonly bytes: Buffer;
  readonly sent: number;
}

const takeOver = (database: KioskDatabase, cipher: RowCipher): void => {
  // All at once: a table cannot be read row by row while another is written on the same connection.
  const entries = database.prepare<[], PlainEntry>('SELECT attempt_id, seq, json FROM plain_entry');
  const addEntry = database.prepare('INSERT INTO entry VALUES (?, ?, ?)');
  for (const { attempt_id, seq, json } of entries.all()) {
    addEntry.run(attempt_id, seq, cipher.seal(entryPlace(attempt_id, seq), json));
  }
  const pictures = database.prepare<[], PlainEvidence>(
    'SELECT attempt_id, hash, mime, bytes, sent FROM plain_evidence ORDER BY rowid',
  );
  const addEvidence = database.prepare('INSERT INTO evidence VALUES (?, ?, ?, ?, ?)');
  for (const { attempt_id, hash, mime, bytes, sent } of pictures.all()) {
    const body = sent === 1 ? '' : cipher.seal(evidencePlace(attempt_id, hash, mime), bytes);
    addEvidence.run(attempt_id, hash, mime, Buffer.from(body), sent);
  }
  const values = database.prepare<[], { key: string; json: string }>(
    'SELECT key, json FROM plain_value',
  );
  const addValue = database.prepare('INSERT INTO value VALUES (?, ?)');
  for (const { key, json } of values.all()) addValue.run(key, cipher.seal(valuePlace(key), json));
  database.exec('DROP TABLE plain_entry; DROP TABLE plain_evidence; DROP TABLE plain_value');
};

/** Writes the file anew, so that neither free pages nor the journal keep what was stored in the clear. */
const scrub = (database: KioskDatabase): void => {
  database.exec('VACUUM');
  database.pragma(`user_version = ${SCRUBBED}`);
  database.pragma('wal_checkpoint(TRUNCATE)');
};
