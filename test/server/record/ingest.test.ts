import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import {
  connect,
  kiosk,
  seal,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';
import { verifyBundle } from '#tools/verify-bundle.ts';

let server: TestServer;
let examinee: TestKiosk;
beforeEach(async () => {
  server = await startServer();
  examinee = await kiosk(server);
});
afterEach(() => server.close());

const post = async (entries: readonly LedgerEntry[], by = examinee, token = examinee.token) =>
  server.app.inject({
    method: 'POST',
    url: `/api/attempts/${by.attemptId}/entries`,
    headers: { authorization: `Bearer ${token}` },
    payload: { entries },
  });

const codeOf = (answer: { json(): unknown }): string =>
  (answer.json() as { problem: { code: string } }).problem.code;

const brokenReason = (attemptId: string): string | null =>
  server.sqlite
    .prepare<[string], { broken_reason: string | null }>(
      'SELECT broken_reason FROM attempts WHERE id = ?',
    )
    .get(attemptId)?.broken_reason ?? null;

describe('order and repetition', () => {
  test('entries sent twice are acknowledged twice and stored once', async () => {
    const entries = [examinee.opened(), ...examinee.visits(5)];
    for (let i = 0; i < 2; i += 1) {
      const answer = await post(entries);
      expect(answer.json()).toEqual({ seq: 6, hash: entries[5]?.hash });
    }
    expect(server.stored(examinee.attemptId)).toBe(6);
    expect(brokenReason(examinee.attemptId)).toBeNull();
  });

  test('what overlaps is taken from where the server stands', async () => {
    const entries = [examinee.opened(), ...examinee.visits(9)];
    await post(entries.slice(0, 6));
    const answer = await post(entries.slice(3));
    expect(answer.json()).toEqual({ seq: 10, hash: entries[9]?.hash });
    expect(server.stored(examinee.attemptId)).toBe(10);
  });

  test('a gap is refused with where the server stands, and closes again', async () => {
    const socket = await connect(server, examinee);
    const entries = [examinee.opened(), ...examinee.visits(4)];
    socket.send({ type: 'entries', entries: [entries[0], entries[3]] });
    expect(await socket.until((m) => m.type === 'ack')).toMatchObject({ seq: 1 });
    expect(await socket.until((m) => m.type === 'refused')).toMatchObject({
      problem: { code: 'conflict' },
      expectedSeq: 2,
    });
    expect(server.stored(examinee.attemptId)).toBe(1);
    socket.send({ type: 'entries', entries: entries.slice(1) });
    expect(await socket.until((m) => m.type === 'ack' && m.seq === 5)).toMatchObject({
      hash: entries[4]?.hash,
    });
    socket.close();
  });

  test('whatever the order, doubling and splitting, the same ledger comes out', async () => {
    const socket = await connect(server, examinee);
    const entries = [examinee.opened(), ...examinee.visits(30)];
    // Messages in any order and number; then, as a kiosk does, everything from where the server stands.
    const messages =
      fc.sample(
        fc.array(fc.tuple(fc.nat(entries.length - 1), fc.integer({ min: 1, max: 12 })), {
          minLength: 20,
          maxLength: 60,
        }),
        { numRuns: 1, seed: 7 },
      )[0] ?? [];
    for (const [from, count] of messages) {
      socket.send({ type: 'entries', entries: entries.slice(from, from + count) });
    }
    socket.send({ type: 'entries', entries });
    await socket.until((m) => m.type === 'ack' && m.seq === entries.length);
    const stored = await server.deps.entryLog.read(examinee.attemptId, 0);
    expect(stored).toEqual(entries);
    expect(brokenReason(examinee.attemptId)).toBeNull();
    socket.close();
  });

  test('two kiosks in the same turn do not disturb each other', async () => {
    const other = await kiosk(server, 1);
    const [mine, theirs] = [
      [examinee.opened(), ...examinee.visits(20)],
      [other.opened(), ...other.visits(10)],
    ];
    const answers = await Promise.all([
      post(mine),
      post([...theirs, ...examinee.visits(1)], other, other.token),
    ]);
    expect(answers[0]?.json()).toMatchObject({ seq: 21 });
    expect(answers[1] && codeOf(answers[1])).toBe('forbidden');
    expect(server.stored(examinee.attemptId)).toBe(21);
    expect(server.stored(other.attemptId)).toBe(11);
  });
});

describe('entries that are refused and never stored', () => {
  const sealed = (change: Partial<LedgerEntry>, by: TestKiosk, previous: LedgerEntry) =>
    seal(
      {
        attemptId: by.attemptId,
        seq: 2,
        t: 20,
        wall: server.clock.now(),
        type: 'question-visited',
        data: { questionId: 'q-1' },
        previous: previous.hash,
        ...change,
      },
      by.device.privateKey,
    );

  const cases: readonly (readonly [
    string,
    string,
    boolean,
    (first: LedgerEntry, by: TestKiosk) => unknown,
  ])[] = [
    [
      'data larger than any entry',
      'too-large',
      false,
      (first, by) => sealed({ type: 'door-opened', data: { text: 'x'.repeat(70_000) } }, by, first),
    ],
    [
      'data deeper than any entry',
      'too-large',
      false,
      (first, by) =>
        sealed(
          { type: 'door-opened', data: JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`) },
          by,
          first,
        ),
    ],
    [
      'data that does not fit',
      'bad-request',
      false,
      (first, by) => sealed({ data: { questionId: 7 } }, by, first),
    ],
    [
      'a second opening',
      'bad-request',
      false,
      (first, by) => sealed({ type: 'attempt-opened', data: first.data }, by, first),
    ],
    [
      'a link to something else',
      'chain-broken',
      true,
      (first, by) => sealed({ previous: 'a'.repeat(64) }, by, first),
    ],
    [
      'content changed after hashing',
      'chain-broken',
      true,
      (first, by) => ({ ...sealed({}, by, first), data: { questionId: 'q-2' } }),
    ],
    [
      'a hash of its own',
      'chain-broken',
      true,
      (first, by) => ({ ...sealed({}, by, first), hash: 'b'.repeat(64) }),
    ],
    [
      'another entry in a taken place',
      'chain-broken',
      true,
      (first, by) => ({ ...first, hash: sealed({}, by, first).hash }),
    ],
    [
      'a due signature left out',
      'bad-signature',
      false,
      (first, by) => {
        const { signature: _, ...bare } = sealed({ type: 'checkpoint', data: {} }, by, first);
        return bare;
      },
    ],
    ['a gap', 'conflict', false, (first, by) => sealed({ seq: 4 }, by, first)],
    [
      'an unpaired surrogate',
      'bad-request',
      false,
      (first, by) => ({
        ...sealed({ type: 'objection', data: { incidentId: 'i-1', text: 'x' } }, by, first),
        data: { incidentId: 'i-1', text: '\ud800' },
      }),
    ],
    ['a negative time', 'bad-request', false, (first, by) => ({ ...sealed({}, by, first), t: -1 })],
    [
      'a fraction as sequence',
      'bad-request',
      false,
      (first, by) => ({ ...sealed({}, by, first), seq: 1.5 }),
    ],
    [
      'no hash',
      'bad-request',
      false,
      (first, by) => ({ ...sealed({}, by, first), hash: undefined }),
    ],
    [
      'a field too many',
      'bad-request',
      false,
      (first, by) => ({ ...sealed({}, by, first), extra: true }),
    ],
  ];

  test.each(cases)('%s: %s', async (_name, code, breaks, make) => {
    const first = examinee.opened();
    await post([first]);
    const answer = await post([make(first, examinee) as LedgerEntry]);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(codeOf(answer)).toBe(code);
    expect(server.stored(examinee.attemptId)).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(brokenReason(examinee.attemptId) !== null).toBe(breaks);
    // The attempt goes on all the same.
    const next = await post([examinee.next('question-visited', { questionId: 'q-1' as never })]);
    expect(next.json()).toMatchObject({ seq: 2 });
  });

  test('the first entry must be the opening, by the device that signed in', async () => {
    const visit = examinee.visits(1);
    expect(codeOf(await post(visit))).toBe('bad-request');
    const other = await kiosk(server, 1);
    const foreign = other.opened();
    const disguised = seal({ ...foreign, attemptId: examinee.attemptId }, other.device.privateKey);
    expect(codeOf(await post([disguised]))).toBe('forbidden');
    expect(server.stored(examinee.attemptId)).toBe(0);
  });

  test.each(['deviceId', 'sessionId', 'publicKey'])(
    'an opening with another %s',
    async (member) => {
      const { hash: _h, signature: _s, ...draft } = examinee.opened();
      const data = { ...draft.data, [member]: 'A'.repeat(43) };
      const forged = seal({ ...draft, data }, examinee.device.privateKey);
      expect(codeOf(await post([forged]))).toBe('forbidden');
      expect(server.stored(examinee.attemptId)).toBe(0);
    },
  );

  test.each([
    ['no token', undefined],
    ['an unknown token', 'x'.repeat(43)],
    ['not a token at all', 'a b c'],
    ['a long one', 'x'.repeat(5_000)],
  ])('%s: unauthorised', async (_name, token) => {
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${examinee.attemptId}/entries`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      payload: { entries: [examinee.opened()] },
    });
    expect([answer.statusCode, codeOf(answer)]).toEqual([401, 'unauthorised']);
    expect(server.stored(examinee.attemptId)).toBe(0);
  });

  test("another examinee's token: forbidden", async () => {
    const other = await kiosk(server, 1);
    const answer = await post([examinee.opened()], examinee, other.token);
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'forbidden']);
    expect(server.stored(examinee.attemptId)).toBe(0);
  });
});

