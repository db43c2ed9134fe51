import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Form } from '#shared/exam/ticket.ts';
import { evaluate } from '#shared/incident/evaluate.ts';
import { INITIAL_RULES } from '#shared/incident/rules-state.ts';
import { check } from '#shared/kernel/schema.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json, LedgerEntry } from '#shared/ledger/entry.ts';
import {
  type RoomSummary,
  type ServerToDashboard,
  ServerToDashboardSchema,
  type Tile,
} from '#shared/wire/dashboard.ts';
import type { FactData } from '#shared/wire/facts.ts';
import {
  AttemptDetailResponseSchema,
  BundleSchema,
  RoomsResponseSchema,
} from '#shared/wire/http.ts';
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
import { NOW } from '#test/server/test-clock.ts';

const START = NOW - 7 * MINUTE;

let server: TestServer;
let examinee: TestKiosk;
let cookie: string;
beforeEach(async () => {
  server = await startServer({ shifts: [START] });
  examinee = await kiosk(server);
  cookie = await staffCookie(server, 'proctor');
});
afterEach(() => server.close());

const watch = async (): Promise<TestSocket<ServerToDashboard>> => {
  const { room, sessionId } = examinee.ticket;
  const socket = await roomSocket(server, cookie, { roomId: room.id, sessionId });
  await socket.until((m) => m.type === 'snapshot');
  return socket;
};

const tilesOf = (socket: TestSocket<ServerToDashboard>): ReadonlyMap<string, Tile> => {
  const tiles = new Map<string, Tile>();
  for (const message of socket.messages) {
    if (!('tiles' in message)) continue;
    for (const tile of message.tiles) tiles.set(tile.attemptId, tile);
  }
  return tiles;
};

const get = async (path: string): Promise<unknown> => {
  const answer = await server.app.inject({ method: 'GET', url: path, headers: { cookie } });
  expect(answer.statusCode).toBe(200);
  return answer.json();
};

const form = async (): Promise<Form> => {
  const answer = await server.app.inject({
    method: 'GET',
    url: `/api/attempts/${examinee.attemptId}/form`,
    headers: { authorization: `Bearer ${examinee.token}` },
  });
  return answer.json() as Form;
};
const started = async (): Promise<readonly LedgerEntry[]> =>
  examinee.begun(hash('sha256', canonicalText((await form()) as Json), 'hex'));

/** A paste, and what the rules make of it: an incident and a copy attempt. */
const paste = (t: number): readonly LedgerEntry[] => {
  const { policy } = examinee.ticket;
  const observation = { kind: 'clipboard' as const, phase: 'happened' as const, t, facts: {} };
  const running = evaluate(INITIAL_RULES, { type: 'resumed', t: 20 }, policy).state;
  const { events } = evaluate(running, { type: 'observation', observation }, policy);
  return [
    examinee.next('observation', observation, t),
    ...events.flatMap((event) => {
      switch (event.type) {
        case 'incident-opened':
          return examinee.next('incident-opened', { incident: event.incident, evidence: [] }, t);
        case 'copy-attempt':
          return examinee.next(
            'copy-attempt',
            { incidentId: event.incidentId, episodeId: event.episodeId, number: 1 },
            t,
          );
        case 'incident-closed':
          return examinee.next(
            'incident-closed',
            { incidentId: event.incidentId, endedT: event.endedT },
            t,
          );
        default:
          return [];
      }
    }),
  ];
};

const send = async (entries: readonly LedgerEntry[]): Promise<void> => {
  const socket = await connect(server, examinee);
  socket.send({ type: 'entries', entries });
  const last = entries.at(-1)?.seq ?? 0;
  await socket.until((m) => m.type === 'ack' && m.seq === last);
  socket.close();
};

test("the list of rooms has today's sessions and the seats", async () => {
  const body = await get('/api/rooms');
  expect(check(RoomsResponseSchema, body).ok).toBe(true);
  const { rooms } = body as { rooms: readonly RoomSummary[] };
  expect(rooms).toMatchObject([
    {
      name: 'Laboratorio 1',
      venue: 'Sede Milagro',
      sessions: [{ startsAt: START, endsAt: START + 75 * MINUTE, expected: 12 }],
    },
  ]);
  expect(rooms[0]?.seatMap.seats).toHaveLength(30);
  server.clock.advance(24 * 60 * MINUTE);
  cookie = await staffCookie(server, 'proctor');
  expect(await get('/api/rooms')).toMatchObject({ rooms: [{ sessions: [] }] });
});

