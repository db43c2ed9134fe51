import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Form } from '#shared/exam/ticket.ts';
import type { Hash } from '#shared/kernel/ids.ts';
import { MINUTE } from '#shared/kernel/time.ts';

import { canonicalText } from '#shared/ledger/canonical.ts';
import { DATABASES, databaseOf } from '#test/ledgers/stored.ts';
import {
  connect,
  kiosk,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';
import { testClock } from '#test/server/test-clock.ts';

const CORRECTED = ' (enunciado corregido)';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

/** Somebody mends every question of the exam's bank. */
const correct = (): void => {
  const { sqlite } = server;
  for (const { id, bank } of sqlite
    .prepare<[], { id: string; bank: string }>('SELECT id, bank FROM exams')
    .all()) {
    const text = JSON.parse(bank) as { questions: { stem: string }[] };
    for (const question of text.questions) question.stem += CORRECTED;
    sqlite.prepare('UPDATE exams SET bank = ? WHERE id = ?').run(JSON.stringify(text), id);
  }
};

const ask = (attemptId: string, token: string) =>
  server.app.inject({
    url: `/api/attempts/${attemptId}/form`,
    headers: { authorization: `Bearer ${token}` },
  });
const formFor = async ({ attemptId, token }: TestKiosk): Promise<Form> => {
  const answer = await ask(attemptId, token);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as Form;
};
const hashOf = (form: Form): Hash => hash('sha256', canonicalText(form), 'hex');
const corrected = ({ questions }: Form): number =>
  questions.filter(({ stem }) => stem.endsWith(CORRECTED)).length;
const chain = async (attemptId: string): Promise<unknown> => {
  const cookie = await staffCookie(server, 'coordinator');
  const answer = await server.app.inject({
    url: `/api/attempts/${attemptId}`,
    headers: { cookie },
  });
  return (answer.json() as { tile: { chain: unknown } }).tile.chain;
};
const begin = (examinee: TestKiosk, form: Form) => [
  ...examinee.begun(hashOf(form)),
  examinee.next('gate-passed', {}),
];
const send = async (examinee: TestKiosk, entries: readonly unknown[]): Promise<void> => {
  const socket = await connect(server, examinee);
  socket.send({ type: 'entries', entries });
  await socket.until((m) => m.type === 'ack');
  socket.close();
};
const audited = () => new Promise((resolve) => setTimeout(resolve, 600));

describe('a question that is corrected while an exam runs', () => {
  test('changes no form that was given out: the kiosk goes on and its chain stays whole', async () => {
    const examinee = await kiosk(server, 0);
    const form = await formFor(examinee);
    correct();
    server = await server.restart();
    expect(await formFor(examinee)).toEqual(form);
    await send(examinee, begin(examinee, form));
    await audited();
    expect(await chain(examinee.attemptId)).toBe('ok');
    // ... and once more from the disk.
    server = await server.restart();
    await send(examinee, [examinee.next('checkpoint', {})]);
    await audited();
    expect(await chain(examinee.attemptId)).toBe('ok');
    expect(await formFor(examinee)).toEqual(form);
  });

  test('is in the form of who gets one afterwards, without a restart too', async () => {
    const before = await kiosk(server, 0);
    expect(corrected(await formFor(before))).toBe(0);
    correct();
    const after = await kiosk(server, 1);
    const form = await formFor(after);
    expect(corrected(form)).toBe(form.questions.length);
    await send(after, begin(after, form));
    await audited();
    expect(await chain(after.attemptId)).toBe('ok');
    expect(corrected(await formFor(before))).toBe(0);
    const versions = server.sqlite.prepare('SELECT version FROM bank_versions ORDER BY version');
    expect(versions.pluck().all()).toEqual([1, 2]);
  });

  test('reaches who had signed in and had not asked for the questions yet', async () => {
    const examinee = await kiosk(server, 0);
    correct();
    const form = await formFor(examinee);
    expect(corrected(form)).toBe(form.questions.length);
  });

  test('and broken by it is given to nobody, while those who have theirs go on', async () => {
    const examinee = await kiosk(server, 0);
    const form = await formFor(examinee);
    server.sqlite.prepare("UPDATE exams SET bank = '{}'").run();
    const late = await kiosk(server, 1);
    expect((await ask(late.attemptId, late.token)).statusCode).toBe(500);
    expect(await formFor(examinee)).toEqual(form);
  });
});

test('a form that nobody got is not accepted', async () => {
  const examinee = await kiosk(server, 0);
  const form = await formFor(await kiosk(server, 1));
  await send(examinee, begin(examinee, form));
  await expect.poll(() => chain(examinee.attemptId)).toBe('contradicted');
});

test('a version that was altered gives out nothing', async () => {
  const examinee = await kiosk(server, 0);
  await formFor(examinee);
  server = await server.restart();
  server.sqlite.prepare("UPDATE bank_versions SET bank = replace(bank, 'a', 'o')").run();
  server.sqlite.prepare("UPDATE bank_versions SET hash = 'x'").run();
  expect((await ask(examinee.attemptId, examinee.token)).statusCode).toBe(500);
});

test('forms asked for at the same moment are one', async () => {
  const examinee = await kiosk(server, 0);
  const forms = await Promise.all(Array.from({ length: 8 }, () => formFor(examinee)));
  for (const form of forms) expect(form).toEqual(forms[0]);
});

describe.each(DATABASES)('forms that a server of %s gave out', (release) => {
  test('are as they were, although questions are corrected afterwards', async () => {
    await server.close();
    const { folder, fixture } = await databaseOf(release);
    server = await startServer({ folder, credentials: fixture, clock: testClock(fixture.at) });
    correct();
    const begun = server.sqlite
      .prepare<[], { id: string; body: string }>(
        `SELECT a.id, e.body FROM entries e JOIN attempts a ON a.no = e.attempt_no
          WHERE e.body LIKE '%"type":"exam-started"%'`,
      )
      .all();
    expect(begun.length).toBeGreaterThan(8);
    for (const { id, body } of begun) {
      const token = `of-the-test-${id}`;
      server.sqlite
        .prepare(
          `INSERT INTO examinee_tokens (token_hash, attempt_id, device_id, issued_at, expires_at)
            SELECT ?, id, device_id, ?, ? FROM attempts WHERE id = ?`,
        )
        .run(hash('sha256', token, 'hex'), fixture.at, fixture.at + MINUTE, id);
      const answer = await ask(id, token);
      expect(answer.statusCode, answer.body).toBe(200);
      const { formHash } = (JSON.parse(body) as { data: { formHash: Hash } }).data;
      expect(hashOf(answer.json() as Form), id).toBe(formHash);
    }
    // Whoever signs in now gets what is right now.
    server.clock.set(fixture.at - 30 * MINUTE);
    const examinee = await kiosk(server, 26);
    const form = await formFor(examinee);
    expect(corrected(form)).toBe(form.questions.length);
    await rm(folder, { recursive: true, force: true });
  });
});
