import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The thresholds of this release, as they were then. */
const IDENTITY = { match: 0.5, no: 0.6 };

/**
 * Exams that name no thresholds of identity get the stricter ones: without any they would go on letting in whom the first
 * ones did. What attempts were given before stands in their terms and ledgers.
 */
export const identityThresholds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const tables = db as Kysely<{ exams: { id: string; policy: string } }>;
    for (const { id, policy } of await tables
      .selectFrom('exams')
      .select(['id', 'policy'])
      .execute()) {
      const text = JSON.stringify({ identity: IDENTITY, ...JSON.parse(policy) });
      await tables.updateTable('exams').set({ policy: text }).where('id', '=', id).execute();
    }
  },
};
