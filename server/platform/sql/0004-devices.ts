import type { ColumnType } from 'kysely';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnsOf } from './columns.ts';

/** Devices by venue and room, their passports, and the builds that the institution allows. */
export interface DeviceTables {
  passports: {
    id: ColumnType<number, never, never>;
    device_id: string;
    at: number;
    /** `Passport`, JSON. */
    body: string;
    /** SHA-256 of everything but its time: the same passport is stored once. */
    digest: string;
  };
  allowed_builds: { build: string; label: string; added_at: number; added_by: string };
}

export const deviceTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const { numbered } = columnsOf(db);
    const column = (table: string, name: string, type: 'text' | 'bigint') =>
      db.schema.alterTable(table).addColumn(name, type).execute();
    await column('devices', 'venue_id', 'text');
    await column('devices', 'room_id', 'text');
    await column('devices', 'last_seen_at', 'bigint');
    await column('devices', 'revoked_at', 'bigint');
    await column('devices', 'revoked_by', 'text');
    await column('devices', 'revoked_reason', 'text');
    await column('enrolment_codes', 'venue_id', 'text');
    await column('enrolment_codes', 'room_id', 'text');
    await column('enrolment_codes', 'created_at', 'bigint');
    await column('enrolment_codes', 'created_by', 'text');
    // Devices from before belong where they were used last; in a university of one venue, to it.
    await sql`
      UPDATE devices SET venue_id = coalesce(
        (SELECT r.venue_id FROM attempts a JOIN sessions s ON s.id = a.session_id JOIN rooms r ON r.id = s.room_id
          WHERE a.device_id = devices.id ORDER BY s.starts_at DESC LIMIT 1),
        (SELECT min(id) FROM venues HAVING count(*) = 1))`.execute(db);
    await sql`
      UPDATE enrolment_codes SET venue_id = (SELECT min(id) FROM venues HAVING count(*) = 1)`.execute(
      db,
    );
    await db.schema
      .createTable('passports')
      .addColumn('id', 'integer', numbered)
      .addColumn('device_id', 'text', (c) => c.notNull().references('devices.id'))
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('digest', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('passports_by_device')
      .on('passports')
      .columns(['device_id', 'id'])
      .execute();
    await db.schema
      .createTable('allowed_builds')
      .addColumn('build', 'text', (c) => c.primaryKey())
      .addColumn('label', 'text', (c) => c.notNull())
      .addColumn('added_at', 'bigint', (c) => c.notNull())
      .addColumn('added_by', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('attempts_by_device_id')
      .on('attempts')
      .columns(['device_id'])
      .execute();
  },
};
