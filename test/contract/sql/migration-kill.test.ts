import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { migrate } from '#server/platform/sql/migrate.ts';
import { migrations } from '#server/platform/sql/migrations.ts';
import { openPostgres, postgresOn, postgresPool } from '#server/platform/sql/postgres.ts';
import { openDatabase } from '#server/platform/sql/sqlite.ts';
import { bareDatabase, emptyPostgres } from './databases.ts';
import { T } from './university.ts';

const NAMES = Object.keys(await migrations.getMigrations());
/** Statements of the migrator itself in an empty database, each of them for itself: its tables and its lock. */
const SETTING_UP = 3;

/** Migrates in a process of its own. @returns the statements that noted a migration, null when it was killed. */
const victim = (place: string, statement: number): Promise<readonly number[] | null> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, 'migration-victim.ts'), place, String(statement)],
      (failure, stdout) => {
        if (failure === null) resolve(JSON.parse(stdout) as number[]);
        else if (failure.signal === 'SIGKILL') resolve(null);
        else reject(failure);
      },
    );
  });

// biome-ignore lint/suspicious/noExplicitAny: the tables of any version
type AnyTables = Kysely<any>;

/** All that is in it: tables with their columns and rows. */
const content = async (db: AnyTables): Promise<unknown> => {
  const tables = await db.introspection.getTables();
  const listed = await Promise.all(
    tables.map(async ({ name, columns }) => [
      name,
      columns.map((column) => column.name),
      await db.selectFrom(name).selectAll().execute(),
    ]),
  );
  return listed.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
};
const noted = async (db: AnyTables): Promise<string[]> =>
  (await db.selectFrom('kysely_migration').select('name').orderBy('name').execute()).map(
    ({ name }) => name,
  );

const kept = [{ id: 'd', venue_id: 'v' }];
const devices = (db: AnyTables) => db.selectFrom('devices').select(['id', 'venue_id']).execute();

const inFile = async <T>(file: string, work: (db: AnyTables) => Promise<T>): Promise<T> => {
  const { db } = bareDatabase(file);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
};
const inPostgres = async <T>(url: string, work: (db: AnyTables) => Promise<T>): Promise<T> => {
  const { db, close } = postgresOn(postgresPool(url, () => {}, { max: 2 }));
  try {
    return await work(db);
  } finally {
    await close();
  }
};

const folder = await mkdtemp(join(tmpdir(), 'atalaya-killed-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Where a migration is killed, by statements, counted in a database of the same kind. */
interface Points {
  readonly first: number;
  readonly middle: number;
  /** When it is noted. */
  readonly end: number;
  /** All later ones are made as well, and only the commit is left. */
  readonly last: number;
}
const pointsOf = (ends: readonly number[]): ReadonlyMap<string, Points> =>
  new Map(
    NAMES.map((name, i) => {
      const before = i === 0 ? SETTING_UP : (ends[i - 1] ?? 0);
      const end = (ends[i] ?? 1) - before;
      const last = (ends.at(-1) ?? 1) - before;
      return [name, { first: 1, middle: Math.ceil(end / 2), end, last }];
    }),
  );

const address = inject('postgres');

interface Kind {
  readonly name: string;
  readonly file: string | null;
  readonly inIt: <T>(place: string, work: (db: AnyTables) => Promise<T>) => Promise<T>;
  readonly absent: boolean;
  readonly at: readonly (keyof Points)[];
}

describe.each<Kind>([
  {
    name: 'SQLite',
    file: join(folder, 'killed.sqlite'),
    inIt: inFile,
    absent: false,
    at: ['first', 'middle', 'end', 'last'],
  },
  {
    name: 'PostgreSQL',
    file: null,
    inIt: inPostgres,
    absent: address === null,
    at: ['middle', 'last'],
  },
])('a migration that is killed on $name', ({ name: kind, file, inIt, absent, at }) => {
  let place = '';
  let points: ReadonlyMap<string, Points>;
  beforeAll(async () => {
    if (absent) return;
    const counted =
      file === null ? await emptyPostgres(address ?? '') : join(folder, 'counted.sqlite');
    points = pointsOf((await victim(counted, 0)) ?? []);
    place = file ?? (await emptyPostgres(address ?? ''));
    for (let n = 0; n < SETTING_UP && !absent; n += 1) expect(await victim(place, 1)).toBeNull();
  });

  test.skipIf(absent).each(NAMES)(
    '%s: the database stays as it was, and the next start goes on',
    async (name) => {
      const before = await inIt(place, content);
      for (const point of at) {
        const statement = points.get(name)?.[point] ?? 0;
        expect(await victim(place, statement), point).toBeNull();
        expect(await inIt(place, content)).toEqual(before);
      }
      await inIt(place, (db) => migrate(db, name));
      const index = NAMES.indexOf(name);
      expect(await inIt(place, noted)).toEqual(NAMES.slice(0, index + 1));
      if (index > 0) return;
      // Something to lose, and to be changed by what follows.
      await inIt(place, async (db) => {
        await db.insertInto('venues').values({ id: 'v', name: 'v' }).execute();
        await db
          .insertInto('devices')
          .values({ id: 'd', name: 'd', public_key: 'k', token_hash: 't', enrolled_at: T })
          .execute();
      });
    },
  );

  test.skipIf(absent)('in the end it is a database that the server opens', async () => {
    if (kind === 'SQLite') {
      const { db, sqlite, close } = await openDatabase(place);
      expect(await devices(db)).toEqual(kept);
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(sqlite.pragma('foreign_key_check')).toEqual([]);
      await close();
    } else {
      const { db, close } = await openPostgres(place, () => {});
      expect(await devices(db)).toEqual(kept);
      await close();
    }
  });
});
