import type { Kysely } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { BankStore, DrawnQuestion } from './ports.ts';

/** Question banks and what was drawn from them, in SQL. */
export const kyselyBankStore = (db: Kysely<Tables>): BankStore => {
  const versions = (examId: string) =>
    db
      .selectFrom('bank_versions')
      .select(['version', 'bank', 'hash'])
      .where('exam_id', '=', examId);
  return {
    bank: async (examId) => {
      const row = await db
        .selectFrom('exams')
        .select(['bank', 'form_secret'])
        .where('id', '=', examId)
        .executeTakeFirst();
      return row === undefined ? null : { bank: row.bank, secret: row.form_secret };
    },

    latestVersion: async (examId) =>
      (await versions(examId).orderBy('version', 'desc').limit(1).executeTakeFirst()) ?? null,

    version: async (examId, version) =>
      (await versions(examId).where('version', '=', version).executeTakeFirst()) ?? null,

    addVersion: async (examId, { version, bank, hash }, now) => {
      await db
        .insertInto('bank_versions')
        .values({ exam_id: examId, version, bank, hash, at: now })
        .onConflict((oc) => oc.columns(['exam_id', 'version']).doNothing())
        .execute();
    },

    given: async (attemptId) => {
      const row = await db
        .selectFrom('forms')
        .select(['bank_version', 'questions', 'hash', 'given_at'])
        .where('attempt_id', '=', attemptId)
        .executeTakeFirst();
      if (row === undefined) return null;
      const { bank_version: bankVersion, questions, hash } = row;
      return {
        bankVersion,
        questions: questions === null ? null : (JSON.parse(questions) as DrawnQuestion[]),
        hash,
        givenAt: row.given_at,
      };
    },

    keepForm: async (attemptId, examId, { bankVersion, questions, hash }, now) => {
      const drawn = { questions: JSON.stringify(questions), hash };
      await db
        .insertInto('forms')
        .values({
          attempt_id: attemptId,
          exam_id: examId,
          bank_version: bankVersion,
          given_at: now,
          ...drawn,
        })
        .onConflict((oc) =>
          oc
            .column('attempt_id')
            .doUpdateSet(drawn)
            .where('forms.hash', 'is', null)
            .where('forms.bank_version', '=', bankVersion),
        )
        .execute();
    },
  };
};
