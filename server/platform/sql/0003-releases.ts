import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Releases of the desktop kiosk, who is offered which, what each device runs. */
export const releaseTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const target = (name: string) =>
      db.schema
        .createTable(name)
        .addColumn('platform', 'text', (c) => c.notNull())
        .addColumn('arch', 'text', (c) => c.notNull());
    await target('releases')
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('manifest', 'text', (c) => c.notNull())
      .addColumn('signature', 'text', (c) => c.notNull())
      .addColumn('added_at', 'bigint', (c) => c.notNull())
      .addColumn('added_by', 'text', (c) => c.notNull())
      .addColumn('withdrawn_at', 'bigint')
      .addColumn('withdrawn_reason', 'text')
      .addPrimaryKeyConstraint('releases_key', ['platform', 'arch', 'version'])
      .execute();
    await target('release_stages')
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('scope_id', 'text', (c) => c.notNull())
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('permit', 'text')
      .addColumn('permit_signature', 'text')
      .addColumn('set_at', 'bigint', (c) => c.notNull())
      .addColumn('set_by', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('release_stages_key', ['platform', 'arch', 'scope', 'scope_id'])
      .addForeignKeyConstraint('release_stages_of', ['platform', 'arch', 'version'], 'releases', [
        'platform',
        'arch',
        'version',
      ])
      .execute();
    await target('device_versions')
      .addColumn('device_id', 'text', (c) => c.primaryKey().references('devices.id'))
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('offered', 'text')
      .addColumn('asked_at', 'bigint', (c) => c.notNull())
      .execute();
  },
};
