import { type Kysely, sql } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { TimeMarks } from './certain-time.ts';

const KEY = 'certain-time';

/** What the log knows of the time, in SQL. */
export const kyselyTimeMarks = (db: Kysely<Tables>): TimeMarks => ({
  certain: async () => {
    const row = await db
      .selectFrom('meta')
      .select('value')
      .where('key', '=', KEY)
      .executeTakeFirst();
    return row === undefined ? null : Number(row.value);
  },
  keepCertain: async (at) => {
    const value = String(at);
    await db
      .insertInto('meta')
      .values({ key: KEY, value })
      .onConflict((oc) =>
        oc
          .column('key')
          .doUpdateSet({ value })
          .where(sql<number>`cast(meta.value as bigint)`, '<', at),
      )
      .execute();
  },
  newest: async () => {
    const row = await db
      .selectFrom('audit')
      .select('at')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.at ?? null;
  },
});
