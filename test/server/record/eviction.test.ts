import { createPrivateKey, createPublicKey, hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ServerRandom } from '#server/platform/ports.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { ServerToDashboard, Tile } from '#shared/wire/dashboard.ts';
import type { EnrolResponse } from '#shared/wire/http.ts';
import type { ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import {
  connect,
  kiosk,
  roomSocket,
  signIn,
  staffCookie,
  startServer,
  type TestDevice,
  type TestKiosk,
  type TestServer,
  type TestSocket,
} from '#test/server/harness.ts';
import { collectGarbage } from '#test/support/collect-garbage.ts';

// Memory is a cache: whatever leaves it, whenever, kiosks, rooms, exports and the checks see the same.

const KIOSKS = 3;
const act = fc.record({
  kind: fc.constantFrom(
    'evict',
    'evict',
    'connect',
    'drop',
    'deliver',
    'deliver',
    'again',
    'skip',
    'paste',
    'order',
    'answer',
    'heartbeat',
    'elsewhere',
    'look',
    'inspect',
    'tick',
  ),
  who: fc.nat(KIOSKS - 1),
  many: fc.integer({ min: 1, max: 5 }),
});
type Act = (typeof act extends fc.Arbitrary<infer T> ? T : never) & { readonly kind: string };

/** The same ids and tokens in every run. */
const countingRandom = (): ServerRandom => {
  let count = 0;
  const next = (): string => {
    count += 1;
    return hash('sha256', `random ${count}`, 'hex');
  };
  return {
    bytes: (size) => Buffer.from(next().repeat(Math.ceil(size / 32)), 'hex').subarray(0, size),
    uuid: () => next().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
  };
};

/** A device with the same key in every run. */
const deviceOf = async (server: TestServer, index: number): Promise<TestDevice> => {
  const seed = hash('sha256', `device ${index}`, 'buffer');
  const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/devices/enrol',
    payload: {
      code: server.credentials.enrolmentCodes[index],
      name: `PC-${index + 1}`,
      publicKey,
    },
  });
  return { ...(answer.json() as EnrolResponse), privateKey, publicKey };
};

