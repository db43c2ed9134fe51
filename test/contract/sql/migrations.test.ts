import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '#server/platform/sql/migrate.ts';
import { migrations } from '#server/platform/sql/migrations.ts';
import { openDatabase } from '#server/platform/sql/sqlite.ts';
import { DATABASES, databaseOf } from '#test/ledgers/stored.ts';
import { bareDatabase, bareKinds } from './databases.ts';
import { T } from './university.ts';

// biome-ignore lint/suspicious/noExplicitAny: the tables of an older version
type Old = Kysely<any>;

const schema = (sqlite: SqliteDatabase.Database) =>
  sqlite.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name').all();

test.each(DATABASES)('a released migration does to SQLite what it did in %s', async (release) => {
  const { folder } = await databaseOf(release);
  try {
    const file = join(folder, 'atalaya.sqlite');
    const released = new SqliteDatabase(file);
    const last = released.prepare('SELECT max(name) FROM kysely_migration').pluck().get() as string;
    const names = Object.keys(await migrations.getMigrations());
    expect(
      released.prepare('SELECT name FROM kysely_migration ORDER BY name').pluck().all(),
    ).toEqual(names.slice(0, names.indexOf(last) + 1));
    const made = bareDatabase(':memory:');
    await migrate(made.db, last);
    expect(schema(made.sqlite)).toEqual(schema(released));
    await made.db.destroy();

    // And from there to today's.
    released.close();
    const upgraded = await openDatabase(file);
    const fresh = await openDatabase(':memory:');
    expect(schema(upgraded.sqlite)).toEqual(schema(fresh.sqlite));
    expect(upgraded.sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(upgraded.sqlite.pragma('foreign_key_check')).toEqual([]);
    await upgraded.close();
    await fresh.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('both databases have the same tables and columns', async () => {
  const columns = async (db: Old) =>
    (await db.introspection.getTables())
      .map((table) => ({
        name: table.name,
        // SQLite does not list a column that follows from another one.
        columns: table.columns
          .map(({ name }) => name)
          .filter((name) => name !== 'camera_exempt')
          .sort(),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = [];
  for (const kind of bareKinds()) {
    const { db, close } = await kind.make();
    await migrate(db);
    found.push(await columns(db));
    await close();
  }
  const [sqlite = [], postgres = []] = found;
  expect(postgres).toEqual(sqlite);
  expect(sqlite.length).toBeGreaterThan(20);
});

/** A university as an old version stored it: what the first migration knows. */
const oldUniversity = async (db: Old, exempt: boolean): Promise<void> => {
  const insert = (table: string, values: object) => db.insertInto(table).values(values).execute();
  await insert('venues', { id: 'v', name: 'v' });
  await insert('rooms', { id: 'r', venue_id: 'v', name: 'r', seat_map: '{}' });
  await insert('exams', {
    id: 'e',
    title: 'e',
    instructions: '',
    question_count: 1,
    duration_ms: T,
    rules_version: '1',
    policy: '{}',
    bank: '{}',
    form_secret: 's',
  });
  await insert('sessions', { id: 's', exam_id: 'e', room_id: 'r', starts_at: T, ends_at: T + 1 });
  await insert('devices', { id: 'd', name: 'd', public_key: 'k', token_hash: 't', enrolled_at: T });
  await insert('devices', {
    id: 'unused',
    name: 'u',
    public_key: 'k',
    token_hash: 'u',
    enrolled_at: T,
  });
  await insert('enrolment_codes', {
    code_hash: 'c',
    expires_at: T,
    used_at: null,
    device_id: null,
  });
  for (const n of [1, 2]) {
    await insert('examinees', { id: `x${n}`, name: 'x', document: `${n}`, secret_hash: 'h' });
    await insert('attempts', {
      id: `a${n}`,
      session_id: 's',
      examinee_id: `x${n}`,
      seat: `A${n}`,
      extra_ms: 0,
      device_id: n === 1 ? 'd' : null,
      verified_seq: 0,
      ...(exempt ? { camera_exempt: n - 1 } : {}),
    });
    await insert('commands', {
      id: `c${n}`,
      attempt_id: `a${n}`,
      issued_at: T,
      issued: '{}',
      state: 'sent',
    });
  }
};

for (const kind of bareKinds()) {
  describe(`migrations on ${kind.name}`, () => {
    const closing: (() => Promise<void>)[] = [];
    afterAll(async () => {
      for (const close of closing) await close();
    });
    /** A database as the migration before left it, with the university in it. */
    const leftBy = async (last: string): Promise<Old> => {
      const { db, close } = await kind.make();
      closing.push(close);
      await migrate(db, last);
      await oldUniversity(db, true);
      return db;
    };
    const all = (db: Old, table: string, columns: readonly string[]) =>
      db
        .selectFrom(table)
        .select([...columns])
        .orderBy(columns[0] ?? '')
        .execute();

    test('0001-first: a university fits into it', async () => {
      const db = await leftBy('0001-first');
      const [first, second] = await all(db, 'attempts', ['no', 'id', 'camera_exempt']);
      expect(first).toMatchObject({ id: 'a1', camera_exempt: 0 });
      expect(second?.no).toBe((first?.no ?? 0) + 1);
      expect(await all(db, 'sessions', ['starts_at'])).toEqual([{ starts_at: T }]);
    });

    test('0002-order-keys: old orders stay, a key is used once by a person, none is no key', async () => {
      const db = await leftBy('0001-first');
      await migrate(db, '0002-order-keys');
      expect(await all(db, 'commands', ['id', 'staff_id', 'order_key'])).toEqual([
        { id: 'c1', staff_id: null, order_key: null },
        { id: 'c2', staff_id: null, order_key: null },
      ]);
      const order = {
        attempt_id: 'a1',
        issued_at: T,
        issued: '{}',
        state: 'sent',
        staff_id: 'p',
        order_key: 'k',
      };
      await db
        .insertInto('commands')
        .values({ ...order, id: 'c3' })
        .execute();
      await expect(
        db
          .insertInto('commands')
          .values({ ...order, id: 'c4' })
          .execute(),
      ).rejects.toThrow();
      await db
        .insertInto('commands')
        .values({ ...order, id: 'c5', staff_id: 'q' })
        .execute();
    });

    test('0003-releases: a stage and a device name what there is', async () => {
      const db = await leftBy('0002-order-keys');
      await migrate(db, '0003-releases');
      const target = { platform: 'linux', arch: 'x64', version: '1' };
      const stage = { ...target, scope: 'all', scope_id: '', set_at: T, set_by: 'p' };
      await expect(db.insertInto('release_stages').values(stage).execute()).rejects.toThrow();
      await db
        .insertInto('releases')
        .values({ ...target, manifest: '{}', signature: 's', added_at: T, added_by: 'p' })
        .execute();
      await db.insertInto('release_stages').values(stage).execute();
      const seen = { ...target, device_id: 'd', asked_at: T };
      await db.insertInto('device_versions').values(seen).execute();
      await expect(
        db
          .insertInto('device_versions')
          .values({ ...seen, device_id: 'nobody' })
          .execute(),
      ).rejects.toThrow();
    });

    test('0004-devices: a device belongs where it was used last, or to the only venue', async () => {
      const db = await leftBy('0003-releases');
      await migrate(db, '0004-devices');
      expect(await all(db, 'devices', ['id', 'venue_id', 'room_id'])).toEqual([
        { id: 'd', venue_id: 'v', room_id: null },
        { id: 'unused', venue_id: 'v', room_id: null },
      ]);
      expect(await all(db, 'enrolment_codes', ['venue_id'])).toEqual([{ venue_id: 'v' }]);
      const two = await leftBy('0003-releases');
      await two.insertInto('venues').values({ id: 'w', name: 'w' }).execute();
      await migrate(two, '0004-devices');
      expect(await all(two, 'devices', ['id', 'venue_id'])).toEqual([
        { id: 'd', venue_id: 'v' },
        { id: 'unused', venue_id: null },
      ]);
      expect(await all(two, 'enrolment_codes', ['venue_id'])).toEqual([{ venue_id: null }]);
    });

    test('0005-accommodations: exemptions become part of the list and follow from it', async () => {
      const db = await leftBy('0004-devices');
      await migrate(db, '0005-accommodations');
      const rows = () => all(db, 'attempts', ['id', 'accommodations', 'camera_exempt']);
      expect(await rows()).toEqual([
        { id: 'a1', accommodations: '[]', camera_exempt: 0 },
        { id: 'a2', accommodations: '["camera-exempt"]', camera_exempt: 1 },
      ]);
      const set = (id: string, accommodations: string) =>
        db.updateTable('attempts').set({ accommodations }).where('id', '=', id).execute();
      await set('a1', '["second-person","camera-exempt"]');
      await set('a2', '["second-person"]');
      expect(await rows()).toMatchObject([{ camera_exempt: 1 }, { camera_exempt: 0 }]);
    });

    test('0017-identity-thresholds: exams in which nobody sat yet get the usual ones, all others keep theirs', async () => {
      const { db, close } = await kind.make();
      closing.push(close);
      await migrate(db, '0005-accommodations');
      await oldUniversity(db, false);
      await migrate(db, '0016-folds');
      const own = { version: 2, identity: { match: 0.4, no: 0.5 } };
      const [exam = {}] = await db.selectFrom('exams').selectAll().execute();
      for (const [id, policy] of [
        ['new', { version: 2 }],
        ['own', own],
      ] as const) {
        const another = { ...exam, id, policy: JSON.stringify(policy) };
        await db.insertInto('exams').values(another).execute();
      }
      await migrate(db, '0017-identity-thresholds');
      const stored = await db.selectFrom('exams').select(['id', 'policy']).orderBy('id').execute();
      expect(stored.map(({ id, policy }) => [id, JSON.parse(policy)])).toEqual([
        ['e', {}],
        ['new', { version: 2, identity: { match: 0.5, no: 0.6 } }],
        ['own', own],
      ]);
    });

    test('0007-forms: the bank as it is becomes version 1, and who signed in has a form of it', async () => {
      const { db, close } = await kind.make();
      closing.push(close);
      await migrate(db, '0006-identity');
      await oldUniversity(db, false);
      await migrate(db, '0007-forms');
      expect(await all(db, 'bank_versions', ['exam_id', 'version', 'bank', 'hash'])).toEqual([
        {
          exam_id: 'e',
          version: 1,
          bank: '{}',
          hash: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        },
      ]);
      const columns = ['attempt_id', 'exam_id', 'bank_version', 'questions', 'hash', 'given_at'];
      expect(await all(db, 'forms', columns)).toEqual([
        {
          attempt_id: 'a1',
          exam_id: 'e',
          bank_version: 1,
          questions: null,
          hash: null,
          given_at: 0,
        },
      ]);
    });

    test('0006-identity: exams get the usual terms, numbers keep their digits, bytes stay bytes', async () => {
      const db = await leftBy('0005-accommodations').catch(() => null);
      if (db !== null) throw new Error('the column that follows from the list was written');
      const { db: old, close } = await kind.make();
      closing.push(close);
      await migrate(old, '0005-accommodations');
      await oldUniversity(old, false);
      await migrate(old, '0006-identity');
      expect(await all(old, 'exams', ['retention_days', 'thumbnails', 'claims_closed_at'])).toEqual(
        [{ retention_days: 180, thumbnails: 0, claims_closed_at: null }],
      );
      expect(await all(old, 'sessions', ['identity_check', 'challenge'])).toEqual([
        { identity_check: 'by-hand', challenge: 0 },
      ]);
      const enrolment = {
        id: 'n',
        examinee_id: 'x1',
        slot: 'active',
        at: T,
        captures: 3,
        document_kind: 'cedula',
        consent_version: '1',
        consent_locale: 'es',
        change_distance: 1 / 3,
        portrait_hash: 'h',
        portrait_bytes: 1,
        document_hash: 'h',
        document_bytes: 1,
        template: Buffer.from([0, 255, 1]),
        portrait: Buffer.from([0]),
        document: Buffer.from([0]),
      };
      await old.insertInto('enrolments').values(enrolment).execute();
      const [row] = await all(old, 'enrolments', [
        'at',
        'change_distance',
        'template',
        'document_qr',
      ]);
      expect(row).toMatchObject({ at: T, change_distance: 1 / 3, document_qr: null });
      expect([...(row?.template ?? [])]).toEqual([0, 255, 1]);
    });
  });
}
