import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { ConnectionLock } from './connection-lock.ts';
import { type Database, queryBuilder } from './database.ts';
import { migrate } from './migrate.ts';
import { exclusively, oneConnectionDialect } from './sqlite-driver.ts';

export interface OpenDatabase extends Database {
  /** The connection itself, for the ingest's prepared statements. */
  readonly sqlite: SqliteDatabase.Database;
  /**
   * Waits for the connection and runs `work`, which is synchronous, alone on it: no transaction of others is half done.
   * @throws TransactionMisuseError inside a unit of work.
   */
  exclusive<T>(work: () => T): Promise<T>;
}

/**
 * Opens (or creates) the server's SQLite database and brings its schema up to date.
 *
 * One connection serves both the ingest and the query builder: with two, a transaction of the one
 * that waits for the event loop would make the other block that very loop.
 *
 * @param file path, or `:memory:`.
 */
export const openDatabase = async (file: string): Promise<OpenDatabase> => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const sqlite = new SqliteDatabase(file);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  // What is deleted is overwritten: pictures of people do not stay in unused pages.
  sqlite.pragma('secure_delete = ON');
  // 32 MB of pages: the index of a large exam's entries stays in memory.
  sqlite.pragma('cache_size = -32768');
  // A checkpoint each 64 MB instead of each 4: the same index pages are written back less often.
  sqlite.pragma('wal_autocheckpoint = 16000');
  const lock = new ConnectionLock();
  const db = queryBuilder(oneConnectionDialect(sqlite, lock));
  try {
    await migrate(db);
  } catch (failure) {
    await db.destroy();
    throw failure;
  }
  return { sqlite, db, exclusive: exclusively(sqlite, lock), close: () => db.destroy() };
};
