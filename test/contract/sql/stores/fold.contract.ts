import { beforeEach, describe, expect, test } from 'vitest';
import { cellCipher } from '#server/platform/sql/cell-cipher.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import { kyselyFoldStore } from '#server/record/fold.sql.ts';
import type { FoldStore, StoredFold } from '#server/record/ports.ts';
import type { DatabaseKind } from '../databases.ts';
import { hashOf, ids, university } from '../university.ts';

const KEY = new Uint8Array(32).fill(7);

const fold = (n: number, seq: number, more: Partial<StoredFold> = {}): StoredFold => ({
  attemptId: ids.attempt(n),
  seq,
  hash: hashOf(`${n}-${seq}`),
  version: '1',
  text: `{"ñ":"${n} ${seq} \\u0000"}`,
  ...more,
});

export const foldContract = (kind: DatabaseKind): void => {
  describe('folds that are kept', () => {
    let database: Database;
    let store: FoldStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyFoldStore(database.db, cellCipher(KEY));
    });

    test('come back as they went, the last one of each attempt', async () => {
      expect(await store.read(ids.attempt(1))).toBeNull();
      await store.keep([]);
      await store.keep([fold(1, 64), fold(2, 70)]);
      await store.keep([fold(1, 128)]);
      expect(await store.read(ids.attempt(1))).toEqual(fold(1, 128));
      expect(await store.read(ids.attempt(2))).toEqual(fold(2, 70));
      expect(await store.read(ids.attempt(9))).toBeNull();
    });

    test('say of which version they are, and another one takes their place', async () => {
      await store.keep([fold(1, 64)]);
      await store.keep([fold(1, 65, { version: '2' })]);
      expect(await store.read(ids.attempt(1))).toEqual(fold(1, 65, { version: '2' }));
    });

    test('all of them or none', async () => {
      await expect(store.keep([fold(1, 64), fold(99, 1)])).rejects.toThrow();
      expect(await store.read(ids.attempt(1))).toBeNull();
    });

    test.each<readonly [string, Partial<Tables['folds']>]>([
      ['its entry', { seq: 65 }],
      ['its hash', { hash: hashOf('another') }],
      ['its version', { version: '2' }],
      ['its text', { sealed: new Uint8Array(80).fill(1) }],
      ['nothing of it left', { sealed: new Uint8Array() }],
    ])('whatever was changed does not open: %s', async (_name, change) => {
      await store.keep([fold(1, 64), fold(2, 64)]);
      await database.db.updateTable('folds').set(change).execute();
      expect(await store.read(ids.attempt(1))).toBeNull();
    });

    test('nor what was moved from another attempt, or has another key', async () => {
      await store.keep([fold(1, 64), fold(2, 64, { hash: fold(1, 64).hash })]);
      const { sealed } = await database.db
        .selectFrom('folds')
        .select('sealed')
        .where('attempt_id', '=', ids.attempt(2))
        .executeTakeFirstOrThrow();
      await database.db
        .updateTable('folds')
        .set({ sealed })
        .where('attempt_id', '=', ids.attempt(1))
        .execute();
      expect(await store.read(ids.attempt(1))).toBeNull();
      expect(await store.read(ids.attempt(2))).not.toBeNull();
      const other = kyselyFoldStore(database.db, cellCipher(new Uint8Array(32).fill(8)));
      expect(await other.read(ids.attempt(2))).toBeNull();
    });
  });
};
