import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a ledger says against the server's own data. */
export const contradictions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('attempts')
      .addColumn('contradictions', 'text', (c) => c.notNull().defaultTo('[]'))
      .execute();
  },
};
