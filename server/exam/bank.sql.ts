import type { Kysely } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { BankStore } from './ports.ts';

/** Question banks in SQL. */
export const kyselyBankStore = (db: Kysely<Tables>): BankStore => ({
  bank: async (examId) => {
    const row = await db
      .selectFrom('exams')
      .select(['bank', 'form_secret'])
      .where('id', '=', examId)
      .executeTakeFirst();
    return row === undefined
      ? null
      : { bank: JSON.parse(row.bank) as unknown, secret: row.form_secret };
  },
});
