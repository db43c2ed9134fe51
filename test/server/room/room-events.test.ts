import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { evaluate } from '#shared/incident/evaluate.ts';
import { INITIAL_RULES, type RuleEvent, type RulesState } from '#shared/incident/rules-state.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { ServerToDashboard } from '#shared/wire/dashboard.ts';
import type { ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import { roomFramesPath } from '#shared/wire/polled.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import {
  connect,
  enrol,
  kiosk,
  roomSocket,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
  type TestSocket,
} from '#test/server/harness.ts';
import { NOW } from '#test/server/test-clock.ts';

const KEY = 'dismissal-0123456789';
const REASON = 'Aviso del sistema en los equipos';

let server: TestServer;
let proctor: string;
beforeEach(async () => {
  server = await startServer({
    shifts: [NOW - 7 * MINUTE],
    examinees: 40,
    enrolmentCodes: 8,
    policy: { ...DEFAULT_POLICY, gate: null },
    identityCheck: 'by-hand',
  });
  proctor = await staffCookie(server, 'proctor');
});
afterEach(() => server.close());

/** A kiosk in the middle of its exam that loses the focus now and then, with all that the rules make of it. */
const seated = async (index: number, codeIndex: number) => {
  const examinee = await kiosk(server, index, await enrol(server, codeIndex, `PC-${index}`));
  const { policy } = examinee.ticket;
  let rules: RulesState = INITIAL_RULES;
  let count = 0;
  const told = (event: RuleEvent, t: number): LedgerEntry[] => {
    if (event.type === 'incident-opened')
      return [examinee.next(event.type, { incident: event.incident, evidence: [] }, t)];
    if (event.type === 'incident-closed')
      return [examinee.next(event.type, { incidentId: event.incidentId, endedT: event.endedT }, t)];
    if (event.type !== 'copy-attempt') return [];
    count += 1;
    const { incidentId, episodeId } = event;
    return [examinee.next(event.type, { incidentId, episodeId, number: count }, t)];
  };
  const hear = (input: Parameters<typeof evaluate>[1], t: number): LedgerEntry[] => {
    const { state, events } = evaluate(rules, input, policy);
    rules = state;
    return events.flatMap((event) => told(event, t));
  };
  const state = (phase: 'began' | 'ended', t: number): LedgerEntry[] => {
    const observation = { kind: 'focus-lost' as const, phase, t, facts: {} };
    const due = hear({ type: 'time', t }, t);
    const entry = examinee.next('observation', observation, t);
    return [...due, entry, ...hear({ type: 'observation', observation }, t)];
  };
  const begun = examinee.begun('a'.repeat(64));
  hear({ type: 'resumed', t: begun.at(-1)?.t ?? 0 }, 0);
  return {
    ...examinee,
    beginning: begun,
    /** Away from `t` on for a second: an incident, and a copy attempt. */
    away: (t: number): LedgerEntry[] => [
      ...state('began', t),
      ...hear({ type: 'time', t: t + 300 }, t + 300),
      ...state('ended', t + 1_000),
      ...hear({ type: 'time', t: t + 2_000 }, t + 2_000),
    ],
  };
};
type Seated = Awaited<ReturnType<typeof seated>>;

const send = async (
  of: Pick<TestKiosk, 'token' | 'attemptId'>,
  entries: readonly LedgerEntry[],
) => {
  const socket = await connect(server, of);
  socket.send({ type: 'entries', entries });
  await socket.until((m) => m.type === 'ack' && m.seq === entries.at(-1)?.seq);
  return socket;
};

const watch = async (of: TestKiosk, cookie = proctor): Promise<TestSocket<ServerToDashboard>> => {
  const { room, sessionId } = of.ticket;
  const socket = await roomSocket(server, cookie, { roomId: room.id, sessionId });
  await socket.until((m) => m.type === 'snapshot');
  return socket;
};

/** The room's events as somebody who comes now is shown them. */
const eventsNow = async (of: TestKiosk): Promise<readonly RoomEventView[]> => {
  const socket = await watch(of);
  const [first] = socket.messages;
  socket.close();
  return first?.type === 'snapshot' ? first.roomEvents : [];
};

