import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { storageFailure } from './postgres-failures.ts';
import { refuseInsideTransaction } from './transaction.ts';

/** What is needed of a connection: the client of `pg`, or one that looks like it. */
export interface PostgresClient {
  /** @param values left out, `text` may hold several statements. */
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>;
  /** @param broken the connection is not used again. */
  release(broken?: boolean): void;
}

export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  end(): Promise<void>;
}

/** Name of the lock that makes units of work run one after the other, as they do in SQLite. Any number, never changed. */
const UNIT_LOCK = 4_127_190_318;

class PoolConnection implements DatabaseConnection {
  readonly client: PostgresClient;
  broken = false;
  #open = false;
  #failed = false;

  constructor(client: PostgresClient) {
    this.client = client;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    this.#refuseFailed();
    try {
      const { rows, rowCount } = await this.client.query(sql, [...parameters]);
      return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (failure) {
      this.#failed = this.#open;
      throw this.#told(failure);
    }
  }

  // biome-ignore lint/correctness/useYield: nothing streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streams are not used');
  }

  async begin(): Promise<void> {
    this.#open = true;
    await this.#run(`BEGIN; SELECT pg_advisory_xact_lock(${UNIT_LOCK})`);
  }

  async commit(): Promise<void> {
    this.#refuseFailed();
    await this.#run('COMMIT');
    this.#open = false;
  }

  async rollback(): Promise<void> {
    // A connection that was lost has rolled back by itself; the first error is the one to tell.
    if (this.broken) return;
    this.#open = false;
    this.#failed = false;
    await this.#run('ROLLBACK');
  }

  async #run(text: string): Promise<void> {
    try {
      await this.client.query(text);
    } catch (failure) {
      throw this.#told(failure);
    }
  }

  #told(failure: unknown): unknown {
    const told = storageFailure(failure);
    if (told !== failure) this.broken = true;
    return told;
  }

  #refuseFailed(): void {
    if (this.#failed) throw new Error('a statement before failed: the transaction is rolled back');
  }
}

class PoolDriver implements Driver {
  readonly #pool: PostgresPool;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PoolConnection> {
    refuseInsideTransaction();
    try {
      return new PoolConnection(await this.#pool.connect());
    } catch (failure) {
      throw storageFailure(failure);
    }
  }

  async beginTransaction(connection: PoolConnection): Promise<void> {
    await connection.begin();
  }

  async commitTransaction(connection: PoolConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: PoolConnection): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(connection: PoolConnection): Promise<void> {
    connection.client.release(connection.broken);
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

/** Kysely on PostgreSQL: units of work run one after the other, and code that would wait for itself is refused. */
export const postgresDialect = (pool: PostgresPool): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PoolDriver(pool),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});
