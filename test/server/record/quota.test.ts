import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Presence } from '#server/record/live-attempt.ts';
import { attemptPace } from '#server/record/pace.ts';
import { overQuota, QUOTA } from '#server/record/quota.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import {
  kiosk,
  roomSocket,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const post = (of: TestKiosk, entries: readonly LedgerEntry[]) =>
  server.app.inject({
    method: 'POST',
    url: `/api/attempts/${of.attemptId}/entries`,
    headers: { authorization: `Bearer ${of.token}` },
    payload: { entries },
  });

const stored = ({ attemptId }: TestKiosk) =>
  server.sqlite
    .prepare<[string], { entries: number; bytes: number }>(
      `SELECT count(*) AS entries, sum(length(body)) AS bytes FROM entries
       WHERE attempt_no = (SELECT no FROM attempts WHERE id = ?)`,
    )
    .get(attemptId) ?? { entries: 0, bytes: 0 };

const incident = (of: TestKiosk, n: number, facts = {}): LedgerEntry =>
  of.next('incident-opened', {
    incident: {
      id: `i-${n}`,
      kind: 'focus-lost',
      startedT: n,
      openedT: n,
      counted: false,
      episodeId: `e-${n}`,
      facts,
    } as unknown as FactData<'incident-opened'>['incident'],
    evidence: [],
  });

describe('a quota', () => {
  test.each([
    ['entries', { seq: QUOTA.entries + 1 }, 0],
    ['bytes', {}, QUOTA.bytes + 1],
    ['unknown', { unknown: { entries: QUOTA.unknown + 1, names: [] } }, 0],
    ['incidents', { incidents: Array.from({ length: QUOTA.incidents + 1 }) }, 0],
    ['checks', { roomScans: Array.from({ length: QUOTA.checks + 1 }) }, 0],
    [
      'questions',
      {
        answers: Object.fromEntries(
          Array.from({ length: QUOTA.questions + 1 }, (_, i) => [`q${i}`, []]),
        ),
      },
      0,
    ],
  ] as const)('of %s is reached by one more than it', (full, change, bytes) => {
    const after = { ...EMPTY_ATTEMPT, ...change } as typeof EMPTY_ATTEMPT;
    expect(overQuota(EMPTY_ATTEMPT, after, bytes)).toBe(full);
    expect(overQuota(EMPTY_ATTEMPT, EMPTY_ATTEMPT, QUOTA.bytes)).toBe(null);
  });

  test('refuses what no exam has, keeps what came before, and tells the room why', async () => {
    const one = await kiosk(server, 0);
    const room = await roomSocket(server, await staffCookie(server, 'coordinator'), {
      roomId: one.ticket.room.id,
      sessionId: one.ticket.sessionId,
    });
    expect((await post(one, [one.opened()])).statusCode).toBe(200);
    for (let n = 0; n < QUOTA.incidents; n += 200) {
      const some = Array.from({ length: 200 }, (_, i) => incident(one, n + i));
      expect((await post(one, some)).statusCode).toBe(200);
    }
    const refused = await post(one, [incident(one, QUOTA.incidents)]);
    expect(refused.statusCode).toBe(413);
    expect(refused.json()).toMatchObject({
      problem: { code: 'too-large', detail: 'the attempt is full: incidents' },
    });
    // None of them has a reason: on a busy machine the audit has found that by now, which weighs more.
    await room.until(
      (m) =>
        'tiles' in m &&
        m.tiles.some(
          ({ attemptId, chain }) =>
            attemptId === one.attemptId && (chain === 'full' || chain === 'broken'),
        ),
    );
    expect(stored(one)).toMatchObject({ entries: QUOTA.incidents + 1 });
    room.close();
    // What it sent in vain is nowhere: only the mark says that there was more, also after a restart.
    const mark = () =>
      server.sqlite.prepare('SELECT full_of FROM attempts WHERE id = ?').pluck().get(one.attemptId);
    await expect.poll(mark, { timeout: 30_000 }).toBe('incidents');
  }, 60_000);
});

test('who sends a lot at once does not keep a neighbour waiting, and all of it is stored', async () => {
  const [hog, other] = [await kiosk(server, 2), await kiosk(server, 3)];
  await post(hog, [hog.opened()]);
  await post(other, [other.opened()]);
  const ended: string[] = [];
  const many = Array.from({ length: 10 }, () => hog.visits(200)).map((entries) =>
    post(hog, entries).then((answer) => {
      expect((answer.json() as { seq: number }).seq).toBeGreaterThanOrEqual(
        entries.at(-1)?.seq ?? Number.POSITIVE_INFINITY,
      );
      ended.push('hog');
    }),
  );
  const few = post(other, other.visits(1)).then(() => ended.push('other'));
  await Promise.all([...many, few]);
  expect(ended.indexOf('other')).toBeLessThanOrEqual(1);
  expect(stored(hog).entries).toBe(2_001);
});

test('the pace of an attempt: a burst at once, then what its rate gives', () => {
  let now = 0;
  const pace = attemptPace(() => now);
  const attempt = {} as Presence;
  const MiB = 1024 * 1024;
  expect(pace.take(attempt, 2 * MiB)).toBe(0);
  expect(pace.take(attempt, MiB)).toBe(8_000);
  expect(pace.take({} as Presence, MiB)).toBe(0);
  now = 4_000;
  expect(pace.waitMs(attempt)).toBe(4_000);
  now = 8_000;
  expect(pace.waitMs(attempt)).toBe(0);
  now = 1e9;
  expect(pace.take(attempt, 2 * MiB)).toBe(0);
  expect(pace.take(attempt, 1)).toBeGreaterThan(0);
});

test('a room opens at once whatever a kiosk wrote: its incidents come in pieces', async () => {
  await server.close();
  server = await startServer();
  const one = await kiosk(server, 0);
  expect((await post(one, [one.opened()])).statusCode).toBe(200);
  const long = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, 'x'.repeat(200)]));
  const COUNT = 100;
  for (let n = 0; n < COUNT; n += 20) {
    const some = Array.from({ length: 20 }, (_, i) => incident(one, n + i, long));
    expect((await post(one, some)).statusCode).toBe(200);
  }
  const room = await roomSocket(server, await staffCookie(server, 'coordinator'), {
    roomId: one.ticket.room.id,
    sessionId: one.ticket.sessionId,
  });
  const mine = () =>
    room.messages
      .flatMap((m) => ('incidents' in m ? m.incidents : []))
      .filter(({ attemptId }) => attemptId === one.attemptId);
  await room.until(() => mine().length === COUNT);
  expect(room.messages[0]?.type).toBe('snapshot');
  expect(room.messages.length).toBeGreaterThan(8);
  for (const message of room.messages) {
    expect(JSON.stringify(message).length).toBeLessThan(300_000);
  }
  expect(new Set(mine().map(({ id }) => id)).size).toBe(COUNT);
  room.close();
});
