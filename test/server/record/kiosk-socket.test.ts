import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EntryLog } from '#server/record/ports.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import {
  HEARTBEAT_MS,
  MAX_MESSAGE_BYTES,
  PROTOCOL,
  type ServerToKiosk,
} from '#shared/wire/kiosk-socket.ts';
import {
  connect,
  kiosk,
  kioskSocket,
  roomSocket,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
  TestSocket,
} from '#test/server/harness.ts';

let server: TestServer;
let examinee: TestKiosk;
beforeEach(async () => {
  server = await startServer();
  examinee = await kiosk(server);
});
afterEach(() => server.close());

const live = { latencyMs: 12, battery: 0.5, charging: false, pending: 0 };

test('a kiosk that comes back after a restart is welcomed without its ledger being read', async () => {
  const entries = [examinee.opened(), ...examinee.steps()];
  const before = await connect(server, examinee);
  before.send({ type: 'entries', entries });
  await before.until((m) => m.type === 'ack' && m.seq === entries.length);
  before.close();
  const cookie = await staffCookie(server, 'proctor');
  const order = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/commands`,
    headers: { cookie },
    payload: { key: 'k'.repeat(20), command: { type: 'message', text: 'hola' } },
  });
  expect(order.statusCode).toBe(200);
  server = await server.restart();
  const log = server.deps.entryLog as { -readonly [K in keyof EntryLog]: EntryLog[K] };
  const { read } = log;
  let reads = 0;
  log.read = (...asked) => {
    reads += 1;
    return read(...asked);
  };
  const socket = await connect(server, examinee);
  expect(socket.messages[0]).toMatchObject({
    type: 'welcome',
    lastSeq: entries.length,
    lastHash: entries.at(-1)?.hash,
  });
  const { issued } = (await socket.until((m) => m.type === 'command')) as { issued: IssuedCommand };
  socket.send({ type: 'heartbeat', sentAt: 1, live });
  await socket.until((m) => m.type === 'heartbeat-ack');
  expect(reads).toBe(0);
  // What needs the ledger has it read, in its turn.
  socket.send({ type: 'command-received', commandId: issued.id });
  const next = examinee.next('rules-accepted', {
    rulesVersion: examinee.ticket.rulesVersion,
    locale: 'es',
  });
  socket.send({ type: 'entries', entries: [next] });
  await socket.until((m) => m.type === 'ack' && m.seq === next.seq);
  expect(reads).toBeGreaterThan(0);
  expect(server.sqlite.prepare('SELECT state FROM commands').pluck().all()).toEqual(['delivered']);
  socket.close();
});

describe('who may speak', () => {
  const strangers: readonly (readonly [string, (by: TestKiosk) => unknown, string, number])[] = [
    [
      'entries before hello',
      (by) => ({ type: 'entries', entries: [by.opened()] }),
      'unauthorised',
      4401,
    ],
    [
      'a made-up token',
      ({ attemptId }) => ({ type: 'hello', protocol: PROTOCOL, token: 'x'.repeat(43), attemptId }),
      'unauthorised',
      4401,
    ],
    [
      "the device's token instead of the examinee's",
      ({ attemptId, device }) => ({
        type: 'hello',
        protocol: PROTOCOL,
        token: device.deviceToken,
        attemptId,
      }),
      'unauthorised',
      4401,
    ],
    [
      'a token for another attempt',
      ({ token }) => ({ type: 'hello', protocol: PROTOCOL, token, attemptId: 'attempt-other' }),
      'forbidden',
      4401,
    ],
    [
      'another protocol',
      ({ token, attemptId }) => ({ type: 'hello', protocol: 99, token, attemptId }),
      'protocol-version',
      4400,
    ],
  ];

  test.each(strangers)('%s: refused and closed', async (_name, message, code, closing) => {
    const socket = await kioskSocket(server);
    socket.send(message(examinee));
    expect(await socket.until((m) => m.type === 'refused')).toMatchObject({ problem: { code } });
    expect(await socket.closed).toEqual({ code: closing, reason: code });
    expect(server.stored(examinee.attemptId)).toBe(0);
  });

  test('a page from elsewhere gets no socket', async () => {
    const url = (await server.url()).replace('http', 'ws');
    const open = (origin: string) => TestSocket.open(`${url}/api/kiosk/socket`, { origin });
    await expect(open('https://elsewhere.example')).rejects.toThrow('403');
    await expect(open('null')).rejects.toThrow('403');
    const own = await open(await server.url());
    own.close();
    const app = await open('app://atalaya');
    app.close();
  });

  test('a second connection takes the place of the first', async () => {
    const first = await connect(server, examinee);
    const second = await connect(server, examinee);
    expect(await first.closed).toEqual({ code: 4409, reason: 'replaced' });
    second.send({ type: 'entries', entries: [examinee.opened()] });
    expect(await second.until((m) => m.type === 'ack')).toMatchObject({ seq: 1 });
    second.close();
  });
});

describe('what is no message', () => {
  const nonsense: readonly (readonly [string, string])[] = [
    ['no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['an array', '[]'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"goodbye"}'],
    ['entries without entries', '{"type":"entries","entries":[]}'],
    ['a field too many', '{"type":"command-received","commandId":"c","x":1}'],
    ['nesting without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a poisoned prototype', '{"__proto__":{"type":"entries"},"entries":[]}'],
    ['numbers that are none', '{"type":"heartbeat","sentAt":1e999,"live":{}}'],
  ];

  test.each(nonsense)('%s: refused, and the connection goes on', async (_name, text) => {
    const socket = await connect(server, examinee);
    socket.send(text);
    expect(await socket.until((m) => m.type === 'refused')).toMatchObject({
      problem: { code: 'bad-request' },
    });
    socket.send({ type: 'entries', entries: [examinee.opened()] });
    expect(await socket.until((m) => m.type === 'ack')).toMatchObject({ seq: 1 });
    socket.close();
  });

  test('bytes instead of text are refused', async () => {
    const socket = await connect(server, examinee);
    socket.socket.send(Buffer.from('{"type":"entries","entries":[]}'));
    expect(await socket.until((m) => m.type === 'refused')).toMatchObject({
      problem: { code: 'bad-request' },
    });
    socket.close();
  });

  test.each([
    ['a little', MAX_MESSAGE_BYTES + 1],
    ['far', 8 * MAX_MESSAGE_BYTES],
  ])('%s too large: the socket is closed', async (_name, bytes) => {
    const socket = await connect(server, examinee);
    socket.send(`{"type":"entries","entries":["${'x'.repeat(bytes)}"]}`);
    expect((await socket.closed).code).toBe(1009);
    expect(server.stored(examinee.attemptId)).toBe(0);
    const again = await connect(server, examinee);
    again.close();
  });

  test('the largest batch that is allowed is taken', async () => {
    const socket = await connect(server, examinee);
    const entries = [examinee.opened(), ...examinee.visits(199)];
    socket.send({ type: 'entries', entries });
    expect(await socket.until((m) => m.type === 'ack')).toMatchObject({ seq: 200 });
    socket.send({ type: 'entries', entries: examinee.visits(201) });
    expect(await socket.until((m) => m.type === 'refused')).toMatchObject({
      problem: { code: 'bad-request' },
    });
    socket.close();
  });
});

test('heartbeats are answered and kept in memory only', async () => {
  const cookie = await staffCookie(server, 'proctor');
  const { room, sessionId } = examinee.ticket;
  const dashboard = await roomSocket(server, cookie, { roomId: room.id, sessionId });
  await dashboard.until((m) => m.type === 'snapshot');
  const socket = await connect(server, examinee);
  socket.send({ type: 'heartbeat', sentAt: 42, live });
  expect(await socket.until((m) => m.type === 'heartbeat-ack')).toEqual({
    type: 'heartbeat-ack',
    sentAt: 42,
    serverTime: server.clock.now(),
  });
  await dashboard.until(
    (m) =>
      m.type === 'frame' &&
      m.tiles.some(({ latencyMs, battery }) => latencyMs === 12 && battery === 0.5),
  );
  expect(server.stored(examinee.attemptId)).toBe(0);
  socket.close();
  dashboard.close();
});

test('a kiosk that falls silent goes off line and is cut off', async () => {
  const cookie = await staffCookie(server, 'proctor');
  const { room, sessionId } = examinee.ticket;
  const dashboard = await roomSocket(server, cookie, { roomId: room.id, sessionId });
  const socket = await connect(server, examinee);
  await dashboard.until((m) => m.type === 'frame' && m.tiles[0]?.connection === 'online');
  server.clock.advance(3 * HEARTBEAT_MS + 1);
  expect(await socket.closed).toEqual({ code: 4408, reason: 'silent' });
  await dashboard.until((m) => m.type === 'frame' && m.tiles[0]?.connection === 'offline');
  dashboard.close();
});

test.each([
  [
    'an hour back: a silent kiosk is off line all the same',
    -60 * MINUTE,
    3 * HEARTBEAT_MS + 1,
    false,
  ],
  ['two hours ahead: one that beats is not cut', 120 * MINUTE, HEARTBEAT_MS, true],
] as const)(
  'the server’s clock is set %s',
  async (_name, jump, passed, online) => {
    const socket = await connect(server, examinee);
    server.clock.jump(jump);
    server.clock.advance(passed);
    // Two looks at who is silent.
    const closed = await Promise.race([
      socket.closed.then(({ reason }) => reason),
      new Promise((resolve) => setTimeout(() => resolve('open'), 5_500)),
    ]);
    expect(closed).toBe(online ? 'open' : 'silent');
    socket.close();
  },
  20_000,
);

test('a flood is slowed down, not lost', async () => {
  await server.close();
  server = await startServer({ deps: { limits: { messagesPerSecond: 100, messageBurst: 20 } } });
  examinee = await kiosk(server);
  const socket = await connect(server, examinee);
  const entries = [examinee.opened(), ...examinee.visits(79)];
  const started = performance.now();
  for (const entry of entries) socket.send({ type: 'entries', entries: [entry] });
  await socket.until((m: ServerToKiosk) => m.type === 'ack' && m.seq === 80);
  // 80 messages and the hello, 20 of them at once, the others at 100 a second.
  expect(performance.now() - started).toBeGreaterThan(500);
  socket.close();
});

test('a server that stops says so, and does not wait for who does not answer', async () => {
  const polite = await connect(server, examinee);
  const dead = await connect(server, await kiosk(server, 1));
  dead.socket.pause();
  await server.app.close();
  expect(await polite.closed).toEqual({ code: 1001, reason: 'going-away' });
  dead.close();
});

test('another address during the attempt is noticed', async () => {
  const cookie = await staffCookie(server, 'proctor');
  const { room, sessionId } = examinee.ticket;
  const first = await connect(server, examinee);
  first.close();
  server.sqlite
    .prepare('UPDATE attempts SET address = ? WHERE id = ?')
    .run('10.0.0.7', examinee.attemptId);
  server = await server.restart();
  const second = await connect(server, examinee);
  const dashboard = await roomSocket(server, cookie, { roomId: room.id, sessionId });
  const snapshot = await dashboard.until((m) => m.type === 'snapshot');
  if (snapshot.type !== 'snapshot') throw new Error('unreachable');
  const tile = snapshot.tiles.find(({ attemptId }) => attemptId === examinee.attemptId);
  expect(tile?.lastIncident).toMatchObject({
    kind: 'second-ip',
    counted: false,
    facts: { before: '10.0.0.7', now: 'loopback' },
  });
  second.close();
  dashboard.close();
});
