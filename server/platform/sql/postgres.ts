import pg from 'pg';
import { type Database, queryBuilder } from './database.ts';
import { migrate } from './migrate.ts';
import { type PostgresPool, postgresDialect } from './postgres-driver.ts';

const INT8 = 20;

/**
 * 64-bit numbers as numbers; `pg` gives text, since not all of them fit.
 * @throws RangeError when this one does not.
 */
export const safeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`a number that is not exact: ${text}`);
  return value;
};

/** Limits of a server that answers people, ms; a migration may take as long as it takes. */
const LIMITS = {
  connectionTimeoutMillis: 5_000,
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  // A unit of work that stands still holds up all others.
  idle_in_transaction_session_timeout: 10_000,
} as const;

/** @param lost told of each connection that ended by itself. */
export const postgresPool = (
  url: string,
  lost: (failure: Error) => void,
  options: pg.PoolConfig,
): PostgresPool => {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'atalaya',
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8
          ? safeInteger
          : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
    ...options,
  });
  // Without a listener the end of a connection is the end of the process. The pool listens while a connection waits
  // in it; while it is in use, between two statements, nobody does.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
};

/** @param pool to the database; ended with it. */
export const postgresOn = (pool: PostgresPool): Database => {
  const db = queryBuilder(postgresDialect(pool));
  return { db, close: () => db.destroy() };
};

/**
 * Opens a PostgreSQL database (15 or newer) and brings its schema up to date. When it goes away later, callers get a
 * StorageLostError, and the next ones find it again when it is back.
 *
 * @param url `postgres://user:password@host:port/database`.
 * @param lost told of each connection that ended by itself.
 * @throws StorageLostError when it cannot be reached.
 */
export const openPostgres = async (
  url: string,
  lost: (failure: Error) => void,
): Promise<Database> => {
  const once = postgresOn(postgresPool(url, lost, { max: 1, connectionTimeoutMillis: 10_000 }));
  try {
    await migrate(once.db);
  } finally {
    await once.close();
  }
  return postgresOn(postgresPool(url, lost, { max: 10, ...LIMITS }));
};
