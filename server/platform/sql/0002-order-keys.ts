import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** An order that is sent twice is stored once. */
export const orderKeys: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('commands').addColumn('staff_id', 'text').execute();
    await db.schema.alterTable('commands').addColumn('order_key', 'text').execute();
    await db.schema
      .createIndex('commands_by_order_key')
      .unique()
      .on('commands')
      .columns(['staff_id', 'order_key'])
      .execute();
  },
};
