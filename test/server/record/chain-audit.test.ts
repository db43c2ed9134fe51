import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json, JsonObject, LedgerEntry } from '#shared/ledger/entry.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import type { Contradiction } from '#shared/wire/doubt.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { ExamineeSignInResponse } from '#shared/wire/http.ts';
import {
  connect,
  kiosk,
  newKey,
  roomSocket,
  seal,
  signIn,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';
import { enrolFace } from '#test/server/identity/enrolment-data.ts';

let server: TestServer;
let examinee: TestKiosk;
beforeEach(async () => {
  server = await startServer();
  examinee = await kiosk(server);
});
afterEach(() => server.close());

const write = async (entries: readonly LedgerEntry[]): Promise<void> => {
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/entries`,
    headers: { authorization: `Bearer ${examinee.token}` },
    payload: { entries },
  });
  expect(answer.statusCode).toBe(200);
};

/** Closing waits for the checks; what they found is in the database. */
const verdict = async (): Promise<string | null> => {
  server = await server.restart();
  return server.sqlite
    .prepare<[string], string>('SELECT broken_reason FROM attempts WHERE id = ?')
    .pluck()
    .get(examinee.attemptId) as string | null;
};

/** What the ledger says against the server, `code@entry`. */
const contradictions = async (): Promise<readonly string[]> => {
  expect(await verdict()).toBeNull();
  const text = server.sqlite
    .prepare<[string], string>('SELECT contradictions FROM attempts WHERE id = ?')
    .pluck()
    .get(examinee.attemptId);
  const found = JSON.parse(text ?? '') as readonly Contradiction[];
  return found.map(({ code, seq }) => `${code}@${seq}`);
};

const form = async () => {
  const answer = await server.app.inject({
    method: 'GET',
    url: `/api/attempts/${examinee.attemptId}/form`,
    headers: { authorization: `Bearer ${examinee.token}` },
  });
  return answer.json() as Json;
};

const started = async (
  change: Partial<FactData<'exam-started'>> = {},
): Promise<readonly LedgerEntry[]> => [
  examinee.opened(),
  examinee.next('exam-started', {
    durationMs: 60 * MINUTE,
    shiftEndsT: 68 * MINUTE,
    formHash: hash('sha256', canonicalText(await form()), 'hex'),
    ...change,
  }),
  examinee.next('gate-passed', {}),
];

/** So many harmless entries in which something can be changed. */
const seen = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    examinee.next('observation', {
      kind: 'connectivity-lost',
      phase: 'happened',
      t: 0,
      facts: { place: `q-${i}` },
    }),
  );

const pasted = (t: number) =>
  examinee.next('observation', { kind: 'clipboard', phase: 'happened', t, facts: {} }, t);

describe('what holds', () => {
  test('an honest beginning', async () => {
    const formHash = hash('sha256', canonicalText(await form()), 'hex');
    await write([
      ...examinee.begun(formHash),
      examinee.next('gate-passed', {}),
      examinee.next('checkpoint', {}),
      examinee.next('checkpoint', {}),
    ]);
    expect(await contradictions()).toEqual([]);
    const verified = server.sqlite
      .prepare<[string], number>('SELECT verified_seq FROM attempts WHERE id = ?')
      .pluck()
      .get(examinee.attemptId);
    expect(verified).toBe(8);
  });

  test('an order that was given and applied', async () => {
    const socket = await connect(server, examinee);
    await write(await started());
    await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${examinee.attemptId}/commands`,
      headers: { cookie: await staffCookie(server, 'proctor') },
      payload: { key: 'order-of-the-test', command: { type: 'pause', reason: 'corte de luz' } },
    });
    const command = await socket.until((m) => m.type === 'command');
    if (command.type !== 'command') throw new Error('unreachable');
    await write([examinee.next('command-applied', { issued: command.issued, outcome: 'applied' })]);
    socket.close();
    expect(await verdict()).toBeNull();
  });
});

