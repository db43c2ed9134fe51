import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import type { EnrolmentStatus } from '#shared/wire/enrolment.ts';
import type { ExamineeSignInResponse } from '#shared/wire/http.ts';
import type { IdentitySetup } from '#shared/wire/identity-setup.ts';
import type { Role } from '#shared/wire/roles.ts';
import {
  connect,
  enrol,
  kiosk,
  signIn,
  staffCookie,
  startServer,
  type TestServer,
} from '#test/server/harness.ts';
import { NOW } from '#test/server/test-clock.ts';
import { enrolmentToken, jpegOf, outcome } from './enrolment-data.ts';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const REASON = 'así lo decidió la comisión';

let server: TestServer;
beforeEach(async () => {
  // Two rooms; check-in is not open yet.
  server = await startServer({ examinees: 31 });
  server.clock.set(NOW - 30 * MINUTE);
});
afterEach(() => server.close());

const ask = async (role: Role, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  server.app.inject({
    method,
    url,
    headers: { cookie: await staffCookie(server, role) },
    ...(payload === undefined ? {} : { payload }),
  });
const setup = async (): Promise<IdentitySetup> =>
  (await ask('coordinator', 'GET', '/api/identity-settings')).json() as IdentitySetup;
const one = (sql: string): unknown => server.sqlite.prepare(sql).pluck().get();
const examId = (): string => one('SELECT id FROM exams') as string;
/** The session in which examinee `index` sits first. */
const sessionOf = (index: number): string =>
  server.sqlite
    .prepare(
      'SELECT s.id FROM sessions s JOIN attempts a ON a.session_id = s.id WHERE a.examinee_id = ? ORDER BY s.starts_at',
    )
    .pluck()
    .get(`examinee-${index + 1}`) as string;
const trail = (action: string): unknown[] =>
  server.sqlite
    .prepare<[string], { actor: string; subject: string; detail: string }>(
      'SELECT actor, subject, detail FROM audit WHERE action = ?',
    )
    .all(action)
    .map(({ detail, ...row }) => ({ ...row, detail: JSON.parse(detail) as unknown }));
const windows = (): unknown[] =>
  server.sqlite.prepare('SELECT venue_id, opens_at, closes_at FROM enrolment_windows').all();

const dates = (change: object = {}) => ({
  venueId: null,
  opensAt: server.clock.now() + HOUR,
  closesAt: server.clock.now() + DAY,
  reason: REASON,
  ...change,
});
const setDates = (change: object = {}) =>
  ask('coordinator', 'POST', '/api/enrolment-windows', dates(change));
const setSession = (sessionId: string, check: string, challenge: boolean) =>
  ask('coordinator', 'POST', `/api/sessions/${sessionId}/identity`, {
    check,
    challenge,
    reason: REASON,
  });
const setThumbnails = (allowed: boolean) =>
  ask('coordinator', 'POST', `/api/exams/${examId()}/thumbnails`, { allowed, reason: REASON });
const everything = (): unknown => [
  windows(),
  server.sqlite.prepare('SELECT identity_check, challenge FROM sessions').all(),
  server.sqlite.prepare('SELECT thumbnails FROM exams').all(),
];

describe('who decides', () => {
  test.each(['proctor', 'supervisor', 'lab-technician', 'exam-author', 'authority'] as const)(
    'not a %s',
    async (role) => {
      const before = everything();
      const answers = [
        await ask(role, 'GET', '/api/identity-settings'),
        await ask(role, 'POST', '/api/enrolment-windows', dates()),
        await ask(role, 'DELETE', '/api/enrolment-windows/demo', { reason: REASON }),
        await ask(role, 'POST', `/api/sessions/${sessionOf(0)}/identity`, {
          check: 'face',
          challenge: true,
          reason: REASON,
        }),
        await ask(role, 'POST', `/api/exams/${examId()}/thumbnails`, {
          allowed: true,
          reason: REASON,
        }),
      ];
      expect(answers.map(outcome)).toEqual(answers.map(() => 'forbidden'));
      expect(everything()).toEqual(before);
    },
  );

  test('nor somebody without a session', async () => {
    const answer = await server.app.inject({ method: 'GET', url: '/api/identity-settings' });
    expect(outcome(answer)).toBe('unauthorised');
  });

  test('the coordination, which sees what is not over', async () => {
    const { venues, windows: open, sessions, exams } = await setup();
    const timeZone = 'America/Guayaquil';
    expect(venues).toEqual([{ id: 'venue-1', name: one('SELECT name FROM venues'), timeZone }]);
    expect(open).toEqual([
      {
        id: 'demo',
        venueId: null,
        venue: null,
        timeZone: null,
        opensAt: NOW,
        closesAt: NOW + 30 * DAY,
      },
    ]);
    expect(sessions).toHaveLength(Number(one('SELECT count(*) FROM sessions')));
    expect(sessions.map(({ startsAt }) => startsAt)).toEqual(
      sessions.map(({ startsAt }) => startsAt).sort((a, b) => a - b),
    );
    expect(sessions.every(({ begun }) => !begun)).toBe(true);
    expect(exams).toEqual([
      { id: examId(), title: one('SELECT title FROM exams'), thumbnails: false, begun: false },
    ]);
    server.clock.set((one('SELECT max(ends_at) FROM sessions') as number) + 31 * DAY);
    expect(await setup()).toMatchObject({ windows: [], sessions: [], exams: [] });
  });
});

describe('dates of enrolment', () => {
  test.each([
    ['it closes before it opens', { opensAt: NOW + DAY, closesAt: NOW + HOUR }, 'bad-request'],
    ['it closes as it opens', { opensAt: NOW + DAY, closesAt: NOW + DAY }, 'bad-request'],
    ['it opened yesterday', { opensAt: NOW - DAY, closesAt: NOW + DAY }, 'bad-request'],
    ['it is over', { opensAt: NOW - 2 * DAY, closesAt: NOW - DAY }, 'bad-request'],
    ['no reason', { reason: '' }, 'bad-request'],
    ['a date that is none', { opensAt: '2026-11-20' }, 'bad-request'],
    ['a field too many', { force: true }, 'bad-request'],
    ['no such venue', { venueId: 'venue-none' }, 'not-found'],
  ])('%s', async (_name, change, code) => {
    const before = windows();
    expect(outcome(await setDates(change))).toBe(code);
    expect(windows()).toEqual(before);
    expect(trail('enrolment-window-set')).toEqual([]);
  });

  test('may overlap, and may open right now', async () => {
    const now = server.clock.now();
    expect((await setDates({ opensAt: now - MINUTE })).statusCode).toBe(200);
    expect((await setDates({ opensAt: now + HOUR, venueId: 'venue-1' })).statusCode).toBe(200);
    expect((await setup()).windows).toHaveLength(3);
  });

  test('open the page for who sits in that venue, until they are taken away', async () => {
    const me = async (): Promise<EnrolmentStatus> =>
      (
        await server.app.inject({
          method: 'GET',
          url: '/api/enrolment/me',
          headers: await enrolmentToken(server, 0),
        })
      ).json() as EnrolmentStatus;
    const gone = await ask('coordinator', 'DELETE', '/api/enrolment-windows/demo', {
      reason: REASON,
    });
    expect(gone.statusCode).toBe(200);
    expect(await me()).toMatchObject({ window: null, open: false });
    const opensAt = server.clock.now() + HOUR;
    const closesAt = opensAt + HOUR;
    const made = await setDates({ venueId: 'venue-1', opensAt, closesAt });
    const { id } = made.json() as { id: string };
    expect(await me()).toMatchObject({ window: { opensAt, closesAt }, open: false });
    server.clock.set(opensAt);
    expect(await me()).toMatchObject({ open: true });
    server.clock.set(closesAt);
    expect(await me()).toMatchObject({ open: false });
    server.clock.set(opensAt);
    await ask('coordinator', 'DELETE', `/api/enrolment-windows/${id}`, { reason: REASON });
    expect(await me()).toMatchObject({ window: null, open: false });
    expect(trail('enrolment-window-set')).toEqual([
      {
        actor: 'staff-4',
        subject: id,
        detail: { venueId: 'venue-1', opensAt, closesAt, reason: REASON },
      },
    ]);
    expect(trail('enrolment-window-removed')).toEqual([
      { actor: 'staff-4', subject: 'demo', detail: { reason: REASON } },
      { actor: 'staff-4', subject: id, detail: { reason: REASON } },
    ]);
  });

  test.each([
    ['unknown ones', 'window-none', { reason: REASON }, 'not-found'],
    ['without a reason', 'demo', {}, 'bad-request'],
  ])('%s are not taken away', async (_name, id, body, code) => {
    const answer = await ask('coordinator', 'DELETE', `/api/enrolment-windows/${id}`, body);
    expect(outcome(answer)).toBe(code);
    expect(windows()).toHaveLength(1);
  });
});

describe('how a session checks identity', () => {
  test.each([
    ['face', true],
    ['face', false],
    ['by-hand', false],
  ] as const)('%s, challenge %j: so says the ticket', async (check, challenge) => {
    // As it is not: the ticket shows the change, not what was there before.
    server.sqlite
      .prepare('UPDATE sessions SET identity_check = ?, challenge = ?')
      .run(check === 'face' ? 'by-hand' : 'face', challenge ? 0 : 1);
    const session = sessionOf(0);
    expect((await setSession(session, check, challenge)).statusCode).toBe(200);
    server.clock.set(NOW);
    const device = await enrol(server);
    const person = server.credentials.examinees[0];
    if (person === undefined) throw new Error('nobody');
    const { ticket } = (await signIn(server, device, person)).json() as ExamineeSignInResponse;
    expect(ticket.sessionId).toBe(session);
    expect(ticket.identity).toMatchObject({ check, challenge });
    expect(trail('session-identity-set')).toEqual([
      { actor: 'staff-4', subject: session, detail: { check, challenge, reason: REASON } },
    ]);
    const others = server.sqlite
      .prepare('SELECT DISTINCT identity_check FROM sessions WHERE id != ?')
      .pluck()
      .all(session);
    expect(others).toEqual([check === 'face' ? 'by-hand' : 'face']);
  });

  test('stays once somebody signed in, whose ledger is then what was given out', async () => {
    await setSession(sessionOf(0), 'face', true);
    server.clock.set(NOW);
    const examinee = await kiosk(server, 0);
    // Nothing of the ledger is here yet: the ticket is already out.
    expect(outcome(await setSession(sessionOf(0), 'by-hand', false))).toBe('conflict');
    const begun = (await setup()).sessions.filter((session) => session.begun);
    expect(begun).toMatchObject([{ id: sessionOf(0), check: 'face', challenge: true }]);
    const socket = await connect(server, examinee);
    socket.send({ type: 'entries', entries: [examinee.opened()] });
    await socket.until((message) => message.type === 'ack');
    socket.close();
    // Closing waits for the checks behind the ingest.
    await server.app.close();
    expect(one('SELECT count(*) FROM attempts WHERE broken_reason IS NOT NULL')).toBe(0);
    expect(one('SELECT max(verified_seq) FROM attempts')).toBe(1);
  });

  test('of another room may still change', async () => {
    server.clock.set(NOW);
    await kiosk(server, 0);
    expect(sessionOf(30)).not.toBe(sessionOf(0));
    expect((await setSession(sessionOf(30), 'by-hand', false)).statusCode).toBe(200);
  });

  test.each([
    ['turns by hand', 'by-hand', true, 'bad-request'],
    ['an unknown way', 'guess', false, 'bad-request'],
  ])('%s', async (_name, check, challenge, code) => {
    const before = everything();
    expect(outcome(await setSession(sessionOf(0), check, challenge))).toBe(code);
    expect(everything()).toEqual(before);
  });

  test('not of a session that is over, nor of one that is none', async () => {
    server.clock.set(one('SELECT max(ends_at) FROM sessions') as number);
    expect(outcome(await setSession(sessionOf(0), 'face', true))).toBe('not-in-this-stage');
    expect(outcome(await setSession('session-none', 'face', true))).toBe('not-found');
    expect(trail('session-identity-set')).toEqual([]);
  });
});

describe('thumbnails', () => {
  const put = (examinee: { readonly attemptId: string; readonly token: string }) =>
    server.app.inject({
      method: 'PUT',
      url: `/api/attempts/${examinee.attemptId}/thumbnail`,
      headers: { authorization: `Bearer ${examinee.token}`, 'content-type': 'image/jpeg' },
      payload: jpegOf('small'),
    });
  const look = (attemptId: string) => ask('proctor', 'GET', `/api/attempts/${attemptId}/thumbnail`);

  test('are on a later ticket, and end at once', async () => {
    expect((await setThumbnails(true)).statusCode).toBe(200);
    server.clock.set(NOW);
    const examinee = await kiosk(server, 0);
    expect(examinee.ticket.privacy.thumbnails).toBe(true);
    const socket = await connect(server, examinee);
    expect((await put(examinee)).statusCode).toBe(200);
    expect((await look(examinee.attemptId)).statusCode).toBe(200);
    expect((await setThumbnails(false)).statusCode).toBe(200);
    expect(outcome(await look(examinee.attemptId))).toBe('not-found');
    server.clock.advance(MINUTE);
    expect(outcome(await put(examinee))).toBe('not-found');
    socket.close();
    expect(trail('thumbnails-set')).toEqual(
      [true, false].map((allowed) => ({
        actor: 'staff-4',
        subject: examId(),
        detail: { allowed, reason: REASON },
      })),
    );
  });

  test('do not begin for somebody who was told that there are none', async () => {
    server.clock.set(NOW);
    await kiosk(server, 0);
    expect(outcome(await setThumbnails(true))).toBe('conflict');
    expect((await setup()).exams).toMatchObject([{ thumbnails: false, begun: true }]);
    expect(trail('thumbnails-set')).toEqual([]);
  });

  test('of an exam that is none', async () => {
    const answer = await ask('coordinator', 'POST', '/api/exams/exam-none/thumbnails', {
      allowed: true,
      reason: REASON,
    });
    expect(outcome(answer)).toBe('not-found');
  });
});
