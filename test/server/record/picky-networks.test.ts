import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeClock, nodeRandom, nodeScheduler } from '#electron/adapters/node-clock.ts';
import { createNodeApi, createNodeLink } from '#electron/adapters/node-server.ts';
import { type Courier, createCourier } from '#shared/kiosk/courier/courier.ts';
import { createServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import { KIOSK_SOCKET_PATH } from '#shared/wire/kiosk-socket.ts';
import {
  kiosk,
  roomSocket,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';
import { MemoryLedger } from '#test/support/fake/memory-stores.ts';
import { type PickyProxy, startPickyProxy } from '#test/support/picky-proxy.ts';

let server: TestServer;
let proxy: PickyProxy;
let examinee: TestKiosk;
let ledger: MemoryLedger;
let courier: Courier;
let orders: IssuedCommand[];
/** What the kiosk has said of its connection since it had one. */
let online: boolean[];
let cookie: string;

beforeEach(async () => {
  server = await startServer();
  proxy = await startPickyProxy(await server.url());
  examinee = await kiosk(server);
  cookie = await staffCookie(server, 'proctor');
  ledger = new MemoryLedger();
  orders = [];
  online = [];
  await ledger.append(examinee.opened());
});
afterEach(async () => {
  courier?.stop();
  await proxy.close();
  await server.close();
});

const start = (): void => {
  courier = createCourier({
    deps: {
      clock: nodeClock,
      scheduler: nodeScheduler,
      random: nodeRandom,
      ledger,
      api: createNodeApi(proxy.origin),
      live: createNodeLink(proxy.origin, KIOSK_SOCKET_PATH),
      power: () => ({ battery: null, charging: null }),
      log: () => undefined,
    },
    attemptId: examinee.attemptId,
    token: examinee.token,
    serverClock: createServerClock(nodeClock),
    entries: ledger.of(examinee.attemptId),
    ackedSeq: 0,
    unsaved: () => 0,
    onStatus: () => {
      const now = courier.status().online;
      if (now || online.length > 0) online.push(now);
    },
    onCommand: (issued) => {
      orders.push(issued);
      courier.confirmReceived(issued.id);
    },
    onTime: () => undefined,
    onProblem: () => undefined,
  });
  courier.start();
};

const order = async (text: string): Promise<string> => {
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/commands`,
    headers: { cookie },
    payload: { key: randomUUID(), command: { type: 'message', text } },
  });
  return (answer.json() as { id: string }).id;
};
const place = () => {
  const { room, sessionId } = examinee.ticket;
  return { roomId: room.id, sessionId };
};
const stateOf = (id: string): unknown =>
  server.sqlite.prepare('SELECT state FROM commands WHERE id = ?').pluck().get(id);
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 15_000, interval: 50 });

const works = async (): Promise<void> => {
  await eventually(() => courier.status().online).toBe(true);
  const [entry] = examinee.visits(1);
  if (entry === undefined) throw new Error('no entry');
  await ledger.append(entry);
  courier.written(entry);
  await eventually(() => courier.status().ackedSeq).toBe(entry.seq);
  expect(server.stored(examinee.attemptId)).toBe(entry.seq);
  const id = await order('Silencio, por favor');
  await eventually(() => stateOf(id)).toBe('delivered');
  expect(orders.filter((one) => one.id === id)).toHaveLength(1);
};

describe('a kiosk behind a proxy', () => {
  test.each([
    ['refuses upgrades', { upgrades: 'refuse' }],
    ['refuses upgrades and cuts what is idle', { upgrades: 'refuse', idleMs: 500 }],
    ['refuses upgrades and holds answers back', { upgrades: 'refuse', holdMs: 300 }],
    ['lets everything through', { upgrades: 'pass' }],
  ] as const)('that %s: entries go, orders come, the tile says connected', async (_, habits) => {
    Object.assign(proxy, habits);
    start();
    await works();
    const room = await roomSocket(server, cookie, place());
    const snapshot = await room.until((message) => message.type === 'snapshot');
    const tile =
      snapshot.type === 'snapshot'
        ? snapshot.tiles.find(({ attemptId }) => attemptId === examinee.attemptId)
        : undefined;
    expect(tile?.connection).toBe('online');
    room.close();
    // Requests that are cut while nothing is to be said do not make the tile flicker.
    const before = proxy.cut;
    if (proxy.idleMs > 0) await eventually(() => proxy.cut).toBeGreaterThan(before + 3);
    await works();
    expect(online).not.toContain(false);
    expect(proxy.seen.some((one) => one === 'POST /api/kiosk/frames')).toBe(
      habits.upgrades === 'refuse',
    );
  });

  test('a server that starts again is no proxy: sockets come back as sockets', async () => {
    start();
    await works();
    await proxy.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(proxy.seen.some((one) => one === 'POST /api/kiosk/frames')).toBe(false);
  });
});

describe('a stranger at the polled door', () => {
  const ask = async (body: unknown) =>
    (await fetch(`${proxy.origin}/api/kiosk/frames`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })) as Response;
  const link = randomUUID();

  test.each([
    ['nothing said', { link, first: 1, frames: [], have: 0, waitMs: 0 }, 404],
    [
      'a heartbeat before hello',
      {
        link,
        first: 1,
        frames: [{ type: 'command-received', commandId: 'c' }],
        have: 0,
        waitMs: 0,
      },
      404,
    ],
    ['a link without a name', { link: 'x', first: 1, frames: [], have: 0, waitMs: 0 }, 400],
    ['a wait without end', { link, first: 1, frames: [], have: 0, waitMs: 1e9 }, 400],
  ])('%s', async (_, body, status) => {
    expect((await ask(body)).status).toBe(status);
  });

  test('a wrong token is refused and closed, as on the socket', async () => {
    const hello = {
      type: 'hello',
      protocol: 1,
      token: 'x'.repeat(43),
      attemptId: examinee.attemptId,
    };
    const answer = await ask({ link, first: 1, frames: [hello], have: 0, waitMs: 0 });
    expect(await answer.json()).toMatchObject({
      frames: [{ type: 'refused', problem: { code: 'unauthorised' } }],
      closed: { code: 4401 },
    });
  });
});

describe("a dashboard's frames by plain requests", () => {
  const path = () => `/api/rooms/${place().roomId}/sessions/${place().sessionId}/frames`;
  const ask = (headers: Record<string, string>, body: object) =>
    server.app.inject({ method: 'POST', url: path(), headers, payload: body });
  const link = 'a'.repeat(32);

  test('snapshot first, then what changes; nobody without a session, nobody else on the same link', async () => {
    const first = { link, first: 1, frames: [], have: 0, waitMs: 0 };
    expect((await ask({}, first)).statusCode).toBe(401);
    const snapshot = (await ask({ cookie }, first)).json() as { frames: { type: string }[] };
    expect(snapshot.frames.map(({ type }) => type)).toEqual(['snapshot']);
    // What was not confirmed comes again.
    expect(((await ask({ cookie }, first)).json() as { frames: unknown[] }).frames).toHaveLength(1);
    const waiting = ask({ cookie }, { ...first, have: 1, waitMs: 5_000 });
    await order('Quedan diez minutos');
    const next = (await waiting).json() as { first: number; frames: { type: string }[] };
    expect(next.first).toBe(2);
    expect(next.frames.length).toBeGreaterThan(0);
    const other = await staffCookie(server, 'supervisor');
    expect((await ask({ cookie: other }, { ...first, have: 1 })).statusCode).toBe(404);
  });
});
