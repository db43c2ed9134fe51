import { beforeEach, describe, expect, test } from 'vitest';
import { cellCipher } from '#server/platform/sql/cell-cipher.ts';
import type { Database } from '#server/platform/sql/database.ts';
import { checkKey } from '#server/platform/sql/key-check.ts';
import { kyselySecrets } from '#server/platform/sql/secrets.sql.ts';
import { WrongKeyError } from '#server/platform/wrong-key.ts';
import type { DatabaseKind } from '../databases.ts';
import { T, university } from '../university.ts';

export const keyCheckContract = (kind: DatabaseKind): void => {
  describe('key check', () => {
    let database: Database;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
    });
    const cipher = (fill: number) => cellCipher(Buffer.alloc(32, fill));

    test('another key is noticed, and taken only when the enrolments may go', async () => {
      const { db } = database;
      await checkKey(db, cipher(1), false, T);
      await checkKey(db, cipher(1), false, T);
      await db
        .insertInto('enrolments')
        .values({
          id: 'e',
          examinee_id: 'examinee-1',
          slot: 'active',
          at: T,
          captures: 1,
          document_kind: 'cedula',
          consent_version: '1',
          consent_locale: 'es',
          submitted_by: null,
          change_distance: null,
          decided_by: null,
          decided_at: null,
          portrait_hash: 'x',
          portrait_bytes: 1,
          document_hash: 'x',
          document_bytes: 1,
          template: Buffer.from([0, 1]),
          portrait: Buffer.from([0, 1]),
          document: Buffer.from([0, 1]),
          document_qr: null,
        })
        .execute();
      await expect(checkKey(db, cipher(2), false, T)).rejects.toThrow(WrongKeyError);
      await checkKey(db, cipher(2), true, T);
      expect(await db.selectFrom('enrolments').select('id').execute()).toEqual([]);
      expect(await db.selectFrom('audit').selectAll().execute()).toMatchObject([
        { action: 'enrolments-lost', detail: '{"enrolments":1}' },
      ]);
      await checkKey(db, cipher(2), false, T);
      await expect(checkKey(db, cipher(1), false, T)).rejects.toThrow(WrongKeyError);
    });

    test("the server's own secrets are made once", async () => {
      const store = kyselySecrets(database.db);
      const made = await Promise.all(['a', 'b', 'c'].map((fresh) => store.secret('codes', fresh)));
      expect(new Set(made).size).toBe(1);
      expect(await store.secret('codes', 'd')).toBe(made[0]);
      expect(await store.secret('other', 'd')).toBe('d');
    });
  });
};
