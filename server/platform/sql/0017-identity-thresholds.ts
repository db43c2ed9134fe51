import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The thresholds of this release, as they were then. */
const IDENTITY = { match: 0.5, no: 0.6 };

interface Tables {
  exams: { id: string; policy: string };
  sessions: { id: string; exam_id: string };
  attempts: { session_id: string; device_id: string | null };
}

/**
 * Exams that name no thresholds of identity get the stricter ones: without any they would go on letting in whom the first
 * ones did. An exam in which somebody signed in already keeps those by which it began: all who sit it are judged alike, and
 * their ledgers are compared with what it says.
 */
export const identityThresholds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const tables = db as Kysely<Tables>;
    const begun = tables
      .selectFrom('attempts')
      .innerJoin('sessions', 'sessions.id', 'attempts.session_id')
      .where('attempts.device_id', 'is not', null)
      .select('sessions.exam_id');
    const exams = await tables
      .selectFrom('exams')
      .where('id', 'not in', begun)
      .select(['id', 'policy'])
      .execute();
    for (const { id, policy } of exams) {
      const text = JSON.stringify({ identity: IDENTITY, ...JSON.parse(policy) });
      await tables.updateTable('exams').set({ policy: text }).where('id', '=', id).execute();
    }
  },
};
