// Migrates a database and kills itself, as a power cut would, right after a statement:
//   node migration-victim.ts (FILE | postgres://URL) STATEMENT
// Prints after how many statements each migration was noted when it lives to the end.
import { type Dialect, Kysely } from 'kysely';
import { migrate } from '#server/platform/sql/migrate.ts';

const [place = '', at = '0'] = process.argv.slice(2);

// Each loads only what it needs: this program is started many times.
const postgres = async (): Promise<Dialect> => {
  const { postgresPool } = await import('#server/platform/sql/postgres.ts');
  const { postgresDialect } = await import('#server/platform/sql/postgres-driver.ts');
  return postgresDialect(postgresPool(place, () => {}, { max: 2 }));
};
const sqlite = async (): Promise<Dialect> => {
  const { default: SqliteDatabase } = await import('better-sqlite3');
  const { ConnectionLock } = await import('#server/platform/sql/connection-lock.ts');
  const { oneConnectionDialect } = await import('#server/platform/sql/sqlite-driver.ts');
  const file = new SqliteDatabase(place);
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  file.pragma('foreign_keys = ON');
  return oneConnectionDialect(file, new ConnectionLock());
};

let statements = 0;
const noted: number[] = [];
const db = new Kysely<never>({
  dialect: await (place.startsWith('postgres:') ? postgres() : sqlite()),
  log: ({ level, query }) => {
    // What the migrator asks before, and its lock, change nothing.
    if (level !== 'query' || !/^\s*(create|alter|update|insert|drop)/i.test(query.sql)) return;
    statements += 1;
    if (query.sql.startsWith('insert into "kysely_migration"')) noted.push(statements);
    if (statements === Number(at)) process.kill(process.pid, 'SIGKILL');
  },
});
await migrate(db);
await db.destroy();
process.stdout.write(JSON.stringify(noted));
