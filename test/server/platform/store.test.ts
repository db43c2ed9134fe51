import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose } from '#server/compose.ts';
import { migrations } from '#server/platform/sql/migrations.ts';
import { openDatabase } from '#server/platform/sql/sqlite.ts';
import { kyselyRecordStore } from '#server/record/record.sql.ts';
import type { AttemptId, CommandId, StaffId } from '#shared/kernel/ids.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import { connect, kiosk, staffCookie, startServer, type TestServer } from '#test/server/harness.ts';
import { enrolFace } from '#test/server/identity/enrolment-data.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

test('a commit survives a power cut, and nothing hangs in the air', () => {
  const pragma = (name: string): unknown => server.sqlite.pragma(name, { simple: true });
  expect(pragma('journal_mode')).toBe('wal');
  // 2 is FULL.
  expect(pragma('synchronous')).toBe(2);
  expect(() =>
    server.sqlite.prepare('INSERT INTO entries VALUES (999999, 1, ?, 0, ?)').run('x', '{}'),
  ).toThrow('FOREIGN KEY');
});

test('a second entry in a taken place is impossible even past the ingest', async () => {
  const examinee = await kiosk(server);
  const socket = await connect(server, examinee);
  const opened = examinee.opened();
  socket.send({ type: 'entries', entries: [opened] });
  await socket.until((m) => m.type === 'ack');
  socket.close();
  const another = { ...opened, hash: '0'.repeat(64) };
  await expect(
    server.deps.entryLog.append([{ entry: another, text: '{}' }], [], 0),
  ).rejects.toThrow('UNIQUE');
  expect(server.stored(examinee.attemptId)).toBe(1);
});

