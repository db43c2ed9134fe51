import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { certifier, subjectOf, verifyCertificate } from '#server/privacy/certificates.ts';
import type { PrivacyStore } from '#server/privacy/ports.ts';
import type { StillFiles } from '#server/record/ports.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type {
  DeletionCertificate,
  KeptAttempts,
  KeptData,
  Retention,
} from '#shared/wire/enrolment.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { Role } from '#shared/wire/roles.ts';
import {
  connect,
  kiosk,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';
import {
  enrolFace,
  enrolmentToken,
  jpegOf,
  outcome,
} from '#test/server/identity/enrolment-data.ts';
import { NOW } from '#test/server/test-clock.ts';

const DAY = 24 * 60 * MINUTE;
const REASON = 'plazo cumplido';

let server: TestServer;
/** How many sweeps began. */
let swept = 0;
beforeEach(async () => {
  // Far more often than each hour: the timer of the real thing, with a clock that the test moves.
  server = await startServer({ deps: { retentionSweepMs: 20 } });
  const privacy = server.deps.privacy as { -readonly [K in keyof PrivacyStore]: PrivacyStore[K] };
  const { enrolled } = privacy;
  privacy.enrolled = () => {
    swept += 1;
    return enrolled();
  };
});
afterEach(() => server.close());

const ask = async (role: Role, method: 'GET' | 'POST', url: string, payload?: object) =>
  server.app.inject({
    method,
    url,
    headers: { cookie: await staffCookie(server, role) },
    ...(payload === undefined ? {} : { payload }),
  });
const rows = (sql: string, ...values: unknown[]): unknown[] =>
  server.sqlite.prepare(sql).all(...values);
const one = (sql: string): unknown => server.sqlite.prepare(sql).pluck().get();
const examId = (): string => one('SELECT id FROM exams') as string;
const lastShift = (): number => one('SELECT max(ends_at) FROM sessions') as number;
const setClock = (claimsClosedAt: number | null, retentionDays = 180) =>
  ask('coordinator', 'POST', `/api/retention/${encodeURIComponent(examId())}`, {
    claimsClosedAt,
    retentionDays,
    reason: REASON,
  });
const hold = (attemptId: string, held: boolean) =>
  ask('coordinator', 'POST', `/api/attempts/${attemptId}/hold`, { held, reason: REASON });
const list = async (): Promise<Retention> =>
  (await ask('coordinator', 'GET', '/api/retention')).json() as Retention;
const files = (): readonly string[] => {
  const folder = join(server.folder, 'stills');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.jpg'))
    .map((name) => name.slice(3, 67))
    .sort();
};
const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('hex');
/** A whole sweep has run since: what has not happened now does not happen. */
const sweeps = async (): Promise<void> => {
  const before = swept;
  // The first may have begun before.
  await expect.poll(() => swept).toBeGreaterThan(before + 2);
};

const upload = (examinee: TestKiosk, body: Buffer) =>
  server.app.inject({
    method: 'PUT',
    url: `/api/attempts/${examinee.attemptId}/evidence/${sha256(body)}`,
    headers: { authorization: `Bearer ${examinee.token}`, 'content-type': 'image/jpeg' },
    payload: body,
  });
/** An examinee with an enrolment and one still, whose ledger is opened. */
const sat = async (index: number, still: Buffer): Promise<TestKiosk> => {
  await enrolFace(server, index);
  const examinee = await kiosk(server, index);
  await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/entries`,
    headers: { authorization: `Bearer ${examinee.token}` },
    payload: { entries: [examinee.opened()] },
  });
  await upload(examinee, still);
  return examinee;
};
const object = async (examinee: TestKiosk): Promise<void> => {
  const incident = {
    id: 'clipboard:1',
    kind: 'clipboard',
    startedT: 10,
    openedT: 10,
    counted: true,
    episodeId: 'episode:1',
    facts: {},
  } as unknown as FactData<'incident-opened'>['incident'];
  const socket = await connect(server, examinee);
  socket.send({
    type: 'entries',
    entries: [
      examinee.next('incident-opened', { incident, evidence: [] }),
      examinee.next('objection', { incidentId: incident.id, text: 'No fui yo' }),
    ],
  });
  await socket.until((m) => m.type === 'ack' && m.seq === 3);
  socket.close();
};

describe('the clock', () => {
  test('is a coordinator’s business', async () => {
    const { attemptId } = await kiosk(server, 0);
    for (const role of ['proctor', 'supervisor', 'lab-technician', 'authority'] as const) {
      const answers = [
        await ask(role, 'GET', '/api/retention'),
        await ask(role, 'GET', `/api/retention/${examId()}/attempts`),
        await ask(role, 'POST', `/api/retention/${examId()}`, {
          claimsClosedAt: null,
          retentionDays: 1,
          reason: REASON,
        }),
        await ask(role, 'POST', `/api/attempts/${attemptId}/hold`, { held: true, reason: REASON }),
        await ask(role, 'GET', '/api/certificates/certificate-1'),
      ];
      expect(
        answers.map(({ statusCode }) => statusCode),
        role,
      ).toEqual([403, 403, 403, 403, 403]);
    }
    expect(rows('SELECT * FROM holds')).toEqual([]);
  });

  test('stands until the claims close, and then says when', async () => {
    await sat(0, jpegOf('still'));
    expect((await list()).processes).toEqual([
      {
        examId: examId(),
        title: expect.any(String),
        retentionDays: 180,
        claimsClosedAt: null,
        deletesAt: null,
        held: 0,
        pictures: 1,
        deletedAt: null,
      },
    ]);
    const closed = lastShift() + 5 * DAY;
    expect((await setClock(closed, 30)).json()).toEqual({});
    expect((await list()).processes[0]).toMatchObject({
      retentionDays: 30,
      claimsClosedAt: closed,
      deletesAt: closed + 30 * DAY,
    });
    expect(rows("SELECT actor, subject, detail FROM audit WHERE action = 'retention-set'")).toEqual(
      [
        {
          actor: 'staff-4',
          subject: examId(),
          detail: JSON.stringify({ claimsClosedAt: closed, retentionDays: 30, reason: REASON }),
        },
      ],
    );
  });

  test.each<[string, () => object, string]>([
    ['before the last shift ends', () => ({ claimsClosedAt: lastShift() - 1 }), 'conflict'],
    ['in no days', () => ({ retentionDays: 0 }), 'bad-request'],
    ['in ten years and a day', () => ({ retentionDays: 3_651 }), 'bad-request'],
    ['without a reason', () => ({ reason: undefined }), 'bad-request'],
    ['with a word for a reason', () => ({ reason: 'ok' }), 'bad-request'],
  ])('is not set %s', async (_name, change, expected) => {
    const answer = await ask('coordinator', 'POST', `/api/retention/${examId()}`, {
      claimsClosedAt: lastShift(),
      retentionDays: 180,
      reason: REASON,
      ...change(),
    });
    expect(outcome(answer)).toBe(expected);
    expect((await list()).processes[0]?.claimsClosedAt).toBeNull();
  });

  test('of no process', async () => {
    const payload = { claimsClosedAt: null, retentionDays: 1, reason: REASON };
    expect(outcome(await ask('coordinator', 'POST', '/api/retention/none', payload))).toBe(
      'not-found',
    );
    expect(outcome(await ask('coordinator', 'GET', '/api/retention/none/attempts'))).toBe(
      'not-found',
    );
  });
});

describe('the sweep', () => {
  const first = jpegOf('first');
  const second = jpegOf('second');

  test('deletes nothing while claims are open, nor before the time is over', async () => {
    await sat(0, first);
    server.clock.set(lastShift() + 4_000 * DAY);
    await sweeps();
    expect(files()).toEqual([sha256(first)]);
    const closed = server.clock.now();
    await setClock(closed, 10);
    server.clock.set(closed + 10 * DAY - 1);
    await sweeps();
    expect([files(), one('SELECT count(*) FROM enrolments')]).toEqual([[sha256(first)], 1]);
    server.clock.advance(1);
    await expect.poll(files).toEqual([]);
    await expect.poll(() => one('SELECT count(*) FROM enrolments')).toBe(0);
  });

  test('claims that close in the future are open', async () => {
    await sat(0, first);
    const closes = lastShift() + 30 * DAY;
    await setClock(closes, 1);
    server.clock.set(closes + DAY - 1);
    await sweeps();
    expect(files()).toHaveLength(1);
  });

  test('deletes pictures, templates and files, keeps the ledger, and proves it', async () => {
    const examinee = await sat(0, first);
    const other = await sat(1, second);
    await setClock(lastShift(), 1);
    server.clock.set(lastShift() + DAY);
    await expect.poll(async () => (await list()).processes[0]?.deletedAt).not.toBeNull();
    expect(files()).toEqual([]);
    expect([one('SELECT count(*) FROM stills'), one('SELECT count(*) FROM enrolments')]).toEqual([
      0, 0,
    ]);
    expect([server.stored(examinee.attemptId), server.stored(other.attemptId)]).toEqual([1, 1]);

    const { certificates, processes } = await list();
    expect(processes[0]).toMatchObject({ pictures: 0, deletedAt: server.clock.now() });
    expect(certificates).toHaveLength(2);
    const all = await Promise.all(
      certificates.map(
        async ({ id }) =>
          (
            await ask('coordinator', 'GET', `/api/certificates/${id}`)
          ).json() as DeletionCertificate,
      ),
    );
    const mine = all.find(({ subject }) => subject === subjectOf('examinee-1' as never));
    expect(mine).toMatchObject({ format: 'atalaya-deletion-1', reason: 'retention-over' });
    expect(mine?.items).toEqual([
      { what: 'template', attemptId: null, hash: null, bytes: expect.any(Number) },
      { what: 'portrait', attemptId: null, hash: sha256(jpegOf('portrait 1')), bytes: 4_000 },
      { what: 'document', attemptId: null, hash: sha256(jpegOf('document 1')), bytes: 4_000 },
      { what: 'still', attemptId: examinee.attemptId, hash: sha256(first), bytes: 4_000 },
    ]);
    const { publicKey } = certifier(server.deps.certificateSeed);
    for (const certificate of all) expect(verifyCertificate(certificate, publicKey)).toBe(true);
    // It says nothing of who it was.
    expect(JSON.stringify(all)).not.toContain('examinee-1');
    expect(
      rows("SELECT actor, subject FROM audit WHERE action = 'data-deleted' ORDER BY subject"),
    ).toEqual([
      { actor: 'server', subject: 'examinee-1' },
      { actor: 'server', subject: 'examinee-2' },
    ]);

    const cookie = await staffCookie(server, 'proctor');
    for (const url of [`evidence/${sha256(first)}`, 'identity/portrait']) {
      const answer = await server.app.inject({
        method: 'GET',
        url: `/api/attempts/${examinee.attemptId}/${url}`,
        headers: { cookie },
      });
      expect(outcome(answer)).toBe('not-found');
    }
    // The bundle says why the picture is not in it.
    const bundle = await ask('coordinator', 'GET', `/api/attempts/${examinee.attemptId}/export`);
    expect(bundle.json()).toMatchObject({ evidence: {}, deletions: [mine] });
    // Nothing of it is left in the files of the database either.
    await server.app.close();
    for (const name of readdirSync(server.folder)) {
      if (!name.startsWith('atalaya.sqlite')) continue;
      expect(readFileSync(join(server.folder, name)).includes(first.subarray(4, 40))).toBe(false);
    }
  });

  test('what comes afterwards goes with the next sweep', async () => {
    const examinee = await sat(0, first);
    await setClock(lastShift(), 1);
    server.clock.set(lastShift() + DAY);
    await expect.poll(files).toEqual([]);
    expect((await upload(examinee, second)).statusCode).toBe(200);
    await expect.poll(() => one('SELECT count(*) FROM stills')).toBe(0);
    expect(files()).toEqual([]);
    await expect.poll(async () => (await list()).certificates).toHaveLength(2);
  });

  test('holds what is held, the enrolment too, until it is let go', async () => {
    const held = await sat(0, first);
    await sat(1, second);
    expect((await hold(held.attemptId, true)).json()).toEqual({});
    await setClock(lastShift(), 1);
    server.clock.set(lastShift() + 400 * DAY);
    await expect.poll(files).toEqual([sha256(first)]);
    await sweeps();
    expect(rows('SELECT examinee_id FROM enrolments')).toEqual([{ examinee_id: 'examinee-1' }]);
    expect((await list()).processes[0]).toMatchObject({ held: 1, pictures: 1, deletedAt: null });
    const kept = (await ask('coordinator', 'GET', `/api/retention/${examId()}/attempts`)).json();
    expect((kept as KeptAttempts).attempts).toMatchObject([
      { attemptId: held.attemptId, pictures: 1, held: true },
    ]);
    await hold(held.attemptId, false);
    await expect.poll(files).toEqual([]);
    await expect.poll(() => one('SELECT count(*) FROM enrolments')).toBe(0);
    expect(
      rows("SELECT action, subject FROM audit WHERE action IN ('attempt-held', 'attempt-let-go')"),
    ).toEqual([
      { action: 'attempt-held', subject: held.attemptId },
      { action: 'attempt-let-go', subject: held.attemptId },
    ]);
  });

  test('a file that somebody else’s held attempt shares stays', async () => {
    const held = await sat(0, first);
    const other = await sat(1, first);
    expect(files()).toEqual([sha256(first)]);
    await hold(held.attemptId, true);
    await setClock(lastShift(), 1);
    server.clock.set(lastShift() + DAY);
    await expect
      .poll(() => rows('SELECT attempt_id FROM stills'))
      .toEqual([{ attempt_id: held.attemptId }]);
    expect(files()).toEqual([sha256(first)]);
    expect(other.attemptId).not.toBe(held.attemptId);
    await hold(held.attemptId, false);
    await expect.poll(files).toEqual([]);
  });

  test('an enrolment that another process needs stays', async () => {
    await sat(0, first);
    const copy = (table: string, change: string) =>
      server.sqlite.exec(`CREATE TEMP TABLE copy AS SELECT * FROM ${table} LIMIT 1;
        UPDATE copy SET ${change}; INSERT INTO ${table} SELECT * FROM copy; DROP TABLE copy;`);
    copy('exams', "id = 'exam-2'");
    copy('sessions', "id = 'session-2', exam_id = 'exam-2', starts_at = 1, ends_at = 2");
    server.sqlite.exec(`INSERT INTO attempts (id, session_id, examinee_id, seat, extra_ms, verified_seq)
      VALUES ('attempt-2', 'session-2', 'examinee-1', 'A1', 0, 0)`);
    await ask('coordinator', 'POST', `/api/retention/${examId()}`, {
      claimsClosedAt: lastShift(),
      retentionDays: 1,
      reason: REASON,
    });
    server.sqlite
      .prepare("UPDATE exams SET claims_closed_at = ?, retention_days = 1 WHERE id <> 'exam-2'")
      .run(lastShift());
    server.sqlite.prepare("UPDATE exams SET claims_closed_at = NULL WHERE id = 'exam-2'").run();
    server.clock.set(lastShift() + DAY);
    await expect.poll(files).toEqual([]);
    await sweeps();
    expect(one('SELECT count(*) FROM enrolments')).toBe(1);
    server.sqlite.prepare("UPDATE exams SET claims_closed_at = 3 WHERE id = 'exam-2'").run();
    await expect.poll(() => one('SELECT count(*) FROM enrolments')).toBe(0);
  });

  test('somebody who sits nothing is kept for 180 days', async () => {
    await enrolFace(server, 0);
    server.sqlite.exec("DELETE FROM attempts WHERE examinee_id = 'examinee-1'");
    server.clock.advance(180 * DAY - 1);
    await sweeps();
    expect(one('SELECT count(*) FROM enrolments')).toBe(1);
    server.clock.advance(1);
    await expect.poll(() => one('SELECT count(*) FROM enrolments')).toBe(0);
  });

  test('a clock that was set ahead deletes nothing, also after a restart, until the kiosks say the same', async () => {
    await sat(0, first);
    const kiosks = [await kiosk(server, 1), await kiosk(server, 2)];
    await setClock(lastShift(), 1);
    server.clock.jump(lastShift() + DAY - server.clock.now());
    await sweeps();
    expect(files()).toHaveLength(1);
    const wait = { serverTime: server.clock.now(), certainTime: expect.any(Number) };
    expect((await list()).clockWaits).toEqual(wait);
    const health = () => server.app.inject({ url: '/api/health/clock' });
    expect((await health()).json()).toEqual({ waits: wait });
    server = await server.restart();
    const says = async (who: TestKiosk, sentAt: number) => {
      const socket = await connect(server, who);
      const live = { latencyMs: null, battery: null, charging: null, pending: 0 };
      socket.send({ type: 'heartbeat', sentAt, live });
      await socket.until((m) => m.type === 'heartbeat-ack');
      socket.close();
    };
    for (const one of kiosks) await says(one, NOW);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(files()).toHaveLength(1);
    for (const one of kiosks) await says(one, server.clock.now());
    await expect.poll(files).toEqual([]);
    expect((await list()).clockWaits).toBeNull();
    expect((await health()).json()).toEqual({ waits: null });
  });

  test('runs at the start too, not only each hour', async () => {
    await sat(0, first);
    await setClock(lastShift(), 1);
    server.clock.set(lastShift() + DAY - 1);
    await server.app.close();
    server.clock.advance(1);
    const { folder, credentials, clock } = server;
    const deps = { systemSynced: async () => true };
    server = await startServer({ folder, credentials, clock, deps });
    await expect.poll(files).toEqual([]);
    await expect.poll(() => one('SELECT count(*) FROM enrolments')).toBe(0);
  });

  test('a file that cannot be deleted keeps nobody else waiting, and is tried again', async () => {
    await sat(0, first);
    await sat(1, second);
    const stills = server.deps.stills as { -readonly [K in keyof StillFiles]: StillFiles[K] };
    const { remove } = stills;
    let broken = true;
    stills.remove = async (hash, mime) => {
      if (broken && hash === sha256(first)) throw new Error('EBUSY');
      await remove(hash, mime);
    };
    await setClock(lastShift(), 1);
    server.clock.set(lastShift() + DAY);
    await expect.poll(files).toEqual([sha256(first)]);
    await sweeps();
    // Not deleted, not certified, still on the list.
    const { certificates, processes } = await list();
    expect([certificates.length, processes[0]?.pictures, processes[0]?.deletedAt]).toEqual([
      1,
      1,
      null,
    ]);
    broken = false;
    await expect.poll(files).toEqual([]);
    await expect.poll(async () => (await list()).certificates).toHaveLength(2);
  });
});

describe('what is contested', () => {
  test('is not deleted in the hour in which somebody declares the claims closed', async () => {
    const examinee = await sat(0, jpegOf('contested'));
    await object(examinee);
    server.clock.set(lastShift() + 400 * DAY);
    expect(outcome(await setClock(lastShift(), 180))).toBe('not-in-this-stage');
    expect((await list()).processes[0]?.claimsClosedAt).toBeNull();
    // Kept longer, or held, it may be.
    expect((await setClock(lastShift(), 500)).statusCode).toBe(200);
    await setClock(null, 180);
    await hold(examinee.attemptId, true);
    expect((await setClock(lastShift(), 180)).statusCode).toBe(200);
    await sweeps();
    expect(files()).toHaveLength(1);
  });

  test.each(['contested', 'held'])('%s: the enrolment cannot be deleted early', async (how) => {
    const examinee = await sat(0, jpegOf('contested'));
    if (how === 'held') await hold(examinee.attemptId, true);
    else await object(examinee);
    const ordered = await ask('coordinator', 'POST', '/api/enrolments/examinee-1/delete', {
      reason: REASON,
    });
    const headers = await enrolmentToken(server, 0);
    const withdrawn = await server.app.inject({
      method: 'POST',
      url: '/api/enrolment/me/delete',
      headers,
    });
    expect([outcome(ordered), outcome(withdrawn)]).toEqual([
      'not-in-this-stage',
      'not-in-this-stage',
    ]);
    expect(one('SELECT count(*) FROM enrolments')).toBe(1);
    // When the claims are closed, it can; what is held stays.
    server.clock.set(lastShift() + DAY);
    await setClock(lastShift(), 180);
    const later = await ask('coordinator', 'POST', '/api/enrolments/examinee-1/delete', {
      reason: REASON,
    });
    expect(outcome(later)).toBe(how === 'held' ? 'not-in-this-stage' : 200);
  });
});

describe('one’s own data', () => {
  const mine = async (index: number, path: string, method: 'GET' | 'POST' = 'GET') =>
    server.app.inject({
      method,
      url: `/api/enrolment/me/${path}`,
      headers: await enrolmentToken(server, index),
    });
  const data = async (index: number): Promise<KeptData> =>
    (await mine(index, 'data')).json() as KeptData;

  test('says what is kept, since when and until when', async () => {
    await sat(0, jpegOf('still'));
    const at = server.clock.now();
    const title = one('SELECT title FROM exams');
    const row = (what: string, exam: unknown = null) => ({
      what,
      count: 1,
      since: at,
      until: null,
      held: false,
      exam,
    });
    expect((await data(0)).rows).toEqual([
      row('template'),
      row('portrait'),
      row('document'),
      row('consent'),
      row('stills', title),
      row('ledger', title),
    ]);
    await setClock(lastShift(), 30);
    const until = lastShift() + 30 * DAY;
    expect((await data(0)).rows.map((kept) => kept.until)).toEqual([
      until,
      until,
      until,
      until,
      until,
      null,
    ]);
    expect((await data(1)).rows).toEqual([]);
  });

  test('says who looked at what, by role and not by name', async () => {
    const still = jpegOf('still');
    const { attemptId } = await sat(0, still);
    const other = await sat(1, jpegOf('other'));
    await ask('proctor', 'GET', `/api/attempts/${attemptId}/evidence/${sha256(still)}`);
    server.clock.advance(1_000);
    await ask('supervisor', 'GET', '/api/enrolments/examinee-1/pictures/document');
    await ask('authority', 'GET', `/api/attempts/${attemptId}/identity/portrait`);
    await ask('coordinator', 'GET', `/api/attempts/${attemptId}/export`);
    await ask('proctor', 'GET', `/api/attempts/${other.attemptId}/identity/portrait`);
    const at = server.clock.now();
    const { looks } = await data(0);
    expect(looks).toEqual([
      { at, role: 'coordinator', what: 'export' },
      { at, role: 'authority', what: 'portrait' },
      { at, role: 'supervisor', what: 'document' },
      { at: at - 1_000, role: 'proctor', what: 'still' },
    ]);
    expect((await data(1)).looks).toEqual([{ at, role: 'proctor', what: 'portrait' }]);
  });

  test('withdrawing deletes the enrolment at once and leaves the stills of the process', async () => {
    const still = jpegOf('still');
    await sat(0, still);
    await enrolFace(server, 0, 5);
    const answer = await mine(0, 'delete', 'POST');
    const { certificate } = answer.json() as { certificate: DeletionCertificate };
    expect(certificate).toMatchObject({ reason: 'consent-withdrawn', at: server.clock.now() });
    // The one that counted, and the one that waited.
    expect(certificate.items.map(({ what }) => what)).toEqual([
      'template',
      'portrait',
      'document',
      'template',
      'portrait',
      'document',
    ]);
    const { publicKey } = certifier(server.deps.certificateSeed);
    expect(verifyCertificate(certificate, publicKey)).toBe(true);
    expect(files()).toEqual([sha256(still)]);
    const kept = await data(0);
    expect(kept.rows.map(({ what }) => what)).toEqual(['stills', 'ledger']);
    expect(kept.certificates).toEqual([{ id: certificate.id, at: certificate.at }]);
    expect((await mine(0, `certificates/${certificate.id}`)).json()).toEqual(certificate);
    // Somebody else's is not there; nor is a second deletion.
    expect(outcome(await mine(1, `certificates/${certificate.id}`))).toBe('not-found');
    expect(outcome(await mine(0, 'certificates/certificate-none'))).toBe('not-found');
    expect(outcome(await mine(0, 'delete', 'POST'))).toBe('not-found');
  });

  test('staff delete with a reason, on record', async () => {
    await enrolFace(server, 0);
    const answer = await ask('coordinator', 'POST', '/api/enrolments/examinee-1/delete', {
      reason: REASON,
    });
    const { certificate } = answer.json() as { certificate: DeletionCertificate };
    expect(certificate.reason).toBe('ordered');
    expect(
      rows("SELECT actor, subject, detail FROM audit WHERE action = 'deletion-ordered'"),
    ).toEqual([
      {
        actor: 'staff-4',
        subject: 'examinee-1',
        detail: JSON.stringify({ certificate: certificate.id, reason: REASON }),
      },
    ]);
    const again = await ask('coordinator', 'POST', '/api/enrolments/examinee-1/delete', {
      reason: REASON,
    });
    expect(outcome(again)).toBe('not-found');
  });

  test('nobody sees anything without a token', async () => {
    for (const path of ['data', 'certificates/certificate-1']) {
      const answer = await server.app.inject({ method: 'GET', url: `/api/enrolment/me/${path}` });
      expect(outcome(answer)).toBe('unauthorised');
    }
    const gone = await server.app.inject({ method: 'POST', url: '/api/enrolment/me/delete' });
    expect(outcome(gone)).toBe('unauthorised');
  });
});
