import { type ColumnDefinitionBuilder, type Kysely, PostgresAdapter } from 'kysely';

/** Whether the database is PostgreSQL; else it is SQLite. */
// biome-ignore lint/suspicious/noExplicitAny: whatever its tables are
export const isPostgres = (db: Kysely<any>): boolean =>
  db.getExecutor().adapter instanceof PostgresAdapter;

/** What is written differently in the two: everything else is the same text. */
// biome-ignore lint/suspicious/noExplicitAny: whatever its tables are
export const columnsOf = (db: Kysely<any>) =>
  isPostgres(db)
    ? ({
        bytes: 'bytea',
        // Their `real` has half the digits of SQLite's.
        float: 'double precision',
        numbered: (c: ColumnDefinitionBuilder) => c.primaryKey().generatedByDefaultAsIdentity(),
      } as const)
    : ({
        bytes: 'blob',
        float: 'real',
        numbered: (c: ColumnDefinitionBuilder) => c.primaryKey().autoIncrement(),
      } as const);
