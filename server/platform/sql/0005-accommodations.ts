import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { isPostgres } from './columns.ts';

/**
 * Accommodations as a list of codes. What was the only one becomes part of it, and its column stays
 * readable: it follows from the list, so that the two cannot differ.
 */
export const accommodationList: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE attempts ADD COLUMN accommodations text NOT NULL DEFAULT '[]'`.execute(
      db,
    );
    await sql`UPDATE attempts SET accommodations = '["camera-exempt"]' WHERE camera_exempt = 1`.execute(
      db,
    );
    await sql`ALTER TABLE attempts DROP COLUMN camera_exempt`.execute(db);
    const follows = isPostgres(db)
      ? sql`(CASE WHEN strpos(accommodations, '"camera-exempt"') > 0 THEN 1 ELSE 0 END) STORED`
      : sql`(instr(accommodations, '"camera-exempt"') > 0) VIRTUAL`;
    await sql`
      ALTER TABLE attempts ADD COLUMN camera_exempt integer
        GENERATED ALWAYS AS ${follows}`.execute(db);
  },
};
