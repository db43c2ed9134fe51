import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose } from '#server/compose.ts';
import type { CommandId } from '#shared/kernel/ids.ts';
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
  // What is deleted is overwritten.
  expect(pragma('secure_delete')).toBe(1);
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
  await expect(start(false)).rejects.toThrow('dé una vez la orden new-key');
  // Putting it back is enough.
  await writeFile(key, own);
  expect(await count()).toBe(1);
  await writeFile(key, Buffer.alloc(31));
  await expect(start(true)).rejects.toThrow('no key of 32 bytes');
  await writeFile(key, Buffer.alloc(32, 1));
  await expect(start(false)).rejects.toThrow('dé una vez la orden new-key');
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
