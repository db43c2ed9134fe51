import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Which copy attempts count on where an attempt is carried on, one by one, so that each can be dismissed. And of an order
 * that ended an attempt without its kiosk: the how-manieth it was, and what was left of the examinee's time.
 */
export const carriedAttempts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const add = (table: string, column: string) =>
      sql`ALTER TABLE ${sql.raw(table)} ADD COLUMN ${sql.raw(column)}`.execute(db);
    await add('attempts', 'carried text');
    await add('commands', 'ended_no integer');
    await add('commands', 'ended_left_ms bigint');
  },
};