describe('what was given out stays given out', () => {
  /** Staff make the exam another one: its policy, its duration, how identity is checked. */
  const changeExam = (): void => {
    const policy = JSON.stringify({ ...examinee.ticket.policy, copyAttemptLimit: 9 });
    server.sqlite.prepare('UPDATE exams SET policy = ?, duration_ms = 1800000').run(policy);
    server.sqlite.prepare("UPDATE sessions SET identity_check = 'face', challenge = 1").run();
  };

  test('an exam that was changed after the sign-in contradicts nobody', async () => {
    changeExam();
    server = await server.restart();
    await write(await started());
    expect(await verdict()).toBeNull();
  });

  test('what was never given out does, also when the exam says it now', async () => {
    changeExam();
    const { hash: _h, signature: _s, ...draft } = examinee.opened();
    const data = {
      ...(draft.data as unknown as FactData<'attempt-opened'>),
      policy: { ...examinee.ticket.policy, copyAttemptLimit: 9 },
    } as unknown as JsonObject;
    await write([seal({ ...draft, data }, examinee.device.privateKey)]);
    expect(await contradictions()).toContain('policy@1');
  });

  test('a second sign-in gives out the new terms, and the old ones still count', async () => {
    changeExam();
    const first = examinee;
    const [person] = server.credentials.examinees;
    if (person === undefined) throw new Error('no examinee');
    const answer = await signIn(server, examinee.device, person);
    const { ticket } = answer.json() as ExamineeSignInResponse;
    expect(ticket).toMatchObject({
      policy: { copyAttemptLimit: 9 },
      exam: { durationMs: 1_800_000 },
      identity: { check: 'face' },
    });
    await write([first.opened()]);
    expect(await verdict()).toBeNull();
  });

  test('where a server of before kept nothing, the exam as it stands', async () => {
    server.sqlite.exec('DELETE FROM given_terms');
    await write(await started());
    expect(await verdict()).toBeNull();
  });
});

describe('what is stored but marks the attempt', () => {
  test("a signature by another key than the device's", async () => {
    const honest = examinee.opened();
    const { hash: _h, signature: _s, ...draft } = honest;
    await write([seal(draft, newKey().privateKey)]);
    expect(await verdict()).toBe('signature-wrong 1');
    expect(server.stored(examinee.attemptId)).toBe(1);
  });

  test('a policy of its own', async () => {
    const honest = examinee.opened();
    const { hash: _h, signature: _s, ...draft } = honest;
    const data = {
      ...(honest.data as unknown as FactData<'attempt-opened'>),
      policy: { ...examinee.ticket.policy, copyAttemptLimit: 9 },
    } as unknown as JsonObject;
    await write([seal({ ...draft, data }, examinee.device.privateKey)]);
    expect(await contradictions()).toEqual(['policy@1']);
  });

  test.each([
    ['by hand, without saying so', undefined],
    ['by hand', { check: 'by-hand', enrolled: false, challenge: false }],
    ['without the turns', { check: 'face', enrolled: false, challenge: false }],
  ] as const)('identity checked %s where it is by face', async (_name, identity) => {
    server.sqlite.prepare("UPDATE sessions SET identity_check = 'face', challenge = 1").run();
    examinee = await kiosk(server, 1);
    expect(examinee.ticket.identity).toEqual({ check: 'face', enrolled: false, challenge: true });
    const { hash: _h, signature: _s, ...draft } = examinee.opened();
    const { identity: _given, ...rest } = draft.data as unknown as FactData<'attempt-opened'>;
    const data = (identity === undefined ? rest : { ...rest, identity }) as unknown as JsonObject;
    await write([seal({ ...draft, data }, examinee.device.privateKey)]);
    expect(await contradictions()).toEqual(['identity-settings@1']);
  });

  test('somebody who enrolled meanwhile tells the truth', async () => {
    server.sqlite.prepare("UPDATE sessions SET identity_check = 'face', challenge = 1").run();
    examinee = await kiosk(server, 1);
    await enrolFace(server, 1);
    await write([examinee.opened()]);
    expect(await verdict()).toBeNull();
  });

  test('more time than it was given', async () => {
    await write(await started({ durationMs: 90 * MINUTE }));
    expect(await contradictions()).toEqual(['steps@2', 'duration@2']);
  });

  test('other questions than it was given', async () => {
    await write(await started({ formHash: 'c'.repeat(64) }));
    expect(await contradictions()).toEqual(['steps@2', 'form@2']);
  });

  test('an order that nobody gave', async () => {
    const issued = {
      id: 'command-x',
      attemptId: examinee.attemptId,
      issuedAt: 1,
      issuedBy: { id: 'staff-1', name: 'Lorena', role: 'proctor' },
      command: { type: 'dismiss', incidentId: 'clipboard:1', reason: 'no fue nada' },
    } as unknown as IssuedCommand;
    await write([
      examinee.opened(),
      examinee.next('command-applied', { issued, outcome: 'applied' }),
    ]);
    expect(await contradictions()).toEqual(['order@2']);
  });

  test('an act without its incident: the rules are run again', async () => {
    await write([...(await started()), pasted(1_000), pasted(60_000)]);
    expect(await verdict()).toBe('incident-missing 5');
  });

  test('an incident that nothing was seen of', async () => {
    await write([
      ...(await started()),
      examinee.next('copy-attempt', {
        incidentId: 'clipboard:5' as FactData<'copy-attempt'>['incidentId'],
        episodeId: 'episode:5' as FactData<'copy-attempt'>['episodeId'],
        number: 1,
      }),
    ]);
    expect(await verdict()).toBe('incident-unfounded 4');
  });

  test('exam time that runs backwards', async () => {
    await write([examinee.opened(), examinee.next('checkpoint', {}, 5_000)]);
    await write([examinee.next('checkpoint', {}, 4_000)]);
    expect(await verdict()).toBe('time 3');
  });
});

