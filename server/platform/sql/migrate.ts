import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StorageLostError } from '#server/platform/unit-of-work.ts';
import { migrations } from './migrations.ts';

/**
 * Brings the schema up to date, in one transaction: whoever is killed in it leaves the database as it was.
 * @param to the last migration to run, for tests; all when left out.
 * @throws StorageLostError, or Error with what failed as its cause; then nothing was changed.
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever its tables are before
export const migrate = async (db: Kysely<any>, to?: string): Promise<void> => {
  const migrator = new Migrator({ db, provider: migrations });
  const { error } = await (to === undefined ? migrator.migrateToLatest() : migrator.migrateTo(to));
  if (error instanceof StorageLostError) throw error;
  if (error !== undefined) {
    throw new Error('the database schema could not be brought up to date', { cause: error });
  }
};
