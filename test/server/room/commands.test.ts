import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import {
  connect,
  kiosk,
  roomSocket,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
  type TestSocket,
} from '#test/server/harness.ts';

let server: TestServer;
let examinee: TestKiosk;
let cookie: string;
beforeEach(async () => {
  server = await startServer();
  examinee = await kiosk(server);
  cookie = await staffCookie(server, 'proctor');
  const socket = await connect(server, examinee);
  socket.send({ type: 'entries', entries: [examinee.opened()] });
  await socket.until((m) => m.type === 'ack');
  socket.close();
});
afterEach(() => server.close());

const order = async (text: string): Promise<string> => {
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/commands`,
    headers: { cookie },
    payload: { key: randomUUID(), command: { type: 'message', text } },
  });
  return (answer.json() as { id: string }).id;
};

/** The commands that a connection got before anything else could come. */
const received = async (socket: TestSocket<ServerToKiosk>): Promise<readonly IssuedCommand[]> => {
  socket.send({
    type: 'heartbeat',
    sentAt: 1,
    live: { latencyMs: null, battery: null, charging: null, pending: 0 },
  });
  await socket.until((m) => m.type === 'heartbeat-ack');
  return socket.messages.flatMap((m) => (m.type === 'command' ? [m.issued] : []));
};

const states = (): unknown[] =>
  server.sqlite.prepare('SELECT state FROM commands ORDER BY issued_at, id').pluck().all();

test('a command comes again at every connection until the ledger answers it', async () => {
  const id = await order('uno');
  expect(states()).toEqual(['sent']);
  for (let i = 0; i < 2; i += 1) {
    const socket = await connect(server, examinee);
    expect((await received(socket)).map((issued) => issued.id)).toEqual([id]);
    socket.close();
  }
  const third = await connect(server, examinee);
  third.send({ type: 'command-received', commandId: id });
  await received(third);
  expect(states()).toEqual(['delivered']);
  third.close();

  server = await server.restart();
  const fourth = await connect(server, examinee);
  const [issued] = await received(fourth);
  if (issued === undefined) throw new Error('delivered is not applied: it must come again');
  fourth.send({
    type: 'entries',
    entries: [examinee.next('command-applied', { issued, outcome: 'applied' })],
  });
  await fourth.until((m) => m.type === 'ack');
  expect(states()).toEqual(['applied']);
  // Neither does a second answer, nor a late "received", turn the state back.
  fourth.send({
    type: 'entries',
    entries: [examinee.next('command-applied', { issued, outcome: 'rejected' })],
  });
  await fourth.until((m) => m.type === 'ack' && m.seq === 3);
  expect(states()).toEqual(['applied']);
  fourth.send({ type: 'command-received', commandId: id });
  await received(fourth);
  expect(states()).toEqual(['applied']);
  fourth.close();

  const fifth = await connect(server, examinee);
  expect(await received(fifth)).toEqual([]);
  fifth.close();
});

test('commands come in the order in which they were given, and a rejection is shown', async () => {
  const ids: string[] = [];
  for (const text of ['uno', 'dos', 'tres']) {
    server.clock.advance(1);
    ids.push(await order(text));
  }
  const { room, sessionId } = examinee.ticket;
  const dashboard = await roomSocket(server, cookie, { roomId: room.id, sessionId });
  const socket = await connect(server, examinee);
  const issued = await received(socket);
  expect(issued.map(({ id }) => id)).toEqual(ids);
  const [first] = issued;
  if (first === undefined) throw new Error('no command');
  socket.send({
    type: 'entries',
    entries: [
      examinee.next('command-applied', {
        issued: first,
        outcome: 'rejected',
        code: 'not-in-this-stage',
      }),
    ],
  });
  await dashboard.until(
    (m) => m.type === 'frame' && m.commands.some((c) => c.id === ids[0] && c.state === 'rejected'),
  );
  expect(states()).toEqual(['rejected', 'sent', 'sent']);
  socket.close();
  dashboard.close();
});

test('a command of another attempt cannot be confirmed or settled', async () => {
  const id = await order('uno');
  const other = await kiosk(server, 1);
  const socket = await connect(server, other);
  socket.send({ type: 'command-received', commandId: id });
  expect(await socket.until((m) => m.type === 'refused')).toMatchObject({
    problem: { code: 'not-found' },
  });
  const own = await connect(server, examinee);
  const [issued] = await received(own);
  if (issued === undefined) throw new Error('no command');
  socket.send({
    type: 'entries',
    entries: [other.opened(), other.next('command-applied', { issued, outcome: 'applied' })],
  });
  await socket.until((m) => m.type === 'ack');
  expect(states()).toEqual(['sent']);
  socket.close();
  own.close();
});
