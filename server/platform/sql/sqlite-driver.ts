import type SqliteDatabase from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { TransactionMisuseError } from '#server/platform/unit-of-work.ts';
import type { ConnectionLock } from './connection-lock.ts';
import { refuseInsideTransaction } from './transaction.ts';

/** Statements that are kept ready, which most are: reading one anew takes longer than running it. */
const MOST_READY = 300;
/** What changes the schema is run once, and whatever is ready belongs to the schema before. */
const LASTING = /^\s*(select|insert|update|delete|with)\b/i;

/** Runs the builder's statements on the one connection. A statement that fails dooms its transaction, as in PostgreSQL. */
class OneConnection implements DatabaseConnection {
  readonly #sqlite: SqliteDatabase.Database;
  readonly #ready = new Map<string, SqliteDatabase.Statement>();
  #failed = false;

  constructor(sqlite: SqliteDatabase.Database) {
    this.#sqlite = sqlite;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    this.#refuseFailed();
    try {
      const statement = this.#statement(sql);
      if (statement.reader) return { rows: statement.all(...parameters) as R[] };
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return {
        rows: [],
        insertId: BigInt(lastInsertRowid),
        numAffectedRows: BigInt(changes),
      };
    } catch (failure) {
      this.#failed = this.#sqlite.inTransaction;
      throw failure;
    }
  }

  // biome-ignore lint/correctness/useYield: nothing streams on a connection that everybody shares
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('a stream would hold the only connection');
  }

  /** The write lock of the file is taken at once: a reader that becomes a writer may not wait for another process. */
  begin(): void {
    this.#failed = false;
    this.#sqlite.exec('BEGIN IMMEDIATE');
  }

  commit(): void {
    this.#refuseFailed();
    this.#sqlite.exec('COMMIT');
  }

  rollback(): void {
    this.#failed = false;
    // A full disk makes SQLite roll back by itself.
    if (this.#sqlite.inTransaction) this.#sqlite.exec('ROLLBACK');
  }

  #statement(sql: string): SqliteDatabase.Statement {
    const known = this.#ready.get(sql);
    if (known !== undefined) return known;
    const lasting = LASTING.test(sql);
    if (!lasting || this.#ready.size >= MOST_READY) this.#ready.clear();
    const statement = this.#sqlite.prepare(sql);
    if (lasting) this.#ready.set(sql, statement);
    return statement;
  }

  #refuseFailed(): void {
    if (this.#failed) throw new Error('a statement before failed: the transaction is rolled back');
  }
}

/**
 * One connection, one holder at a time. Kysely's own driver has such a lock as well, but it is out of reach
 * of the ingest, and it lets code wait for itself.
 */
class OneConnectionDriver implements Driver {
  readonly #sqlite: SqliteDatabase.Database;
  readonly #lock: ConnectionLock;
  readonly #connection: OneConnection;

  constructor(sqlite: SqliteDatabase.Database, lock: ConnectionLock) {
    this.#sqlite = sqlite;
    this.#lock = lock;
    this.#connection = new OneConnection(sqlite);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    refuseInsideTransaction();
    await this.#lock.acquire();
    return this.#connection;
  }

  async beginTransaction(): Promise<void> {
    this.#connection.begin();
  }

  async commitTransaction(): Promise<void> {
    this.#connection.commit();
  }

  async rollbackTransaction(): Promise<void> {
    this.#connection.rollback();
  }

  async releaseConnection(): Promise<void> {
    this.#lock.release();
  }

  async destroy(): Promise<void> {
    this.#sqlite.close();
  }
}

class OneConnectionAdapter extends SqliteAdapter {
  /** The driver waits for itself: Kysely need not. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
  /** SQLite can: a killed migration leaves nothing behind. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Kysely on one better-sqlite3 connection, which others share by its lock. */
export const oneConnectionDialect = (
  sqlite: SqliteDatabase.Database,
  lock: ConnectionLock,
): Dialect => ({
  createAdapter: () => new OneConnectionAdapter(),
  createDriver: () => new OneConnectionDriver(sqlite, lock),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/**
 * @returns a function that waits for the connection and runs `work` alone on it.
 */
export const exclusively =
  (sqlite: SqliteDatabase.Database, lock: ConnectionLock) =>
  async <T>(work: () => T): Promise<T> => {
    refuseInsideTransaction();
    await lock.acquire();
    try {
      // A transaction inside another one is a savepoint: it looks durable and is not.
      if (sqlite.inTransaction) throw new TransactionMisuseError('a transaction was left open');
      return work();
    } finally {
      lock.release();
    }
  };
