import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Where the photo of a document may show none: how many were refused before it; null without a doubt. */
export const documentDoubt: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('enrolments').addColumn('document_doubt', 'integer').execute();
  },
};
