import type { Kysely } from 'kysely';
import type { AuditTrail } from '#server/platform/ports.ts';
import type { Tables } from './tables.ts';

/** The audit trail in SQL. */
export const kyselyAuditTrail = (db: Kysely<Tables>): AuditTrail => ({
  audit: async ({ at, actor, action, subject, detail }) => {
    await db
      .insertInto('audit')
      .values({ at, actor, action, subject, detail: JSON.stringify(detail) })
      .execute();
  },
});
