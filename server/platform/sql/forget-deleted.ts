import { type Kysely, sql } from 'kysely';
import { isPostgres } from './columns.ts';
import type { Tables } from './tables.ts';

/**
 * Empties what keeps deleted rows. SQLite has overwritten them (secure_delete); its log still holds them. PostgreSQL
 * frees their place for what is written next; until then they lie there, as in its own log, sealed with
 * the server's key, which is not in the database.
 */
export const forgetDeleted = async (db: Kysely<Tables>): Promise<void> => {
  if (isPostgres(db)) await sql`VACUUM enrolments, enrolment_rejections, stills`.execute(db);
  else await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
};
