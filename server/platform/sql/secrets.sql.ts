import type { Kysely } from 'kysely';
import type { Secrets } from '#server/platform/secrets.ts';
import type { Tables } from './tables.ts';

/** The server's secrets in the table `meta`. */
export const kyselySecrets = (db: Kysely<Tables>): Secrets => ({
  secret: async (name, fresh) => {
    const key = `secret:${name}`;
    await db
      .insertInto('meta')
      .values({ key, value: fresh })
      .onConflict((oc) => oc.column('key').doNothing())
      .execute();
    const row = await db
      .selectFrom('meta')
      .select('value')
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    return row.value;
  },
});
