#!/usr/bin/env bash
# Kysely 0.29.9 on SQLite (better-sqlite3 13.2.0, Node 24.21.0, which it brings itself): a migration that fails in the middle leaves its first half behind.
#
# SQLite rolls DDL back like any other statement, and on PostgreSQL Kysely's Migrator puts all migrations of a run into one
# transaction. Its SQLite adapter says that DDL is not transactional, so there every statement stands alone: after a crash or
# an error between two of them the table of the first is there, the migration is not marked, and the next start fails at
# "table already exists". Whoever wants it whole opens the transaction around the statements by hand.
#
# Seen on 2026-11-30:
#   adapter says transactional DDL: false
#   after the failed migration: first
#   SQLite itself after a rollback: none
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 kysely@0.29.9 better-sqlite3@13.2.0
cat > run.js <<'JS'
import Database from 'better-sqlite3';
import { Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';

const database = new Database(':memory:');
const tables = (name) =>
  database.prepare('select name from sqlite_master where name = ?').pluck().all(name).join() || 'none';
const up = async (db) => {
  await db.schema.createTable('first').addColumn('a', 'integer').execute();
  throw new Error('the second statement fails');
};
const migrator = new Migrator({
  db: new Kysely({ dialect: new SqliteDialect({ database }) }),
  provider: { getMigrations: async () => ({ one: { up } }) },
});
const { error } = await migrator.migrateToLatest();
if (error?.message !== 'the second statement fails') throw error;
console.log(`adapter says transactional DDL: ${new SqliteAdapter().supportsTransactionalDdl}`);
console.log(`after the failed migration: ${tables('first')}`);
database.exec('begin; create table other (a); rollback');
console.log(`SQLite itself after a rollback: ${tables('other')}`);
JS
seen=$(node_modules/node/bin/node run.js)
echo "$seen"
expected='adapter says transactional DDL: false
after the failed migration: first
SQLite itself after a rollback: none'
[ "$seen" = "$expected" ] || { echo 'changed: see the lines above'; exit 1; }