test('what was committed but not checked before a crash is checked after it', async () => {
  const honest = examinee.opened();
  const { hash: _h, signature: _s, ...draft } = honest;
  await write([seal(draft, newKey().privateKey)]);
  await verdict();
  // As if the server had died between the commit and the check.
  server.sqlite.exec('UPDATE attempts SET verified_seq = 0, broken_reason = NULL');
  server = await server.restart();
  expect(await verdict()).toBe('signature-wrong 1');
});

describe('a hand in the database', () => {
  const chainOnTile = async (): Promise<string | undefined> => {
    const { room, sessionId } = examinee.ticket;
    const dashboard = await roomSocket(server, await staffCookie(server, 'proctor'), {
      roomId: room.id,
      sessionId,
    });
    const snapshot = await dashboard.until((m) => m.type === 'snapshot');
    dashboard.close();
    if (snapshot.type !== 'snapshot') throw new Error('unreachable');
    return snapshot.tiles.find(({ attemptId }) => attemptId === examinee.attemptId)?.chain;
  };

  test.each([
    ['nothing', 'SELECT 1', 'ok'],
    [
      'an answer changed',
      `UPDATE entries SET body = replace(body, 'q-2', 'q-9') WHERE seq = 4`,
      'broken',
    ],
    ['an entry removed', 'DELETE FROM entries WHERE seq = 3', 'broken'],
    ['the end removed', 'DELETE FROM entries WHERE seq >= 5', 'broken'],
  ])('%s', async (_name, sql, chain) => {
    await write([examinee.opened(), ...seen(5)]);
    await verdict();
    server.sqlite.exec(sql);
    server = await server.restart();
    // Hashed again behind the rooms: a changed entry shows a moment later.
    await expect.poll(chainOnTile, { timeout: 30_000 }).toBe(chain);
  });

  test('the end removed, and how far it was checked: what was kept of the ledger knows better', async () => {
    await write([examinee.opened(), ...seen(80)]);
    await verdict();
    // Stopping keeps what was made of it.
    server = await server.restart();
    server.sqlite.exec(
      'DELETE FROM entries WHERE seq >= 30; UPDATE attempts SET verified_seq = 29',
    );
    server = await server.restart();
    expect(await chainOnTile()).toBe('broken');
    const answer = await server.app.inject({
      url: `/api/attempts/${examinee.attemptId}`,
      headers: { cookie: await staffCookie(server, 'proctor') },
    });
    expect((answer.json() as AttemptDetail).doubts.broken).toEqual({
      code: 'stored-missing',
      seq: 30,
    });
  });
});