describe('tiles', () => {
  test('everybody of the session is there before anybody came', async () => {
    const socket = await watch();
    const tiles = [...tilesOf(socket).values()];
    expect(tiles).toHaveLength(12);
    expect(tiles[0]).toEqual({
      attemptId: examinee.attemptId,
      examinee: {
        name: server.credentials.examinees[0]?.name,
        documentMasked: examinee.ticket.examinee.documentMasked,
        accommodations: [],
      },
      seat: 'A1',
      phase: 'expected',
      closedBy: null,
      copyAttempts: 0,
      copyAttemptLimit: 3,
      answered: 0,
      questions: 10,
      endsAt: null,
      frozenRemainingMs: null,
      lastIncident: null,
      connection: 'never',
      connectionSince: null,
      latencyMs: null,
      battery: null,
      charging: null,
      pending: 0,
      deviceName: 'PC-1',
      notWatched: [],
      build: 'not-checked',
      identity: 'by-hand',
      roomScan: false,
      gate: null,
      released: false,
      chain: 'ok',
    });
    const by = (seat: string) => tiles.find((tile) => tile.seat === seat)?.examinee.accommodations;
    expect(['A4', 'B1', 'B4', 'C1'].map(by)).toEqual([
      ['extra-time'],
      ['second-person'],
      ['camera-exempt'],
      ['involuntary-movement'],
    ]);
    socket.close();
  });

  test('an exam on its tile: time, answers, incidents, end', async () => {
    const socket = await watch();
    const answer = (questionId: string, optionIds: string[]) =>
      examinee.next('answer-saved', {
        questionId: questionId as FactData<'answer-saved'>['questionId'],
        optionIds,
      });
    await send([
      ...(await started()),
      answer('q-1', ['a']),
      answer('q-2', ['b']),
      answer('q-1', []),
    ]);
    const tile = (): Tile | undefined => tilesOf(socket).get(examinee.attemptId);
    await socket.until(() => tile()?.answered === 1);
    // Started at t = 50 by a clock that began now.
    expect(tile()).toMatchObject({
      phase: 'in-progress',
      endsAt: server.clock.now() + 50 + 60 * MINUTE,
      frozenRemainingMs: null,
    });
    await send(paste(5 * MINUTE));
    await socket.until(() => tile()?.copyAttempts === 1);
    expect(tile()?.lastIncident).toMatchObject({
      kind: 'clipboard',
      copyAttempt: 1,
      counted: true,
      startedAt: server.clock.now() + 5 * MINUTE,
    });
    await send([examinee.next('attempt-closed', { by: 'examinee', remainingMs: 1 }, 6 * MINUTE)]);
    await socket.until(() => tile()?.phase === 'closed');
    expect(tile()).toMatchObject({
      closedBy: 'examinee',
      endsAt: null,
      frozenRemainingMs: 54 * MINUTE + 50,
    });
    const feed = socket.messages.flatMap((m) => (m.type === 'frame' ? m.incidents : []));
    expect(new Set(feed.map(({ kind }) => kind))).toEqual(new Set(['clipboard']));
    expect(socket.messages.filter((m) => !check(ServerToDashboardSchema, m).ok)).toEqual([]);
    socket.close();
  });

  test('after a restart the room looks the same', async () => {
    await send([...(await started()), ...paste(5 * MINUTE)]);
    const before = await watch();
    const [was] = before.messages;
    server = await server.restart();
    const after = await watch();
    const [is] = after.messages;
    const still = (message: ServerToDashboard | undefined) => {
      if (message?.type !== 'snapshot') throw new Error('no snapshot');
      return {
        ...message,
        tiles: message.tiles.map(({ connectionSince: _, ...tile }) => tile),
      };
    };
    expect(still(is)).toEqual(still(was));
    expect(still(is).incidents).toHaveLength(1);
    after.close();
  });
});