/** One exam of three, acted out; everything that anybody gets to see goes into `seen`. */
const playedBy = async (server: TestServer, evict: () => Promise<void>) => {
  const seen: unknown[] = [];
  const devices: TestDevice[] = [];
  for (let i = 0; i <= KIOSKS; i += 1) devices.push(await deviceOf(server, i));
  const people: TestKiosk[] = [];
  for (let i = 0; i < KIOSKS; i += 1) people.push(await kiosk(server, i, devices[i]));
  const place = { roomId: people[0]?.ticket.room.id ?? '', sessionId: '' };
  place.sessionId = people[0]?.ticket.sessionId ?? '';
  const cookie = await staffCookie(server, 'coordinator');
  const ledgers = people.map((person) => [person.opened()]);
  const sockets: (TestSocket<ServerToKiosk> | null)[] = people.map(() => null);
  const orders: IssuedCommand[][] = people.map(() => []);
  let pastes = 0;
  let ordered = 0;

  const post = async (who: number, entries: readonly LedgerEntry[]): Promise<void> => {
    const person = people[who] as TestKiosk;
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${person.attemptId}/entries`,
      headers: { authorization: `Bearer ${person.token}` },
      payload: { entries },
    });
    seen.push(answer.json());
  };
  const ask = async (url: string): Promise<void> => {
    const answer = await server.app.inject({ method: 'GET', url, headers: { cookie } });
    seen.push(answer.json());
  };
  const snapshot = async (): Promise<TestSocket<ServerToDashboard>> => {
    const socket = await roomSocket(server, cookie, place);
    seen.push(await socket.until((m) => m.type === 'snapshot'));
    return socket;
  };
  const gone = async (left: number): Promise<void> => {
    while (server.app.websocketServer.clients.size > left) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  const leave = async (socket: TestSocket<unknown>): Promise<void> => {
    const { size } = server.app.websocketServer.clients;
    socket.close();
    await gone(size - 1);
  };

  const play = async ({ kind, who, many }: Act): Promise<void> => {
    const person = people[who] as TestKiosk;
    const ledger = ledgers[who] as LedgerEntry[];
    const socket = sockets[who] ?? null;
    switch (kind) {
      case 'evict':
        return evict();
      case 'connect': {
        if (socket !== null) return;
        const opened = await connect(server, person);
        sockets[who] = opened;
        // What is sent behind the welcome has come when the answer to a heartbeat has.
        await beat(opened);
        seen.push(opened.messages);
        for (const message of opened.messages) {
          if (message.type === 'command') orders[who]?.push(message.issued);
        }
        return;
      }
      case 'drop':
        if (socket === null) return;
        sockets[who] = null;
        return leave(socket);
      case 'deliver': {
        const fresh = person.visits(many);
        ledger.push(...fresh);
        return post(who, ledger);
      }
      case 'again':
        return post(who, ledger);
      case 'skip': {
        const fresh = person.visits(many + 1);
        ledger.push(...fresh);
        return post(who, fresh.slice(1));
      }
      case 'paste': {
        pastes += 1;
        const t = (ledger.at(-1)?.t ?? 0) + 1_000;
        const data = { kind: 'clipboard', phase: 'happened', t, facts: { paste: pastes } } as const;
        ledger.push(person.next('observation', data, t));
        return post(who, ledger);
      }
      case 'order': {
        ordered += 1;
        const answer = await server.app.inject({
          method: 'POST',
          url: `/api/attempts/${person.attemptId}/commands`,
          headers: { cookie },
          payload: {
            key: `order-of-the-test-${ordered}`,
            command: { type: 'message', text: `mensaje ${ordered}` },
          },
        });
        seen.push(answer.json());
        return;
      }
      case 'answer': {
        const issued = orders[who]?.shift();
        if (issued === undefined) return;
        ledger.push(person.next('command-applied', { issued, outcome: 'applied' }));
        return post(who, ledger);
      }
      case 'heartbeat':
        if (socket !== null) await beat(socket, many);
        return;
      case 'elsewhere': {
        const other = devices[KIOSKS] as TestDevice;
        const examinee = server.credentials.examinees[who];
        if (examinee === undefined || server.stored(person.attemptId) === 0) return;
        seen.push((await signIn(server, other, examinee)).json());
        return;
      }
      case 'look':
        return leave(await snapshot());
      case 'inspect':
        await ask(`/api/attempts/${person.attemptId}`);
        return ask('/api/devices');
      default:
        server.clock.advance(many);
    }
  };

  const end = async (): Promise<void> => {
    await leave(await snapshot());
    for (const { attemptId } of people) await ask(`/api/attempts/${attemptId}/export`);
    for (const socket of sockets) if (socket !== null) await leave(socket);
    await server.app.close();
    for (const sql of [
      'SELECT id, broken_reason, verified_seq, address FROM attempts ORDER BY id',
      'SELECT id, state FROM commands ORDER BY id',
      'SELECT id, kind, at, facts FROM notices ORDER BY id',
      "SELECT at, actor, action, subject, detail FROM audit WHERE actor <> 'server' ORDER BY id",
      "SELECT at, action, subject, detail FROM audit WHERE actor = 'server' ORDER BY 1, 2, 3, 4",
    ]) {
      seen.push(server.sqlite.prepare(sql).all());
    }
  };
  return { seen, play, end, snapshot };
};

const beat = async (socket: TestSocket<ServerToKiosk>, pending = 0): Promise<void> => {
  const from = socket.messages.length;
  const live = { latencyMs: 7, battery: 0.5, charging: true, pending };
  socket.send({ type: 'heartbeat', sentAt: 1, live });
  await socket.until((m) => m.type === 'heartbeat-ack', from);
};

/** What a dashboard shows that watched from then on. */
const shown = (messages: readonly ServerToDashboard[]): ReadonlyMap<string, Tile> => {
  const tiles = new Map<string, Tile>();
  for (const message of messages) {
    if (message.type === 'refused') continue;
    for (const tile of message.tiles) tiles.set(tile.attemptId, tile);
  }
  return tiles;
};

const run = async (acts: readonly Act[], kept: number, evict: () => Promise<void>) => {
  const server = await startServer({ deps: { attemptsKept: kept, random: countingRandom() } });
  try {
    const exam = await playedBy(server, evict);
    for (const one of acts) await exam.play(one);
    await exam.end();
    return exam.seen;
  } finally {
    await server.close();
  }
};

test('evicted at any moment, nobody sees anything else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 12, maxLength: 40 }), async (acts) => {
      const kept = await run(acts, 1_000, async () => {});
      const evicted = await run(acts, 0, collectGarbage);
      expect(evicted).toEqual(kept);
    }),
    // Each run is two servers: where it fails is said at once, not made smaller first.
    { numRuns: 5, endOnFailure: true },
  );
}, 60_000);

test('a room that is watched sees every change, whatever left memory meanwhile', async () => {
  const server = await startServer({ deps: { attemptsKept: 0 } });
  const exam = await playedBy(server, collectGarbage);
  const watcher = await exam.snapshot();
  const [first, second] = [0, 1].map((who) => ({ who, many: 2 }));
  for (const kind of [
    'connect',
    'deliver',
    'evict',
    'drop',
    'evict',
    'deliver',
    'evict',
  ] as const) {
    await exam.play({ kind, who: first?.who ?? 0, many: 2 });
  }
  await exam.play({ kind: 'order', who: second?.who ?? 1, many: 1 });
  const fresh = await exam.snapshot();
  const expected = shown(fresh.messages);
  await watcher.until(() => {
    const now = shown(watcher.messages);
    return [...expected].every(
      ([id, tile]) => JSON.stringify(now.get(id)) === JSON.stringify(tile),
    );
  });
  await server.close();
});
