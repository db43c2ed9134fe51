import type { Kysely } from 'kysely';
import type { CellCipher } from '#server/platform/sql/cell-cipher.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { Hash } from '#shared/kernel/ids.ts';
import type { FoldStore, StoredFold } from './ports.ts';

/** Everything that stands beside the sealed text is part of its place: none of it can be another than it was. */
const placeOf = ({ attemptId, version, seq, hash }: Omit<StoredFold, 'text'>): string =>
  `fold|${attemptId}|${version}|${seq}|${hash}`;

/** Folds of ledgers in SQL, sealed with the server's key. */
export const kyselyFoldStore = (db: Kysely<Tables>, cipher: CellCipher): FoldStore => ({
  read: async (attemptId) => {
    const row = await db
      .selectFrom('folds')
      .select(['seq', 'hash', 'version', 'sealed'])
      .where('attempt_id', '=', attemptId)
      .executeTakeFirst();
    if (row === undefined) return null;
    const { seq, version } = row;
    const place = { attemptId, version, seq, hash: row.hash as Hash };
    try {
      return { ...place, text: cipher.open(placeOf(place), row.sealed).toString() };
    } catch {
      // Changed, moved, or of another key: it is as if there were none.
      return null;
    }
  },

  keep: async (folds) => {
    if (folds.length === 0) return;
    await db
      .insertInto('folds')
      .values(
        folds.map(({ text, ...place }) => ({
          attempt_id: place.attemptId,
          seq: place.seq,
          hash: place.hash,
          version: place.version,
          sealed: cipher.seal(placeOf(place), text),
        })),
      )
      .onConflict((oc) =>
        oc.column('attempt_id').doUpdateSet(({ ref }) => ({
          seq: ref('excluded.seq'),
          hash: ref('excluded.hash'),
          version: ref('excluded.version'),
          sealed: ref('excluded.sealed'),
        })),
      )
      .execute();
  },
});
