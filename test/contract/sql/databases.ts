import { PGlite } from '@electric-sql/pglite';
import SqliteDatabase from 'better-sqlite3';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { inject } from 'vitest';
import { ConnectionLock } from '#server/platform/sql/connection-lock.ts';
import { type Database, queryBuilder } from '#server/platform/sql/database.ts';
import { migrate } from '#server/platform/sql/migrate.ts';
import { openPostgres, postgresOn, postgresPool } from '#server/platform/sql/postgres.ts';
import { type OpenDatabase, openDatabase } from '#server/platform/sql/sqlite.ts';
import { oneConnectionDialect } from '#server/platform/sql/sqlite-driver.ts';
import { postgresEntryLog } from '#server/record/entry-log.postgres.ts';
import { sqliteEntryLog } from '#server/record/entry-log.sqlite.ts';
import type { EntryLog } from '#server/record/ports.ts';
import { pglitePool } from '#test/support/pglite-pool.ts';

/** A kind of database that the stores run on. */
export interface DatabaseKind {
  readonly name: string;
  /** An empty one with its schema up to date; the same one, emptied, when it is asked again. */
  fresh(): Promise<Database>;
  entryLog(database: Database): EntryLog;
  close(): Promise<void>;
}

const sqlite = (): DatabaseKind => {
  let open: OpenDatabase | null = null;
  const close = async (): Promise<void> => {
    await open?.close();
    open = null;
  };
  return {
    name: 'SQLite',
    fresh: async () => {
      await close();
      open = await openDatabase(':memory:');
      return open;
    },
    entryLog: (database) => sqliteEntryLog(database as OpenDatabase),
    close,
  };
};

let made = 0;

/**
 * A database of this suite's own on the run's PostgreSQL, without tables, or like the one that it copies.
 * @returns its address.
 */
export const emptyPostgres = async (address: string, like = 'template1'): Promise<string> => {
  made += 1;
  const name = `suite_${process.pid}_${Date.now()}_${made}`;
  const client = new pg.Client({ connectionString: address.replace('NAME', 'postgres') });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${like}`);
  } finally {
    await client.end();
  }
  return address.replace('NAME', name);
};

/** Deleting is quicker than TRUNCATE, which makes each table's files anew. */
const wipe = ({ db }: Database) =>
  sql`
    DO $$
    DECLARE t text;
    BEGIN
      PERFORM set_config('session_replication_role', 'replica', true);
      FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kysely%'
      LOOP EXECUTE format('DELETE FROM %I', t); END LOOP;
    END $$`.execute(db);

const postgres = (): DatabaseKind => {
  const address = inject('postgres');
  let open: Promise<Database> | null = null;
  const make = async (): Promise<Database> => {
    if (address !== null) return openPostgres(await emptyPostgres(address), () => {});
    const database = postgresOn(pglitePool(new PGlite()));
    await migrate(database.db);
    return database;
  };
  return {
    name: address === null ? 'PGlite' : 'PostgreSQL',
    fresh: async () => {
      open ??= make();
      const database = await open;
      await wipe(database);
      return database;
    },
    entryLog: ({ db }) => postgresEntryLog(db),
    close: async () => {
      await (await open)?.close();
      open = null;
    },
  };
};

export const databaseKinds = (): readonly DatabaseKind[] => [sqlite(), postgres()];

/** A database without tables, for whoever makes them. */
export interface BareKind {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tables of any version
  make(): Promise<{ readonly db: Kysely<any>; close(): Promise<void> }>;
}

/** SQLite as the server opens it, before its schema. */
export const bareDatabase = (file: string) => {
  const connection = new SqliteDatabase(file);
  connection.pragma('foreign_keys = ON');
  return {
    sqlite: connection,
    db: queryBuilder(oneConnectionDialect(connection, new ConnectionLock())),
  };
};

const barePostgres = (address: string): BareKind => ({
  name: 'PostgreSQL',
  make: async () => postgresOn(postgresPool(await emptyPostgres(address), () => {}, { max: 2 })),
});

/** It takes seconds to start: one for all, emptied, so that only the last that was made is there. */
const barePglite = (): BareKind => {
  const pglite = new PGlite();
  const pool = { ...pglitePool(pglite), end: async () => {} };
  return {
    name: 'PGlite',
    make: async () => {
      await pglite.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      return postgresOn(pool);
    },
  };
};

export const bareKinds = (): readonly BareKind[] => {
  const address = inject('postgres');
  return [
    {
      name: 'SQLite',
      make: async () => {
        const { db } = bareDatabase(':memory:');
        return { db, close: () => db.destroy() };
      },
    },
    address === null ? barePglite() : barePostgres(address),
  ];
};
