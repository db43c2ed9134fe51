import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyBankStore } from '#server/exam/bank.sql.ts';
import type { BankStore } from '#server/exam/ports.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { DatabaseKind } from '../databases.ts';
import { hashOf, ids, T, university } from '../university.ts';

const version = (number: number) => ({
  version: number,
  bank: `{"text":"ñ ${number}"}`,
  hash: hashOf(`bank ${number}`),
});
const form = (bankVersion: number, name: string) => ({
  bankVersion,
  questions: [
    ['q-1', 'cadb'],
    [`q-${name}`, 'abcd'],
  ] as const,
  hash: hashOf(`form ${name}`),
});

export const bankContract = (kind: DatabaseKind): void => {
  describe('banks and forms', () => {
    let database: Database;
    let store: BankStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyBankStore(database.db);
    });

    test('the bank of an exam, as it stands', async () => {
      expect(await store.bank('exam-1')).toEqual({ bank: '{"id":"exam-1"}', secret: 'secret' });
      expect(await store.bank('exam-2')).toBeNull();
    });

    test('versions are added and never changed', async () => {
      expect(await store.latestVersion('exam-1')).toBeNull();
      await store.addVersion('exam-1', version(1), T);
      await store.addVersion('exam-1', version(2), T + 1);
      await store.addVersion('exam-1', { ...version(9), version: 1 }, T + 2);
      expect(await store.latestVersion('exam-1')).toEqual(version(2));
      expect(await store.version('exam-1', 1)).toEqual(version(1));
      expect(await store.version('exam-1', 3)).toBeNull();
      expect(await store.version('exam-2', 1)).toBeNull();
    });

    test('what an attempt got first is what it got', async () => {
      await store.addVersion('exam-1', version(1), T);
      await store.addVersion('exam-1', version(2), T);
      expect(await store.given(ids.attempt(1))).toBeNull();
      await store.keepForm(ids.attempt(1), 'exam-1', form(1, 'first'), T);
      await store.keepForm(ids.attempt(1), 'exam-1', form(1, 'later'), T);
      await store.keepForm(ids.attempt(1), 'exam-1', form(2, 'later'), T);
      expect(await store.given(ids.attempt(1))).toEqual({ ...form(1, 'first'), givenAt: T });
      expect(await store.given(ids.attempt(2))).toBeNull();
    });

    test('what is known by its version only is filled in once, from that version', async () => {
      await store.addVersion('exam-1', version(1), T);
      await store.addVersion('exam-1', version(2), T);
      const row = { attempt_id: ids.attempt(2), exam_id: 'exam-1', bank_version: 1 };
      await database.db
        .insertInto('forms')
        .values({ ...row, questions: null, hash: null, given_at: T })
        .execute();
      expect(await store.given(ids.attempt(2))).toEqual({
        bankVersion: 1,
        questions: null,
        hash: null,
        givenAt: T,
      });
      await store.keepForm(ids.attempt(2), 'exam-1', form(2, 'of another version'), T);
      expect(await store.given(ids.attempt(2))).toMatchObject({ hash: null });
      await store.keepForm(ids.attempt(2), 'exam-1', form(1, 'again'), T);
      await store.keepForm(ids.attempt(2), 'exam-1', form(1, 'later'), T);
      expect(await store.given(ids.attempt(2))).toEqual({ ...form(1, 'again'), givenAt: T });
    });

    test('no form without its version', async () => {
      await expect(store.keepForm(ids.attempt(1), 'exam-1', form(7, 'none'), T)).rejects.toThrow();
    });
  });
};
