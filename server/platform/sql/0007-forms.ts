import { hash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Banks as they were given out, and what each attempt got of them. */
export interface FormTables {
  /** Never changed: a corrected question is another version. */
  bank_versions: {
    exam_id: string;
    /** From 1 on. */
    version: number;
    /** The bank's text as it stood, JSON. */
    bank: string;
    /** SHA-256 of that text. */
    hash: string;
    /** When it was first given out. */
    at: number;
  };
  forms: {
    attempt_id: string;
    exam_id: string;
    bank_version: number;
    /**
     * The drawn questions in the attempt's order, each with the order of its options, JSON: `[["q-7","cadb"],...]`.
     * null in rows from before forms were kept, until the form is asked for again.
     */
    questions: string | null;
    /** SHA-256 of the form's canonical JSON, as the ledger names it. */
    hash: string | null;
    given_at: number;
  };
}

interface Before extends FormTables {
  exams: { id: string; bank: string };
  sessions: { id: string; exam_id: string };
  attempts: { id: string; session_id: string; device_id: string | null };
  examinee_tokens: { attempt_id: string; issued_at: number };
}

/**
 * Forms as they were given out. What was given out before is the bank as it is now: version 1. Who had signed in
 * may have a form already: it is drawn again from that version when it is next asked for.
 */
export const givenForms: Migration = {
  async up(db: Kysely<Before>): Promise<void> {
    await db.schema
      .createTable('bank_versions')
      .addColumn('exam_id', 'text', (c) => c.notNull().references('exams.id'))
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('bank', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('bank_versions_key', ['exam_id', 'version'])
      .execute();
    await db.schema
      .createTable('forms')
      .addColumn('attempt_id', 'text', (c) => c.primaryKey().references('attempts.id'))
      .addColumn('exam_id', 'text', (c) => c.notNull())
      .addColumn('bank_version', 'integer', (c) => c.notNull())
      .addColumn('questions', 'text')
      .addColumn('hash', 'text')
      .addColumn('given_at', 'bigint', (c) => c.notNull())
      .addForeignKeyConstraint('forms_bank', ['exam_id', 'bank_version'], 'bank_versions', [
        'exam_id',
        'version',
      ])
      .execute();
    for (const { id, bank } of await db.selectFrom('exams').select(['id', 'bank']).execute()) {
      await db
        .insertInto('bank_versions')
        .values({ exam_id: id, version: 1, bank, hash: hash('sha256', bank, 'hex'), at: 0 })
        .execute();
    }
    await db
      .insertInto('forms')
      .columns(['attempt_id', 'exam_id', 'bank_version', 'given_at'])
      .expression((eb) =>
        eb
          .selectFrom('attempts as a')
          .innerJoin('sessions as s', 's.id', 'a.session_id')
          .leftJoin('examinee_tokens as t', 't.attempt_id', 'a.id')
          .select(['a.id', 's.exam_id'])
          .select((e) => [
            e.lit(1).as('bank_version'),
            e.fn.coalesce(e.fn.min('t.issued_at'), e.lit(0)).as('given_at'),
          ])
          .where((e) => e.or([e('a.device_id', 'is not', null), e('t.issued_at', 'is not', null)]))
          .groupBy(['a.id', 's.exam_id']),
      )
      .execute();
  },
};