test('what a later version adds is kept, changes nothing and breaks nothing', async () => {
  const first = examinee.opened();
  await post([first]);
  const drafts = [
    { type: 'door-opened', data: { by: 'somebody', deep: { er: [1, { and: 'more' }] } } },
    { type: 'constructor', data: {} },
    { type: 'checkpoint', data: { dwellMs: 40 } },
    {
      type: 'observation',
      data: { kind: 'smart-glasses', phase: 'happened', t: 40, facts: {}, sure: 0.9 },
    },
  ];
  const entries: LedgerEntry[] = [first];
  for (const draft of drafts) {
    const { seq, hash: previous } = entries.at(-1) ?? first;
    const place = { attemptId: examinee.attemptId, seq: seq + 1, t: 20 + seq, wall: first.wall };
    entries.push(seal({ ...place, ...draft, previous } as never, examinee.device.privateKey));
  }
  expect((await post(entries.slice(1))).json()).toMatchObject({ seq: 5 });
  expect(server.stored(examinee.attemptId)).toBe(5);
  const cookie = await staffCookie(server, 'supervisor');
  const ask = (path: string) =>
    server.app.inject({ url: `/api/attempts/${examinee.attemptId}${path}`, headers: { cookie } });
  // Also after the audit, and by a server that reads it from its disk.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await ask('')).json()).toMatchObject({
    tile: { chain: 'ok', phase: 'device-check', copyAttempts: 0 },
    incidents: [],
  });
  const again = await server.restart();
  server = again;
  expect((await ask('')).json()).toMatchObject({ tile: { chain: 'ok' } });
  const report = await verifyBundle((await ask('/export')).json());
  expect(report).toMatchObject({
    firstBroken: null,
    unknown: { entries: 2, names: ['door-opened', 'constructor'] },
  });
});

