import { beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '#server/platform/sql/database.ts';
import { kyselyTermsStore } from '#server/record/terms.sql.ts';
import type { TermsStore } from '#server/record/terms.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { DatabaseKind } from '../databases.ts';
import { HOUR, ids, T, university } from '../university.ts';

export const termsContract = (kind: DatabaseKind): void => {
  describe('terms given out', () => {
    let database: Database;
    let store: TermsStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyTermsStore(database.db);
    });
    const terms = {
      policy: DEFAULT_POLICY,
      identity: { check: 'face', enrolled: true, challenge: false },
      durationMs: HOUR,
      shift: { startsAt: T, endsAt: T + HOUR },
      rulesVersion: 'ñ',
    } as const;

    test('come back as they went, each once, in the order of giving', async () => {
      expect(await store.given(ids.attempt(1))).toEqual([]);
      expect(await store.since(ids.attempt(1))).toBeNull();
      const later = { ...terms, policy: { ...DEFAULT_POLICY, copyAttemptLimit: 4 } };
      const longer = { ...terms, durationMs: 2 * HOUR };
      await store.keep(ids.attempt(1), terms, T);
      await store.keep(ids.attempt(1), later, T + 1);
      await store.keep(ids.attempt(1), longer, T + 2);
      // Another object, and its members in another order: the same terms.
      const again = Object.fromEntries(Object.entries(structuredClone(terms)).reverse());
      await store.keep(ids.attempt(1), again as unknown as typeof terms, T + 3);
      await store.keep(ids.attempt(2), longer, T + 4);
      expect(await store.given(ids.attempt(1))).toEqual([terms, later, longer]);
      expect(await store.given(ids.attempt(2))).toEqual([longer]);
      expect(await store.since(ids.attempt(1))).toBe(T);
      expect(await database.db.selectFrom('given_policies').select('hash').execute()).toHaveLength(
        2,
      );
    });

    test('are of an attempt that there is', async () => {
      await expect(store.keep(ids.attempt(99), terms, T)).rejects.toThrow();
    });
  });
};
