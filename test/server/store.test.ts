import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommandId } from '#shared/kernel/ids.ts';
import { connect, kiosk, staffCookie, startServer, type TestServer } from './harness.ts';

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
  await expect(server.deps.log.append([{ entry: opened, text: '{}' }], [], 0)).rejects.toThrow(
    'UNIQUE',
  );
  expect(server.stored(examinee.attemptId)).toBe(1);
});

test('a command that was settled is not delivered any more', async () => {
  const examinee = await kiosk(server);
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/commands`,
    headers: { cookie: await staffCookie(server, 'proctor') },
    payload: { command: { type: 'message', text: 'uno' } },
  });
  const commandId = (answer.json() as { id: CommandId }).id;
  const { records, log } = server.deps;
  await log.append([], [{ commandId, attemptId: examinee.attemptId, state: 'applied' }], 0);
  await records.markDelivered(commandId, 0);
  expect(await records.commandsOf(examinee.attemptId)).toMatchObject([{ state: 'applied' }]);
});