test('a failed commit acknowledges nothing and loses nothing', async () => {
  const socket = await connect(server, examinee);
  const entries = [examinee.opened(), ...examinee.visits(3)];
  server.sqlite.exec(
    `CREATE TRIGGER full BEFORE INSERT ON entries WHEN new.seq = 3
     BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
  );
  socket.send({ type: 'entries', entries });
  const refused = await socket.until((m) => m.type === 'refused');
  expect(refused).toMatchObject({ problem: { code: 'storage-failed' }, expectedSeq: 1 });
  expect(socket.messages.filter((m: ServerToKiosk) => m.type === 'ack')).toEqual([]);
  expect(server.stored(examinee.attemptId)).toBe(0);
  server.sqlite.exec('DROP TRIGGER full');
  socket.send({ type: 'entries', entries });
  expect(await socket.until((m) => m.type === 'ack')).toMatchObject({ seq: 4 });
  socket.close();
});

test('after a restart the server stands where it stood, and the same token goes on', async () => {
  const entries = [examinee.opened(), ...examinee.visits(6)];
  await post(entries.slice(0, 4));
  server = await server.restart();
  const socket = await connect(server, examinee);
  expect(socket.messages[0]).toMatchObject({
    type: 'welcome',
    lastSeq: 4,
    lastHash: entries[3]?.hash,
  });
  socket.send({ type: 'entries', entries: entries.slice(2) });
  expect(await socket.until((m) => m.type === 'ack')).toMatchObject({ seq: 7 });
  expect(server.stored(examinee.attemptId)).toBe(7);
  socket.close();
});