test('a command that was settled is not delivered any more', async () => {
  const examinee = await kiosk(server);
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/commands`,
    headers: { cookie: await staffCookie(server, 'proctor') },
    payload: { key: 'order-of-the-test', command: { type: 'message', text: 'uno' } },
  });
  const commandId = (answer.json() as { id: CommandId }).id;
  const { records, entryLog } = server.deps;
  await entryLog.append([], [{ commandId, attemptId: examinee.attemptId, state: 'applied' }], 0);
  await records.markDelivered(commandId, 0);
  expect(await records.commandsOf(examinee.attemptId)).toMatchObject([{ state: 'applied' }]);
});

test('a database from before the order keys keeps its commands and takes new ones', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-migration-'));
  const file = join(folder, 'atalaya.db');
  try {
    const sqlite = new SqliteDatabase(file);
    const old = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
    await new Migrator({ db: old, provider: migrations }).migrateTo('0001-first');
    sqlite.pragma('foreign_keys = OFF');
    const insert = sqlite.prepare(
      "INSERT INTO commands VALUES (?, 'attempt-1', ?, ?, 'sent', null, null)",
    );
    for (const [i, id] of ['one', 'two'].entries()) insert.run(id, i, JSON.stringify({ id }));
    await old.destroy();

    const opened = await openDatabase(file);
    const records = kyselyRecordStore(opened.db);
    opened.sqlite.pragma('foreign_keys = OFF');
    const issued = {
      id: 'three',
      attemptId: 'attempt-1',
      issuedAt: 2,
      issuedBy: { id: 'staff-1' },
    } as unknown as IssuedCommand;
    const audit = { at: 2, actor: 'staff-1', action: 'x', subject: 'x', detail: {} };
    expect(await records.addCommand(issued, 'key', audit)).toBe(true);
    expect(await records.addCommand({ ...issued, id: 'four' as CommandId }, 'key', audit)).toBe(
      false,
    );
    const kept = await records.commandsOf('attempt-1' as AttemptId);
    expect(kept.map((command) => command.issued.id)).toEqual(['one', 'two', 'three']);
    expect(await records.commandByKey('staff-1' as StaffId, 'key')).toMatchObject({ id: 'three' });
    expect(await records.commandByKey('staff-2' as StaffId, 'key')).toBeNull();
    await opened.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a database from before the list of accommodations keeps the exemptions', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-migration-'));
  const file = join(folder, 'atalaya.db');
  try {
    const sqlite = new SqliteDatabase(file);
    const old = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
    await new Migrator({ db: old, provider: migrations }).migrateTo('0004-devices');
    sqlite.pragma('foreign_keys = OFF');
    const insert = sqlite.prepare(`INSERT INTO attempts
      (id, session_id, examinee_id, seat, extra_ms, camera_exempt, verified_seq)
      VALUES (?, 'session-1', ?, ?, 0, ?, 0)`);
    for (const [i, exempt] of [0, 1].entries())
      insert.run(`attempt-${i}`, `x-${i}`, `A${i}`, exempt);
    await old.destroy();

    const opened = await openDatabase(file);
    opened.sqlite.pragma('foreign_keys = OFF');
    const rows = () =>
      opened.sqlite
        .prepare('SELECT id, accommodations, camera_exempt AS exempt FROM attempts ORDER BY id')
        .all();
    expect(rows()).toEqual([
      { id: 'attempt-0', accommodations: '[]', exempt: 0 },
      { id: 'attempt-1', accommodations: '["camera-exempt"]', exempt: 1 },
    ]);
    const set = opened.sqlite.prepare('UPDATE attempts SET accommodations = ? WHERE id = ?');
    set.run('["second-person","camera-exempt"]', 'attempt-0');
    set.run('["second-person"]', 'attempt-1');
    expect(rows()).toMatchObject([{ exempt: 1 }, { exempt: 0 }]);
    await opened.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('accommodations are read as they are stored, extra time from the time itself', async () => {
  const examinee = await kiosk(server);
  const read = async (text: string, extraMs: number): Promise<readonly string[]> => {
    server.sqlite
      .prepare('UPDATE attempts SET accommodations = ?, extra_ms = ? WHERE id = ?')
      .run(text, extraMs, examinee.attemptId);
    const registration = await server.deps.registry.registration(examinee.attemptId);
    return [...(registration?.accommodations ?? [])];
  };
  expect(await read('[]', 0)).toEqual([]);
  expect(await read('["looks-away","second-person"]', 0)).toEqual(['looks-away', 'second-person']);
  expect(await read('[]', 60_000)).toEqual(['extra-time']);
  expect(await read('["extra-time"]', 0)).toEqual([]);
  expect(await read('["extra-time","looks-away"]', 60_000)).toEqual(['looks-away', 'extra-time']);
  expect(await read('["of-another-version"]', 0)).toEqual([]);
});

test('a lost key is noticed at the start, and one can begin anew without the enrolments', async () => {
  await enrolFace(server, 0);
  const { folder, clock, deps } = server;
  await server.app.close();
  const key = join(folder, 'server.key');
  const own = await readFile(key);
  const start = (newKey: boolean) =>
    compose({ dataFolder: folder, pagesFolder: null, logger: deps.logger, clock, newKey });
  const count = async (): Promise<unknown> => {
    const { database } = await start(false);
    const found = database.sqlite.prepare('SELECT count(*) FROM enrolments').pluck().get();
    await database.close();
    return found;
  };
  await rm(key);
  await expect(start(false)).rejects.toThrow('--new-key');
  // Putting it back is enough.
  await writeFile(key, own);
  expect(await count()).toBe(1);
  await writeFile(key, Buffer.alloc(31));
  await expect(start(true)).rejects.toThrow('no key of 32 bytes');
  await writeFile(key, Buffer.alloc(32, 1));
  await expect(start(false)).rejects.toThrow('--new-key');
  const anew = await start(true);
  expect(
    anew.database.sqlite
      .prepare("SELECT detail FROM audit WHERE action = 'enrolments-lost'")
      .pluck()
      .all(),
  ).toEqual(['{"enrolments":1}']);
  await anew.database.close();
  expect(await count()).toBe(0);
});

test('a database from before identity keeps its exams and gets the usual terms', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-migration-'));
  const file = join(folder, 'atalaya.db');
  try {
    const sqlite = new SqliteDatabase(file);
    const old = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
    await new Migrator({ db: old, provider: migrations }).migrateTo('0005-accommodations');
    sqlite.pragma('foreign_keys = OFF');
    sqlite.exec(`INSERT INTO exams VALUES ('exam-1', 'x', 'x', 1, 1, '1', '{}', '{}', 's');
      INSERT INTO sessions VALUES ('session-1', 'exam-1', 'room-1', 1, 2);`);
    await old.destroy();

    const opened = await openDatabase(file);
    const row = (sql: string) => opened.sqlite.prepare(sql).get();
    expect(row('SELECT retention_days, thumbnails, claims_closed_at FROM exams')).toEqual({
      retention_days: 180,
      thumbnails: 0,
      claims_closed_at: null,
    });
    expect(row('SELECT identity_check, challenge FROM sessions')).toEqual({
      identity_check: 'by-hand',
      challenge: 0,
    });
    // What is deleted is overwritten.
    expect(opened.sqlite.pragma('secure_delete', { simple: true })).toBe(1);
    await opened.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
