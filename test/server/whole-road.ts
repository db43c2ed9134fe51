import { expect } from 'vitest';
import type { ServerToDashboard } from '#shared/wire/dashboard.ts';
import { connect, kiosk, roomSocket, staffCookie, type TestServer } from './harness.ts';

type Frame = Extract<ServerToDashboard, { type: 'frame' }>;

/** Enrol, sign in, write, watch, order, obey: on whatever the server runs. */
export const wholeRoad = async (server: TestServer): Promise<void> => {
  const examinee = await kiosk(server);
  const cookie = await staffCookie(server, 'proctor');
  const place = { roomId: examinee.ticket.room.id, sessionId: examinee.ticket.sessionId };
  const room = await roomSocket(server, cookie, place);
  const snapshot = await room.until((m) => m.type === 'snapshot');
  expect(snapshot).toMatchObject({ sessionId: place.sessionId });

  const socket = await connect(server, examinee);
  const entries = [examinee.opened(), ...examinee.visits(3)];
  socket.send({ type: 'entries', entries });
  const ack = await socket.until((m) => m.type === 'ack');
  expect(ack).toEqual({ type: 'ack', seq: 4, hash: entries[3]?.hash });
  expect(await server.deps.entryLog.read(examinee.attemptId, 0)).toEqual(entries);

  const seen = (fits: (tile: Frame['tiles'][number]) => boolean) =>
    room.until(
      (m): m is Frame =>
        m.type === 'frame' &&
        m.tiles.some((tile) => tile.attemptId === examinee.attemptId && fits(tile)),
    );
  const frame = await seen((tile) => tile.phase === 'device-check');
  expect(frame.tiles[0]).toMatchObject({
    connection: 'online',
    chain: 'ok',
    seat: 'A1',
    notWatched: expect.arrayContaining(['forbidden-app']),
    deviceName: 'PC-1',
  });

  const order = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/commands`,
    headers: { cookie },
    payload: { key: 'order-of-the-test', command: { type: 'message', text: 'Buenos días' } },
  });
  expect(order.statusCode).toBe(200);
  const { id } = order.json() as { id: string };
  const command = await socket.until((m) => m.type === 'command');
  if (command.type !== 'command') throw new Error('unreachable');
  expect(command.issued).toMatchObject({ id, attemptId: examinee.attemptId });
  socket.send({ type: 'command-received', commandId: id });
  const states = (state: string) =>
    room.until(
      (m) => m.type === 'frame' && m.commands.some((c) => c.id === id && c.state === state),
    );
  await states('sent');
  await states('delivered');
  socket.send({
    type: 'entries',
    entries: [examinee.next('command-applied', { issued: command.issued, outcome: 'applied' })],
  });
  await states('applied');
  socket.close();
  await seen((tile) => tile.connection === 'offline');
  room.close();
};
