import {
  type Dialect,
  HandleEmptyInListsPlugin,
  Kysely,
  replaceWithNoncontingentExpression,
} from 'kysely';
import type { Tables } from './tables.ts';

/** The server's database, whatever it runs on, with its schema up to date. */
export interface Database {
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
}

/** The query builder on a dialect. `in ()` is no SQL, although SQLite takes it: nothing is in an empty list. */
export const queryBuilder = (dialect: Dialect): Kysely<Tables> =>
  new Kysely<Tables>({
    dialect,
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  });
