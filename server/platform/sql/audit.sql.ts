import type { Kysely } from 'kysely';
import type { AuditRow, AuditTrail } from '#server/platform/ports.ts';
import type { Tables } from './schema.ts';

/** The row as its table holds it, for stores that write it in a transaction of their own. */
export const auditValues = (row: AuditRow) => ({
  at: row.at,
  actor: row.actor,
  action: row.action,
  subject: row.subject,
  detail: JSON.stringify(row.detail),
});

/** The audit trail in SQL. */
export const kyselyAuditTrail = (db: Kysely<Tables>): AuditTrail => ({
  audit: async (row) => {
    await db.insertInto('audit').values(auditValues(row)).execute();
  },
});
