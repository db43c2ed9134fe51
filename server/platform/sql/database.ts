import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** The server's database, whatever it runs on, with its schema up to date. */
export interface Database {
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
}