const eventsIn = (socket: TestSocket<ServerToDashboard>, seats: number) =>
  socket.until((m) => m.type === 'frame' && m.roomEvents?.at(-1)?.members.length === seats);

interface Order {
  readonly cookie?: string;
  readonly key?: string;
  readonly extraMs?: number;
  readonly reason?: string;
  readonly kind?: string;
}
const dismiss = async (
  of: TestKiosk,
  attempts: readonly { readonly attemptId: string; readonly incidentId: string }[],
  { cookie = proctor, key = KEY, extraMs = 0, reason = REASON, kind = 'focus-lost' }: Order = {},
) => {
  const { room, sessionId } = of.ticket;
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/rooms/${room.id}/sessions/${sessionId}/dismissals`,
    headers: { cookie },
    payload: { key, kind, reason, extraMs, attempts },
  });
  return { status: answer.statusCode, body: answer.json() };
};
const chosenOf = (events: readonly RoomEventView[]) =>
  events.flatMap(({ members }) =>
    members.flatMap(({ attemptId, attempts }) =>
      attempts.map(({ incidentId }) => ({ attemptId, incidentId })),
    ),
  );
const count = (from: string): unknown =>
  server.sqlite.prepare(`SELECT count(*) FROM ${from}`).pluck().get();

/** Three seats that lose the focus within two seconds, and a fourth that was off line meanwhile. */
const threeAndOne = async (): Promise<readonly [Seated, Seated, Seated, Seated]> => {
  const all = [
    await seated(0, 0),
    await seated(1, 1),
    await seated(2, 2),
    await seated(3, 3),
  ] as const;
  for (const one of all) (await send(one, one.beginning)).close();
  return all;
};

/** One after the other within two seconds, in this order. */
const together = async (all: readonly Seated[]) => {
  for (const [i, one] of all.entries()) (await send(one, one.away((60 + i) * SECOND))).close();
};

describe('an event of the room', () => {
  test('reaches everybody who watches, at once, and whoever was off line joins later', async () => {
    const [a, b, c, d] = await threeAndOne();
    const first = await watch(a);
    const second = await watch(a, await staffCookie(server, 'supervisor'));
    (await send(a, a.away(60 * SECOND))).close();
    (await send(b, b.away(61 * SECOND))).close();
    (await send(c, c.away(62 * SECOND))).close();
    for (const socket of [first, second]) {
      const frame = await eventsIn(socket, 3);
      if (frame.type !== 'frame') throw new Error('no frame');
      const [event] = frame.roomEvents ?? [];
      expect(event).toMatchObject({ kind: 'focus-lost', startedAt: NOW + 60 * SECOND, present: 3 });
      expect(event?.members.map(({ attemptId }) => attemptId)).toEqual(
        [a, b, c].map(({ attemptId }) => attemptId),
      );
      expect(event?.members.flatMap(({ attempts }) => attempts)).toMatchObject(
        [1, 1, 1].map((number) => ({ number, dismissed: false, whole: true })),
      );
    }
    // An hour later the fourth comes back with what it kept.
    server.clock.advance(60 * MINUTE);
    (await send(d, d.away(60_500))).close();
    for (const socket of [first, second]) await eventsIn(socket, 4);
    const polled = await server.app.inject({
      method: 'POST',
      url: roomFramesPath(a.ticket.room.id, a.ticket.sessionId),
      headers: { cookie: proctor },
      payload: { link: 'f'.repeat(32), first: 1, frames: [], have: 0, waitMs: 0 },
    });
    const events = await eventsNow(a);
    expect(polled.body).toContain(JSON.stringify(events));
    // The log is the truth: another server on the same data says the same.
    server = await server.restart();
    proctor = await staffCookie(server, 'proctor');
    expect(await eventsNow(a)).toEqual(events);
    expect(events[0]?.members).toHaveLength(4);
    // Of whom nobody heard then is there as soon as what it kept says so.
    expect(events[0]).toMatchObject({ seats: 4, present: 4 });
  });

  test('never has seats of two rooms, nor one seat that repeats itself', async () => {
    const here = [await seated(0, 0), await seated(1, 1)] as const;
    const there = [await seated(38, 2), await seated(39, 3)] as const;
    expect(here[0].ticket.room.id).not.toBe(there[0].ticket.room.id);
    for (const one of [...here, ...there]) {
      (await send(one, [...one.beginning, ...one.away(60 * SECOND)])).close();
    }
    (await send(here[0], here[0].away(66 * SECOND))).close();
    expect(await eventsNow(here[0])).toEqual([]);
    const supervisor = await staffCookie(server, 'supervisor');
    const other = await watch(there[0], supervisor);
    expect(other.messages[0]).toMatchObject({ type: 'snapshot', roomEvents: [] });
  });

  test('a frame that changes nothing of it does not bring it again', async () => {
    const [a, b, c] = await threeAndOne();
    const socket = await watch(a);
    await together([a, b, c]);
    await eventsIn(socket, 3);
    const from = socket.messages.length;
    (await send(a, a.visits(3))).close();
    await new Promise((resolve) => setTimeout(resolve, 700));
    const later = socket.messages.slice(from).filter((m) => m.type === 'frame' && m.roomEvents);
    expect(later).toEqual([]);
  });
});

describe('its copy attempts', () => {
  test('are dismissed together, with one reason: orders as any other, and on record', async () => {
    const [a, b, c] = await threeAndOne();
    await together([a, b, c]);
    const on: TestSocket<ServerToKiosk> = await connect(server, a);
    const desk = await watch(a, await staffCookie(server, 'supervisor'));
    const chosen = chosenOf(await eventsNow(a));
    expect(chosen).toHaveLength(3);
    const { status, body } = await dismiss(a, chosen, { extraMs: 5 * MINUTE });
    expect([status, body.refused]).toEqual([200, []]);
    expect(body.orders).toMatchObject(chosen);
    const { issued } = (await on.until((m) => m.type === 'command')) as { issued: IssuedCommand };
    expect(issued.command).toEqual({
      type: 'dismiss',
      incidentId: chosen[0]?.incidentId,
      reason: REASON,
      extraMs: 5 * MINUTE,
    });
    await desk.until((m) => m.type === 'frame' && m.commands.length === 3);
    expect(count("audit WHERE action = 'command-dismiss'")).toBe(3);
    const whole = server.sqlite
      .prepare("SELECT subject, detail FROM audit WHERE action = 'room-event-dismissed'")
      .all() as { subject: string; detail: string }[];
    expect(whole.map(({ subject }) => subject)).toEqual([a.ticket.sessionId]);
    expect(JSON.parse(whole[0]?.detail ?? '')).toEqual({
      kind: 'focus-lost',
      reason: REASON,
      extraMs: 5 * MINUTE,
      attempts: 3,
    });

    // Sent again it is the same order.
    const again = await dismiss(a, chosen, { extraMs: 5 * MINUTE });
    expect(again.body).toEqual(body);
    expect((await dismiss(a, chosen.toReversed(), { extraMs: 5 * MINUTE })).body).toEqual({
      orders: body.orders.toReversed(),
      refused: [],
    });
    for (const [attempts, other] of [
      [chosen, { extraMs: 0 }],
      [chosen, { extraMs: 5 * MINUTE, reason: 'Otra razón' }],
      [chosen, { extraMs: 5 * MINUTE, kind: 'power' }],
      [chosen.slice(0, 2), { extraMs: 5 * MINUTE }],
      [chosen.slice(1), { extraMs: 5 * MINUTE }],
      [[...chosen, { ...chosen[0], incidentId: 'other' }], { extraMs: 5 * MINUTE }],
    ] as const)
      expect((await dismiss(a, attempts as typeof chosen, other)).status).toBe(409);
    expect(
      (await dismiss(a, chosen.slice(0, 2), { key: `${KEY}-2`, extraMs: 5 * MINUTE })).body.refused,
    ).toMatchObject([{ why: 'ordered' }, { why: 'ordered' }]);
    expect(count('commands')).toBe(3);

    // Who was off line finds the order on coming back; its answer reaches the desk.
    const off = await connect(server, b);
    const waited = (await off.until((m) => m.type === 'command')) as { issued: IssuedCommand };
    off.send({
      type: 'entries',
      entries: [b.next('command-applied', { issued: waited.issued, outcome: 'applied' })],
    });
    await desk.until(
      (m) => m.type === 'frame' && m.roomEvents?.[0]?.members[1]?.attempts[0]?.dismissed === true,
    );
    expect((await dismiss(a, chosen.slice(1, 2), { key: `${KEY}-3` })).body.refused).toMatchObject([
      { why: 'dismissed' },
    ]);
    // A kiosk refuses its order: what was answered once is answered again.
    on.send({
      type: 'entries',
      entries: [a.next('command-applied', { issued, outcome: 'rejected', code: 'not-found' })],
    });
    await desk.until(
      (m) => m.type === 'frame' && m.commands.some(({ state }) => state === 'rejected'),
    );
    expect((await dismiss(a, chosen, { extraMs: 5 * MINUTE })).body).toEqual(body);
    expect(count('commands')).toBe(3);
  });

  test('all or none: with one that does not belong nothing is stored, and it is named', async () => {
    const [a, b, c, d] = await threeAndOne();
    await together([a, b, c]);
    // A fourth on its own, minutes later.
    (await send(d, d.away(300 * SECOND))).close();
    const chosen = chosenOf(await eventsNow(a));
    const alone = { attemptId: d.attemptId, incidentId: `focus-lost-${300 * SECOND}` };
    const detail = await server.app.inject({
      url: `/api/attempts/${d.attemptId}`,
      headers: { cookie: proctor },
    });
    const [own] = (detail.json() as { incidents: { id: string }[] }).incidents;
    const unknown = { attemptId: 'attempt-none', incidentId: 'focus-lost-1' };
    const { status, body } = await dismiss(a, [
      ...chosen,
      { ...alone, incidentId: own?.id ?? '' },
      unknown,
    ]);
    expect(status).toBe(200);
    expect(body.orders).toEqual([]);
    expect(body.refused).toMatchObject([
      { attemptId: d.attemptId, why: 'not-of-event' },
      { ...unknown, why: 'unknown' },
    ]);
    expect([count('commands'), count("audit WHERE action LIKE '%dismiss%'")]).toEqual([0, 0]);
  });

  test('a failure in the middle stores nothing, and no kiosk hears of it', async () => {
    const [a, b, c] = await threeAndOne();
    await together([a, b, c]);
    const chosen = chosenOf(await eventsNow(a));
    const on = await connect(server, a);
    server.sqlite.exec(
      `CREATE TRIGGER third BEFORE INSERT ON commands WHEN (SELECT count(*) FROM commands) >= 2
       BEGIN SELECT RAISE(ABORT, 'planted'); END`,
    );
    expect((await dismiss(a, chosen)).status).toBe(500);
    server.sqlite.exec('DROP TRIGGER third');
    expect([count('commands'), count("audit WHERE action LIKE '%dismiss%'")]).toEqual([0, 0]);
    expect(on.messages.filter(({ type }) => type === 'command')).toEqual([]);
    expect((await dismiss(a, chosen)).body.orders).toHaveLength(3);
  });

  test('are decided by whoever may command there, with a reason', async () => {
    const [a, b, c] = await threeAndOne();
    await together([a, b, c]);
    const chosen = chosenOf(await eventsNow(a));
    for (const [role, status] of [
      ['lab-technician', 403],
      ['authority', 403],
    ] as const) {
      expect((await dismiss(a, chosen, { cookie: await staffCookie(server, role) })).status).toBe(
        status,
      );
    }
    const elsewhere: TestKiosk = {
      ...a,
      ticket: { ...a.ticket, room: { ...a.ticket.room, id: 'room-2' as typeof a.ticket.room.id } },
    };
    expect((await dismiss(elsewhere, chosen)).status).toBe(404);
    expect((await dismiss(a, chosen, { reason: 'no' })).status).toBe(400);
    expect((await dismiss(a, chosen, { reason: `luz \ud800` })).status).toBe(400);
    expect((await dismiss(a, chosen, { extraMs: 31 * MINUTE })).status).toBe(400);
    expect((await dismiss(a, [])).status).toBe(400);
    expect(count('commands')).toBe(0);
  });
});
