import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '#shared/wire/roles.ts';
import {
  connect,
  kiosk,
  roomSocket,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const HASH = createHash('sha256').update(PNG).digest('hex');

let server: TestServer;
let here: TestKiosk;
let there: TestKiosk;
const cookies = new Map<string, string>();

beforeAll(async () => {
  // 31 examinees: the last one sits in the second room.
  server = await startServer({ examinees: 31 });
  here = await kiosk(server, 0);
  const device = { ...here.device };
  there = await kiosk(server, 30, device);
  for (const examinee of [here, there]) {
    const socket = await connect(server, examinee);
    socket.send({ type: 'entries', entries: [examinee.opened()] });
    await socket.until((m) => m.type === 'ack');
    socket.close();
    await server.app.inject({
      method: 'PUT',
      url: `/api/attempts/${examinee.attemptId}/evidence/${HASH}`,
      headers: { authorization: `Bearer ${examinee.token}`, 'content-type': 'image/png' },
      payload: PNG,
    });
  }
  for (const role of ROLES) cookies.set(role, await staffCookie(server, role));
});
afterAll(() => server.close());

const ROLES: readonly Role[] = [
  'proctor',
  'supervisor',
  'coordinator',
  'lab-technician',
  'exam-author',
  'career-director',
  'authority',
];

/** What each role gets in the first room (its own, for the proctor) and in the second. */
const TABLE: readonly (readonly [Role, string, readonly number[], readonly number[]])[] = [
  // role, rooms it sees; [detail, export, still, command] here and there
  ['proctor', '1', [200, 200, 200, 200], [404, 404, 404, 404]],
  ['supervisor', '2', [200, 200, 200, 200], [200, 200, 200, 200]],
  ['coordinator', '2', [200, 200, 200, 200], [200, 200, 200, 200]],
  ['lab-technician', '2', [403, 403, 403, 403], [403, 403, 403, 403]],
  ['exam-author', '0', [403, 403, 403, 403], [403, 403, 403, 403]],
  ['career-director', '0', [403, 403, 403, 403], [403, 403, 403, 403]],
  ['authority', '2', [200, 200, 200, 403], [200, 200, 200, 403]],
];

const asked = async (role: Role, attemptId: string): Promise<readonly number[]> => {
  const headers = { cookie: cookies.get(role) ?? '' };
  const base = `/api/attempts/${attemptId}`;
  const answers = [
    await server.app.inject({ method: 'GET', url: base, headers }),
    await server.app.inject({ method: 'GET', url: `${base}/export`, headers }),
    await server.app.inject({ method: 'GET', url: `${base}/evidence/${HASH}`, headers }),
    await server.app.inject({
      method: 'POST',
      url: `${base}/commands`,
      headers,
      payload: { key: randomUUID(), command: { type: 'message', text: 'Hola' } },
    }),
  ];
  return answers.map(({ statusCode }) => statusCode);
};

describe('who may do what, and where', () => {
  test.each(TABLE)('%s sees %s rooms', async (role, count, inHere, inThere) => {
    const answer = await server.app.inject({
      method: 'GET',
      url: '/api/rooms',
      headers: { cookie: cookies.get(role) ?? '' },
    });
    expect((answer.json() as { rooms: unknown[] }).rooms).toHaveLength(Number(count));
    expect(await asked(role, here.attemptId)).toEqual(inHere);
    expect(await asked(role, there.attemptId)).toEqual(inThere);
  });

  test.each(TABLE)('%s: sockets of %s rooms', async (role, count) => {
    const watch = async (examinee: TestKiosk): Promise<string> => {
      const { room, sessionId } = examinee.ticket;
      const socket = await roomSocket(server, cookies.get(role) ?? '', {
        roomId: room.id,
        sessionId,
      });
      const first = await socket.until(() => true);
      socket.close();
      return first.type === 'refused' ? first.problem.code : first.type;
    };
    const expected = {
      '0': ['forbidden', 'forbidden'],
      '1': ['snapshot', 'not-found'],
      '2': ['snapshot', 'snapshot'],
    };
    expect([await watch(here), await watch(there)]).toEqual(expected[count as '0' | '1' | '2']);
  });

  test('without a session there is no socket, nor with a session of another room', async () => {
    const { room, sessionId } = here.ticket;
    const nobody = await roomSocket(server, 'atalaya-staff=x', { roomId: room.id, sessionId });
    expect(await nobody.until(() => true)).toMatchObject({ problem: { code: 'unauthorised' } });
    expect((await nobody.closed).code).toBe(4401);
    const mixed = await roomSocket(server, cookies.get('coordinator') ?? '', {
      roomId: room.id,
      sessionId: there.ticket.sessionId,
    });
    expect(await mixed.until(() => true)).toMatchObject({ problem: { code: 'not-found' } });
    expect((await mixed.closed).code).toBe(4404);
  });

  test('an attempt that is not there looks like one out of reach', async () => {
    expect(await asked('proctor', 'attempt-none')).toEqual([404, 404, 404, 404]);
  });

  test("an examinee's token opens nothing of the staff's", async () => {
    const answer = await server.app.inject({
      method: 'GET',
      url: `/api/attempts/${here.attemptId}`,
      headers: { authorization: `Bearer ${here.token}` },
    });
    expect(answer.statusCode).toBe(401);
  });
});

describe('the trail', () => {
  const actions = (actor: string) =>
    server.sqlite
      .prepare<[string, string], { action: string; detail: string }>(
        'SELECT action, detail FROM audit WHERE actor = ? AND subject = ? ORDER BY id',
      )
      .all(actor, here.attemptId);

  test('every look at a still, every export and every command is on record with who', async () => {
    const before = actions('staff-4').length;
    for (let i = 0; i < 2; i += 1) await asked('coordinator', here.attemptId);
    const rows = actions('staff-4').slice(before);
    expect(rows.map(({ action }) => action)).toEqual([
      'attempt-viewed',
      'attempt-exported',
      'still-viewed',
      'command-message',
      'attempt-viewed',
      'attempt-exported',
      'still-viewed',
      'command-message',
    ]);
    expect(
      rows.filter(({ action }) => action === 'still-viewed').map(({ detail }) => detail),
    ).toEqual([`{"hash":"${HASH}"}`, `{"hash":"${HASH}"}`]);
  });

  test('what was refused leaves no trace of having been seen', () => {
    const rows = server.sqlite
      .prepare(
        "SELECT * FROM audit WHERE actor IN ('staff-5', 'staff-6', 'staff-7') AND subject LIKE 'attempt-%'",
      )
      .all();
    expect(rows).toEqual([]);
  });
});

const KEY = 'order-of-the-test';

describe('commands that are none', () => {
  let headers: { cookie: string };
  beforeEach(() => {
    headers = { cookie: cookies.get('proctor') ?? '' };
  });

  test.each([
    ['no command', { command: undefined }],
    ['no key', { key: undefined }],
    ['a key that is easily met again', { key: '1' }],
    ['half a character', { command: { type: 'message', text: 'Hola \ud83d' } }],
    ['an unknown one', { command: { type: 'explode' } }],
    ['a pause without a reason', { command: { type: 'pause' } }],
    ['a pause with no real reason', { command: { type: 'pause', reason: 'x' } }],
    ['a dismissal without a reason', { command: { type: 'dismiss', incidentId: 'a' } }],
    [
      'a decision without a reason',
      { command: { type: 'identity', decision: 'refused', authorisedBy: null } },
    ],
    [
      'an alternative that nobody authorised',
      {
        command: {
          type: 'identity',
          decision: 'authorised-alternative',
          authorisedBy: null,
          reason: 'sin documento',
        },
      },
    ],
    [
      'an authorisation of what needs none',
      {
        command: {
          type: 'identity',
          decision: 'verified-in-person',
          authorisedBy: 'Rectorado',
          reason: 'lo conozco',
        },
      },
    ],
    ['a view of the room without a reason', { command: { type: 'room-scan' } }],
    ['an empty message', { command: { type: 'message', text: '' } }],
    ['an endless message', { command: { type: 'message', text: 'x'.repeat(501) } }],
    ['a field too many', { command: { type: 'resume', reason: 'ya está', force: true } }],
    [
      'someone else’s name on it',
      { command: { type: 'resume', reason: 'ya está' }, issuedBy: 'x' },
    ],
  ])('%s', async (_name, payload) => {
    const count = () => server.sqlite.prepare('SELECT count(*) AS n FROM commands').get();
    const before = count();
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${here.attemptId}/commands`,
      headers,
      payload: { key: KEY, command: { type: 'message', text: 'Hola' }, ...payload },
    });
    expect([
      answer.statusCode,
      (answer.json() as { problem: { code: string } }).problem.code,
    ]).toEqual([400, 'bad-request']);
    expect(count()).toEqual(before);
  });

  test.each([
    { type: 'identity', decision: 'refused', authorisedBy: null, reason: 'es otra persona' },
    {
      type: 'identity',
      decision: 'authorised-alternative',
      authorisedBy: 'Secretaría General',
      reason: 'denuncia de pérdida',
    },
    { type: 'room-scan', reason: 'mira a un lado' },
  ])('%j is one', async (command) => {
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${here.attemptId}/commands`,
      headers,
      payload: { key: randomUUID(), command },
    });
    expect(answer.statusCode).toBe(200);
  });

  test('only what counted can be dismissed', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${here.attemptId}/commands`,
      headers,
      payload: {
        key: KEY,
        command: { type: 'dismiss', incidentId: 'no-face:1', reason: 'se equivocó' },
      },
    });
    expect(answer.statusCode).toBe(404);
  });
});
