import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnsOf } from './columns.ts';

/** What was made of ledgers, so that not all of each is read after a restart. */
export interface FoldTables {
  folds: {
    attempt_id: string;
    /** The last entry in it, and its hash. */
    seq: number;
    hash: string;
    /** What of the program made it: another one makes its own. */
    version: string;
    /** Sealed for its place: what was changed or moved does not open. */
    sealed: Uint8Array;
  };
}

/** A cache of the ledgers: whatever is missing here, or does not fit them, is made of them again. */
export const foldTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('folds')
      .addColumn('attempt_id', 'text', (c) => c.primaryKey().references('attempts.id'))
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('sealed', columnsOf(db).bytes, (c) => c.notNull())
      .execute();
  },
};
