import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Days and hours are those of the venue. What was there before is on the mainland of Ecuador. */
export const venueZones: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('venues')
      .addColumn('time_zone', 'text', (c) => c.notNull().defaultTo('America/Guayaquil'))
      .execute();
  },
};
