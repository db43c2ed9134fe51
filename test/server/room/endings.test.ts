import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EndingKind, IssuedCommand } from '#shared/wire/command.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { Bundle, ExamineeSignInResponse } from '#shared/wire/http.ts';
import {
  connect,
  enrol,
  kiosk,
  roomSocket,
  signIn,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';

// A kiosk that is gone takes no order: what staff decide holds at once, and what it says when it comes back is kept.

const INCIDENT = {
  id: 'focus-lost:300000',
  kind: 'focus-lost',
  startedT: 300_000,
  openedT: 300_000,
  counted: true,
  episodeId: 'e1',
  facts: {},
} as unknown as FactData<'incident-opened'>['incident'];

let server: TestServer;
let gone: TestKiosk;
let cookie: string;
let form: { questions: { id: string; options: { id: string }[] }[] };

const post = (payload: object, attemptId: string = gone.attemptId) =>
  server.app.inject({
    method: 'POST',
    url: `/api/attempts/${attemptId}/commands`,
    headers: { cookie },
    payload,
  });
const end = (ending: EndingKind, reason = 'se apagó y no enciende', key: string = randomUUID()) =>
  post({ key, command: { type: 'close', reason, ending } });
const get = async <T>(path: string, attemptId: string = gone.attemptId): Promise<T> =>
  (
    await server.app.inject({ url: `/api/attempts/${attemptId}${path}`, headers: { cookie } })
  ).json() as T;
const detail = (attemptId?: string) =>
  get<{ tile: Tile; doubts: { broken: unknown; contradictions: { code: string }[] } }>(
    '',
    attemptId,
  );
const deliver = (entries: readonly object[], token = gone.token, attemptId = gone.attemptId) =>
  server.app.inject({
    method: 'POST',
    url: `/api/attempts/${attemptId}/entries`,
    headers: { authorization: `Bearer ${token}` },
    payload: { entries },
  });
const formOf = async (token: string, attemptId: string) =>
  (
    await server.app.inject({
      url: `/api/attempts/${attemptId}/form`,
      headers: { authorization: `Bearer ${token}` },
    })
  ).json() as typeof form;
const formHash = async (attemptId: string): Promise<string> =>
  server.sqlite
    .prepare('SELECT hash FROM forms WHERE attempt_id = ?')
    .pluck()
    .get(attemptId) as string;
const answer = (index = 0): FactData<'answer-saved'> => {
  const question = form.questions[index];
  return {
    questionId: question?.id,
    optionIds: [question?.options[0]?.id],
  } as unknown as FactData<'answer-saved'>;
};
const isOffline = () =>
  vi.waitFor(async () => expect((await detail()).tile.connection).toBe('offline'), 10_000);
const audits = (action: string): { detail: string }[] =>
  server.sqlite.prepare('SELECT detail FROM audit WHERE action = ?').all(action) as {
    detail: string;
  }[];

beforeEach(async () => {
  server = await startServer();
  cookie = await staffCookie(server, 'proctor');
  gone = await kiosk(server);
  form = await formOf(gone.token, gone.attemptId);
  const socket = await connect(server, gone);
  const entries = [
    ...gone.begun(await formHash(gone.attemptId)),
    gone.next('gate-passed', {}),
    gone.next('answer-saved', answer()),
  ];
  socket.send({ type: 'entries', entries });
  await socket.until((m) => m.type === 'ack' && m.seq === entries.length);
  // The process dies: its socket is cut without a word.
  socket.close();
  await isOffline();
});
afterEach(() => server.close());

describe('ending', () => {
  test.each(['closed', 'revoked', 'let-go'] as const)(
    '%s: holds at once, with its audit entry, and every dashboard sees it',
    async (kind) => {
      const { room, sessionId } = gone.ticket;
      const dashboard = await roomSocket(server, cookie, { roomId: room.id, sessionId });
      await dashboard.until((m) => m.type === 'snapshot');
      expect((await end(kind)).statusCode).toBe(200);
      const frame = await dashboard.until(
        (m) => m.type === 'frame' && m.tiles.some(({ ended }) => ended?.kind === kind),
      );
      const tile = frame.type === 'frame' ? frame.tiles[0] : undefined;
      expect(tile).toMatchObject({
        phase: 'closed',
        closedBy: null,
        endsAt: null,
        ended: { kind, reason: 'se apagó y no enciende', later: 0 },
      });
      expect(audits('command-close').map(({ detail: said }) => JSON.parse(said))).toMatchObject([
        { ending: kind, text: 'se apagó y no enciende', seq: '7' },
      ]);
      // And after a restart.
      server = await server.restart();
      expect((await detail()).tile).toMatchObject({ phase: 'closed', ended: { kind } });
      dashboard.close();
    },
  );

  test('not while the kiosk is there, not of what is over, not before it began', async () => {
    const socket = await connect(server, gone);
    expect((await end('closed')).json()).toMatchObject({ problem: { code: 'conflict' } });
    socket.close();
    await isOffline();
    await deliver([gone.next('attempt-closed', { by: 'examinee', remainingMs: 1_000 })]);
    expect((await end('closed')).json()).toMatchObject({ problem: { code: 'attempt-closed' } });
    const other = await kiosk(server, 1);
    const early = await post(
      { key: randomUUID(), command: { type: 'close', reason: 'xxx', ending: 'let-go' } },
      other.attemptId,
    );
    expect(early.json()).toMatchObject({ problem: { code: 'not-in-this-stage' } });
    expect(audits('command-close')).toEqual([]);
  });

  test('the same order again is the same order, also when the kiosk is back', async () => {
    const key = randomUUID();
    const first = (await end('closed', 'motivo', key)).json();
    expect((await end('closed', 'motivo', key)).json()).toEqual(first);
    const socket = await connect(server, gone);
    expect((await end('closed', 'motivo', key)).json()).toEqual(first);
    expect((await end('revoked', 'motivo', key)).statusCode).toBe(409);
    socket.close();
  });

  test('who may not order may not end', async () => {
    for (const role of ['lab-technician', 'authority'] as const) {
      cookie = await staffCookie(server, role);
      expect((await end('closed')).statusCode).toBe(403);
    }
  });

  test('a decision can be put right until somebody goes on elsewhere', async () => {
    await end('closed', 'me equivoqué');
    server.clock.advance(1_000);
    await end('let-go', 'debía seguir');
    expect((await detail()).tile.ended).toMatchObject({ kind: 'let-go', reason: 'debía seguir' });
    const person = server.credentials.examinees[0];
    if (person === undefined) throw new Error('nobody');
    expect((await signIn(server, await enrol(server, 1, 'PC-02'), person)).statusCode).toBe(200);
    expect((await end('closed')).json()).toMatchObject({ problem: { code: 'conflict' } });
  });
});

describe('what the kiosk says when it comes back', () => {
  test('it learns of the decision by an order, and what it says is taken, chain and all', async () => {
    await end('let-go');
    const socket = await connect(server, gone);
    const { issued } = (await socket.until((m) => m.type === 'command')) as {
      issued: IssuedCommand;
    };
    expect(issued.command).toEqual({
      type: 'close',
      reason: 'se apagó y no enciende',
      ending: 'let-go',
    });
    const late = [
      gone.next('answer-saved', answer(1)),
      gone.next('command-applied', { issued, outcome: 'applied' }),
      gone.next('attempt-closed', { by: 'proctor', remainingMs: gone.ticket.exam.durationMs }),
    ];
    socket.send({ type: 'entries', entries: late });
    await socket.until((m) => m.type === 'ack' && m.seq === late.at(-1)?.seq);
    const { tile, doubts } = await detail();
    expect(tile).toMatchObject({ answered: 2, ended: { kind: 'let-go', later: 3 }, chain: 'ok' });
    // Answered before the decision by its own time: late, and no more than that.
    expect(doubts).toMatchObject({ broken: null, contradictions: [] });
    socket.close();
  });

  test('what was answered afterwards is kept and marked, on the server and in the bundle', async () => {
    server.clock.advance(100);
    await end('closed');
    const before = gone.next('question-visited', { questionId: answer(1).questionId });
    const after = gone.next('answer-saved', answer(1), 500);
    expect((await deliver([before, after])).statusCode).toBe(200);
    await vi.waitFor(async () =>
      expect((await detail()).doubts.contradictions).toEqual([
        { code: 'answer-after-ending', seq: after.seq },
      ]),
    );
    expect((await detail()).doubts.broken).toBeNull();
    expect((await detail()).tile).toMatchObject({ answered: 2, chain: 'contradicted' });
    expect((await get<Bundle>('/export')).given?.ended).toMatchObject({ seq: before.seq - 1 });
  });

  test('an exam that it had handed in before stays handed in', async () => {
    await end('let-go');
    await deliver([gone.next('attempt-closed', { by: 'examinee', remainingMs: 60_000 })]);
    expect((await detail()).tile.closedBy).toBe('examinee');
    const person = server.credentials.examinees[0];
    if (person === undefined) throw new Error('nobody');
    const elsewhere = await signIn(server, await enrol(server, 1, 'PC-02'), person);
    expect(elsewhere.json()).toMatchObject({ problem: { code: 'attempt-closed' } });
  });
});

describe('signing in elsewhere', () => {
  const person = () => {
    const [first] = server.credentials.examinees;
    if (first === undefined) throw new Error('nobody');
    return first;
  };

  test('not before staff let go, nor after they closed or revoked', async () => {
    const device = await enrol(server, 1, 'PC-02');
    expect((await signIn(server, device, person())).json()).toMatchObject({
      problem: { code: 'already-open-elsewhere' },
    });
    for (const kind of ['closed', 'revoked'] as const) {
      await end(kind);
      const refused = (await signIn(server, device, person())).json();
      expect(refused).toMatchObject({ problem: { code: 'attempt-closed' } });
    }
    // A person who tries what staff told them is no second log-in.
    const notices = server.sqlite.prepare('SELECT count(*) FROM notices').pluck().get();
    expect(notices).toBe(1);
  });

  test('goes on with the same questions, seat, rest of time and count, and both are on record', async () => {
    const { durationMs } = gone.ticket.exam;
    const { copyAttemptLimit } = gone.ticket.policy;
    server.clock.advance(600_000);
    // A copy attempt that the dead kiosk had recorded.
    await deliver([
      gone.next('incident-opened', { incident: INCIDENT, evidence: [] }, 300_000),
      gone.next('copy-attempt', {
        incidentId: INCIDENT.id,
        episodeId: INCIDENT.episodeId,
        number: 1,
      }),
    ]);
    await end('let-go');
    const device = await enrol(server, 1, 'PC-02');
    const answered = await signIn(server, device, person());
    const { ticket, token, lastSeq } = answered.json() as ExamineeSignInResponse;
    expect(answered.statusCode).toBe(200);
    expect([lastSeq, ticket.attemptId === gone.attemptId]).toEqual([0, false]);
    expect(ticket).toMatchObject({ sessionId: gone.ticket.sessionId, room: gone.ticket.room });
    expect(ticket.policy.copyAttemptLimit).toBe(copyAttemptLimit - 1);
    // It was last heard of by the delivery at ten minutes, or by its entry at five: never more than there was.
    expect(ticket.exam.durationMs).toBeLessThan(durationMs - 299_000);
    expect(ticket.exam.durationMs).toBeGreaterThan(durationMs - 601_000);
    const again = await formOf(token, ticket.attemptId);
    expect(again.questions).toEqual(form.questions);
    expect((await detail()).tile).toMatchObject({ carriedOn: true, phase: 'closed' });
    expect((await detail(ticket.attemptId)).tile).toMatchObject({
      seat: gone.ticket.room.seat,
      carries: { copyAttempts: 1 },
    });
    expect(audits('attempt-carried-on')).toHaveLength(1);
    // Whoever signs in once more goes on with that one, and the first kiosk still delivers.
    const third = await signIn(server, device, person());
    expect((third.json() as ExamineeSignInResponse).ticket.attemptId).toBe(ticket.attemptId);
    expect((await deliver([gone.next('question-visited', answer(1))])).statusCode).toBe(200);
    server = await server.restart();
    expect((await detail()).tile.carriedOn).toBe(true);
    expect((await detail(ticket.attemptId)).tile.carries).toEqual({
      copyAttempts: 1,
      from: [{ attemptId: gone.attemptId, incidentId: INCIDENT.id }],
    });
  });

  test('two machines at once: one goes on', async () => {
    await end('let-go');
    const devices = [await enrol(server, 1, 'PC-02'), await enrol(server, 2, 'PC-03')];
    const all = await Promise.all(devices.map((device) => signIn(server, device, person())));
    const rows = server.sqlite
      .prepare('SELECT count(*) FROM attempts WHERE carries = ?')
      .pluck()
      .get(gone.attemptId);
    expect(rows).toBe(1);
    expect(all.some(({ statusCode }) => statusCode === 200)).toBe(true);
  });
});