describe('frames', () => {
  test('a burst is one frame, and quiet entries are none', async () => {
    const socket = await watch();
    await send(await started());
    await socket.until(
      (m) => m.type === 'frame' && m.tiles.some((tile) => tile.phase === 'in-progress'),
    );
    const kioskSide = await connect(server, examinee);
    await socket.until((m) => m.type === 'frame' && m.tiles[0]?.connection === 'online', 3);
    const count = () => socket.messages.length;
    const before = count();
    const { questions } = await form();
    const fifty = Array.from({ length: 50 }, (_, i) => ({
      questionId: questions[i % 10]?.id as FactData<'answer-saved'>['questionId'],
    }));
    const visits = fifty.map((visit) => examinee.next('question-visited', visit));
    kioskSide.send({ type: 'entries', entries: visits });
    await kioskSide.until((m) => m.type === 'ack' && m.seq === 55);
    const entries = fifty.map((visit) =>
      examinee.next('answer-saved', { ...visit, optionIds: ['a'] }),
    );
    kioskSide.send({ type: 'entries', entries });
    await socket.until((m) => m.type === 'frame' && m.tiles.some((tile) => tile.answered === 10));
    expect(count() - before).toBe(1);
    kioskSide.close();
    socket.close();
  });

  test('whatever an entry changes of a tile is told at once, and an answer put otherwise is nothing new', async () => {
    const socket = await watch();
    await send(await started());
    const kioskSide = await connect(server, examinee);
    const tell = (...entries: readonly LedgerEntry[]) =>
      kioskSide.send({ type: 'entries', entries });
    const watched = (print: boolean) =>
      examinee.next('coverage-changed', {
        coverage: {
          print: print ? { level: 'enforced' } : { level: 'not-watched', reason: 'tool-missing' },
        },
      });
    const answer = (optionId: string) =>
      examinee.next('answer-saved', {
        questionId: 'q-1' as FactData<'answer-saved'>['questionId'],
        optionIds: [optionId],
      });
    tell(watched(true), answer('a'));
    await socket.until(
      (m) =>
        m.type === 'frame' &&
        m.tiles.some((t) => !t.notWatched.includes('print') && t.answered === 1),
    );
    const before = socket.messages.length;
    const other = answer('b');
    tell(other);
    await kioskSide.until((m) => m.type === 'ack' && m.seq === other.seq);
    tell(watched(false));
    await socket.until(
      (m) => m.type === 'frame' && m.tiles.some((t) => t.notWatched.includes('print')),
      before,
    );
    expect(socket.messages.length - before).toBe(1);
    kioskSide.close();
    socket.close();
  });

  test('only of the own session', async () => {
    cookie = await staffCookie(server, 'coordinator');
    const { rooms } = (await get('/api/rooms')) as { rooms: readonly RoomSummary[] };
    const [, elsewhere] = rooms;
    const other = await roomSocket(server, cookie, {
      roomId: elsewhere?.id ?? '',
      sessionId: elsewhere?.sessions[0]?.id ?? '',
    });
    await other.until((m) => m.type === 'snapshot');
    const own = await watch();
    await send([examinee.opened()]);
    await own.until((m) => m.type === 'frame' && m.tiles[0]?.phase === 'device-check');
    await own.until((m) => m.type === 'frame' && m.tiles[0]?.connection === 'offline');
    expect(other.messages.map(({ type }) => type)).toEqual(['snapshot']);
    own.close();
    other.close();
  });

  test('a dashboard whose person signs out is closed', async () => {
    const socket = await watch();
    await server.app.inject({ method: 'POST', url: '/api/staff/sign-out', headers: { cookie } });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });
});

test('detail and export are what their schemas say', async () => {
  await send([...(await started()), ...paste(5 * MINUTE)]);
  const detail = await get(`/api/attempts/${examinee.attemptId}`);
  expect(check(AttemptDetailResponseSchema, detail).ok).toBe(true);
  expect(detail).toMatchObject({
    tile: { copyAttempts: 1 },
    entries: expect.arrayContaining([expect.objectContaining({ type: 'copy-attempt' })]),
    incidents: [{ kind: 'clipboard' }],
  });
  const bundle = await get(`/api/attempts/${examinee.attemptId}/export`);
  expect(check(BundleSchema, bundle).ok).toBe(true);
});

describe('today is the venue’s', () => {
  const HOUR = 60 * MINUTE;
  /** Starts of the sessions that the list has of the first room, as hours of UTC. */
  const listed = async (now: number, zone: string): Promise<readonly string[]> => {
    server.sqlite.prepare('UPDATE venues SET time_zone = ?').run(zone);
    server.clock.set(now);
    cookie = await staffCookie(server, 'proctor');
    const [room] = ((await get('/api/rooms')) as { rooms: readonly RoomSummary[] }).rooms;
    expect(room?.timeZone).toBe(zone);
    return (room?.sessions ?? []).map(({ startsAt }) => new Date(startsAt).toISOString());
  };
  beforeEach(async () => {
    await server.close();
    // 18:30 and 22:30 of the 20th on the mainland, and 08:00 of the 21st.
    const shifts = [23.5, 27.5, 37].map((hour) => Date.UTC(2026, 10, 20) + hour * HOUR);
    server = await startServer({ shifts });
  });

  test.each([
    // The machine may be set to anything: 19:00 on the mainland is the next day by UTC.
    ['2026-11-21T00:10:00Z', 'America/Guayaquil', ['20T23', '21T03']],
    ['2026-11-20T14:00:00Z', 'America/Guayaquil', ['20T23', '21T03']],
    ['2026-11-21T13:00:00Z', 'America/Guayaquil', ['21T13']],
    // What began yesterday and ends after midnight belongs to both days.
    ['2026-11-21T00:10:00Z', 'UTC', ['20T23', '21T03', '21T13']],
    ['2026-11-21T05:30:00Z', 'Pacific/Galapagos', ['20T23', '21T03']],
    ['2026-11-21T05:30:00Z', 'America/Guayaquil', ['21T13']],
  ])('at %s in %s', async (now, zone, expected) => {
    const found = await listed(Date.parse(now), zone);
    expect(found.map((start) => start.slice(8, 13))).toEqual(expected);
  });

  test('staff are told whose hours to show', async () => {
    server.sqlite.prepare("UPDATE venues SET time_zone = 'Pacific/Galapagos'").run();
    cookie = await staffCookie(server, 'coordinator');
    expect(await get('/api/staff/me')).toMatchObject({ timeZone: 'Pacific/Galapagos' });
  });
});
