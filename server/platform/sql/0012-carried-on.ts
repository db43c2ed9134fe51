import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { isPostgres } from './columns.ts';

/** Columns of `attempts` that SQLite keeps; what follows from others is left out. */
const KEPT = sql.raw(
  'no, id, session_id, examinee_id, seat, extra_ms, device_id, broken_reason, verified_seq, address, accommodations, contradictions',
);

/**
 * SQLite drops no constraint: the table is made again with the same rows and numbers. What refers to it is looked at when
 * the transaction ends, and finds each row again.
 */
const withoutConstraints = async (db: Kysely<unknown>): Promise<void> => {
  await sql`PRAGMA defer_foreign_keys = ON`.execute(db);
  await sql`CREATE TABLE attempts_before AS SELECT ${KEPT} FROM attempts`.execute(db);
  await sql`DROP TABLE attempts`.execute(db);
  await sql`
    CREATE TABLE attempts (
      no integer PRIMARY KEY AUTOINCREMENT,
      id text NOT NULL UNIQUE,
      session_id text NOT NULL REFERENCES sessions (id),
      examinee_id text NOT NULL REFERENCES examinees (id),
      seat text NOT NULL,
      extra_ms bigint NOT NULL,
      device_id text REFERENCES devices (id),
      broken_reason text,
      verified_seq bigint NOT NULL,
      address text,
      accommodations text NOT NULL DEFAULT '[]',
      contradictions text NOT NULL DEFAULT '[]',
      camera_exempt integer
        GENERATED ALWAYS AS (instr(accommodations, '"camera-exempt"') > 0) VIRTUAL
    )`.execute(db);
  await sql`INSERT INTO attempts (${KEPT}) SELECT ${KEPT} FROM attempts_before`.execute(db);
  await sql`DROP TABLE attempts_before`.execute(db);
  await sql`CREATE INDEX attempts_by_examinee_id ON attempts (examinee_id)`.execute(db);
};

/**
 * An attempt that staff let go of is carried on by another one, on another device: of all those of one person in one
 * session, one is not carried on. And how far a ledger had come when staff ended it without its kiosk.
 */
export const carriedOn: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    if (isPostgres(db)) {
      await sql`ALTER TABLE attempts DROP CONSTRAINT attempt_once`.execute(db);
      await sql`ALTER TABLE attempts DROP CONSTRAINT seat_once`.execute(db);
    } else {
      await withoutConstraints(db);
    }
    const add = (column: string) => sql`ALTER TABLE attempts ADD COLUMN ${sql.raw(column)}`;
    await add('carried_on_by text').execute(db);
    await add('carries text').execute(db);
    await add('own_ms bigint').execute(db);
    await add('copy_attempts_before integer NOT NULL DEFAULT 0').execute(db);
    // What its kiosk sent more of than any exam has: nobody else could tell after a restart.
    await add('full_of text').execute(db);
    for (const column of ['examinee_id', 'seat']) {
      await sql`
        CREATE UNIQUE INDEX ${sql.raw(`attempts_once_by_${column}`)}
        ON attempts (session_id, ${sql.raw(column)}) WHERE carried_on_by IS NULL`.execute(db);
    }
    await sql`ALTER TABLE commands ADD COLUMN ended_seq integer`.execute(db);
  },
};
