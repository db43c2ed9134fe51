import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { StartRefusedError } from '#server/platform/start-refused.ts';
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

/** A larger database is not read through at the start: some GB would take as long as a short exam's check-in, bytes. */
const MOST_CHECKED = 256 * 1024 * 1024;

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;
const damaged = (file: string, cause?: unknown): StartRefusedError =>
  new StartRefusedError(
    `La base de datos ${file} está dañada o no es de Atalaya: restaure la última copia de la carpeta de datos.`,
    { cause },
  );

/** What is said of damage, and the failure itself of everything else. */
const openingFailure = (file: string, failure: unknown): unknown => {
  const text = String((failure as { readonly code?: unknown }).code);
  if (DAMAGED.test(text)) return damaged(file, failure);
  return text.startsWith('SQLITE_BUSY')
    ? new StartRefusedError(`Otro programa tiene ocupada la base de datos ${file}.`, {
        cause: failure,
      })
    : failure;
};

/** Reads the file through. @throws StartRefusedError when a page of it is not what it should be. */
const checkWhole = (sqlite: SqliteDatabase.Database, file: string): void => {
  if (!existsSync(file) || statSync(file).size > MOST_CHECKED) return;
  const found = sqlite.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw damaged(file, new Error(String(found)));
};

/**
 * Opens (or creates) the server's SQLite database and brings its schema up to date.
 *
 * One connection serves both the ingest and the query builder: with two, a transaction of the one
 * that waits for the event loop would make the other block that very loop.
 *
 * @param file path, or `:memory:`.
 * @throws StartRefusedError for a file that is empty, damaged or busy.
 */
export const openDatabase = async (file: string): Promise<OpenDatabase> => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file) && statSync(file).size === 0) {
    throw new StartRefusedError(
      `La base de datos ${file} está vacía (0 bytes): restaure la última copia o, si nunca hubo datos, bórrela.`,
    );
  }
  const sqlite = new SqliteDatabase(file);
  try {
    return await settled(sqlite, file);
  } catch (failure) {
    sqlite.close();
    throw openingFailure(file, failure);
  }
};

const settled = async (sqlite: SqliteDatabase.Database, file: string): Promise<OpenDatabase> => {
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
  checkWhole(sqlite, file);
  const lock = new ConnectionLock();
  const db = queryBuilder(oneConnectionDialect(sqlite, lock));
  await migrate(db);
  return { sqlite, db, exclusive: exclusively(sqlite, lock), close: () => db.destroy() };
};
