import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cedulaState } from '#shared/identity/cedula.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import type { ExamineeSignInResponse } from '#shared/wire/http.ts';
import {
  connect,
  enrol,
  kiosk,
  roomSocket,
  signIn,
  staffCookie,
  startServer,
  type TestDevice,
  type TestServer,
} from '#test/server/harness.ts';
import { enrolFace } from '#test/server/identity/enrolment-data.ts';
import { NOW } from '#test/server/test-clock.ts';
import { policyFor } from '#test/support/fake/policy-for.ts';

/** 10:00, when the demo's first shift starts. */
const START = NOW - 7 * MINUTE;

let server: TestServer;
let device: TestDevice;
beforeEach(async () => {
  server = await startServer({ shifts: [START] });
  device = await enrol(server);
});
afterEach(() => server.close());

const person = (index: number) => {
  const found = server.credentials.examinees[index];
  if (found === undefined) throw new Error('no such examinee');
  return found;
};
const outcome = (answer: { statusCode: number; json(): unknown }) =>
  (answer.json() as { problem?: { code: string } }).problem?.code ?? answer.statusCode;

describe('when', () => {
  test.each([
    ['more than ten minutes before', START - 10 * MINUTE - 1, 'too-early'],
    ['ten minutes before', START - 10 * MINUTE, 200],
    ['at the start', START, 200],
    ['late', START + 60 * MINUTE, 200],
    ['in the last moment', START + 75 * MINUTE - 1, 200],
    ['at the end', START + 75 * MINUTE, 'too-late'],
    ['in the evening', START + 10 * 60 * MINUTE, 'too-late'],
    ['two days later', START + 48 * 60 * MINUTE, 'no-attempt-today'],
    ['two days before', START - 48 * 60 * MINUTE, 'no-attempt-today'],
  ])('%s', async (_name, now, expected) => {
    server.clock.set(now);
    expect(outcome(await signIn(server, device, person(0)))).toBe(expected);
  });

  test.each([
    ['in time', [START], 0, null],
    ['an hour late, for the only shift', [START], 60, { leftMs: 15 * MINUTE, lastShiftAt: null }],
    [
      'an hour late, with another shift to come',
      [START, START + 180 * MINUTE],
      60,
      { leftMs: 15 * MINUTE, lastShiftAt: START + 180 * MINUTE },
    ],
  ] as const)('staff see who came %s', async (_name, shifts, minutes, late) => {
    await server.close();
    server = await startServer({ shifts: [...shifts] });
    device = await enrol(server);
    server.clock.set(START + minutes * MINUTE);
    const answer = (await signIn(server, device, person(0))).json() as ExamineeSignInResponse;
    server.clock.advance(5 * MINUTE);
    await signIn(server, device, person(0));
    const cookie = await staffCookie(server, 'coordinator');
    const url = `/api/attempts/${answer.ticket.attemptId}`;
    const detail = await server.app.inject({ url, headers: { cookie } });
    expect((detail.json() as AttemptDetail).late).toEqual(late);
  });

  test('too early says how long', async () => {
    server.clock.set(START - 30 * MINUTE);
    const answer = await signIn(server, device, person(0));
    expect(answer.json()).toEqual({
      problem: { code: 'too-early', retryAfterMs: 20 * MINUTE },
    });
  });
});

describe('who', () => {
  test('the ticket holds what the kiosk needs and no more', async () => {
    const answer = await signIn(server, device, person(0));
    const { ticket, token, lastSeq } = answer.json() as ExamineeSignInResponse;
    expect(cedulaState(person(0).document)).toBe('valid');
    expect(ticket).toMatchObject({
      examinee: { name: person(0).name, documentMasked: `••••••${person(0).document.slice(-4)}` },
      exam: { durationMs: 60 * MINUTE, questionCount: 10 },
      shift: { startsAt: START, endsAt: START + 75 * MINUTE },
      room: { seat: 'A1' },
      policy: { cameraExempt: false },
    });
    expect([token.length, lastSeq]).toEqual([43, 0]);
    expect(answer.body).not.toContain(person(0).document);
  });

  test('documents and codes may be typed with spaces, dashes and small letters', async () => {
    const { document, accessCode } = person(0);
    const answer = await signIn(server, device, {
      document: ` ${document.slice(0, 9)}-${document.slice(9)} `,
      accessCode: accessCode.toLowerCase().replace('-', ''),
    });
    expect(answer.statusCode).toBe(200);
  });

  test('accommodations are in the ticket by their effect', async () => {
    const [extra, exempt] = [
      (await signIn(server, device, person(3))).json() as ExamineeSignInResponse,
      (await signIn(server, device, person(8))).json() as ExamineeSignInResponse,
    ];
    expect(extra.ticket.exam.durationMs).toBe(90 * MINUTE);
    expect(exempt.ticket.policy).toMatchObject({
      cameraExempt: true,
      kinds: { 'no-face': { effect: 'ignore' }, clipboard: { effect: 'count' } },
    });
  });

  test.each([
    [5, 'second-person'],
    [10, 'involuntary-movement'],
  ] as const)('examinee %i has the rules of %s, and the reason stays at home', async (i, code) => {
    const answer = await signIn(server, device, person(i));
    const { ticket } = answer.json() as ExamineeSignInResponse;
    expect(ticket.policy).toEqual(policyFor(new Set([code])));
    expect(ticket.policy).not.toEqual(DEFAULT_POLICY);
    expect(answer.body).not.toContain(code);
  });

  test('accommodations change the rules of the exam, not the default ones', async () => {
    const kinds = {
      ...DEFAULT_POLICY.kinds,
      'off-frame': { ...DEFAULT_POLICY.kinds['off-frame'], minMs: 20_000 },
    };
    server.sqlite
      .prepare('UPDATE exams SET policy = ?')
      .run(JSON.stringify({ ...DEFAULT_POLICY, copyAttemptLimit: 5, kinds }));
    const answer = await signIn(server, device, person(10));
    expect((answer.json() as ExamineeSignInResponse).ticket.policy).toMatchObject({
      copyAttemptLimit: 5,
      kinds: { 'off-frame': { minMs: 60_000, warnAfterMs: 12_000 } },
    });
  });

  test.each([
    ['by hand, not enrolled', 'by-hand', 0, false, 0, ['by-hand', false, false]],
    ['by hand, enrolled', 'by-hand', 1, true, 0, ['by-hand', false, false]],
    ['by face, not enrolled', 'face', 1, false, 0, ['face', false, true]],
    ['by face, enrolled', 'face', 1, true, 0, ['face', true, true]],
    ['by face, without turns', 'face', 0, true, 0, ['face', true, false]],
    ['by face, without a camera', 'face', 1, true, 8, ['by-hand', false, false]],
  ] as const)('identity %s', async (_name, check, challenge, enrolled, index, expected) => {
    server.sqlite
      .prepare('UPDATE sessions SET identity_check = ?, challenge = ?')
      .run(check, challenge);
    if (enrolled) await enrolFace(server, index, 3);
    const { ticket, template } = (
      await signIn(server, device, person(index))
    ).json() as ExamineeSignInResponse;
    const { identity } = ticket;
    expect([identity.check, identity.enrolled, identity.challenge]).toEqual(expected);
    // The template goes only where it is compared.
    expect(template?.captures ?? null).toBe(identity.enrolled ? 3 : null);
  });

  test.each([
    [180, 0, 0, { retentionDays: 180, thumbnails: false }],
    [30, 1, 0, { retentionDays: 30, thumbnails: true }],
    [30, 1, 8, { retentionDays: 30, thumbnails: false }],
  ] as const)('%i days and thumbnails %i, for examinee %i', async (days, on, index, privacy) => {
    server.sqlite.prepare('UPDATE exams SET retention_days = ?, thumbnails = ?').run(days, on);
    const answer = await signIn(server, device, person(index));
    expect((answer.json() as ExamineeSignInResponse).ticket.privacy).toEqual(privacy);
  });

  test('an unknown document and a wrong code get the same answer', async () => {
    const wrong = await signIn(server, device, { ...person(0), accessCode: 'WRONG' });
    const unknown = await signIn(server, device, { ...person(0), document: '0000000000' });
    expect(outcome(wrong)).toBe('wrong-credentials');
    expect(unknown.body).toBe(wrong.body);
  });

  test('only enrolled devices', async () => {
    const answer = await signIn(server, { deviceToken: 'x'.repeat(43) }, person(0));
    expect(outcome(answer)).toBe('device-not-enrolled');
  });

  test('strangers at the same address stop nobody who sits there', async () => {
    const answers: unknown[] = [];
    for (let i = 0; i < 320; i += 1)
      answers.push(
        outcome(await signIn(server, { deviceToken: `stranger-${i}`.padEnd(43, 'x') }, person(1))),
      );
    expect(answers.slice(0, 60)).toEqual(Array(60).fill('device-not-enrolled'));
    expect(answers.slice(60)).toEqual(Array(260).fill('rate-limited'));
    expect(outcome(await signIn(server, device, person(1)))).toBe(200);
  });

  test("somebody's document tried on one device keeps nobody from another device", async () => {
    const wrong = { ...person(0), accessCode: 'WRONG' };
    for (let i = 0; i < 9; i += 1) await signIn(server, device, wrong);
    const other = await enrol(server, 1, 'PC-02');
    expect(outcome(await signIn(server, other, person(0)))).toBe(200);
  });

  test('too many tries for one examinee', async () => {
    const wrong = { ...person(0), accessCode: 'WRONG' };
    for (let i = 0; i < 8; i += 1) await signIn(server, device, wrong);
    expect(outcome(await signIn(server, device, person(0)))).toBe('rate-limited');
    expect(outcome(await signIn(server, device, person(1)))).toBe(200);
  });
});

describe('one open session per examinee (S7)', () => {
  test('once opened, a second device is refused and the room is told', async () => {
    const examinee = await kiosk(server, 1);
    const socket = await connect(server, examinee);
    socket.send({ type: 'entries', entries: [examinee.opened()] });
    await socket.until((m) => m.type === 'ack');
    const { room, sessionId } = examinee.ticket;
    const dashboard = await roomSocket(server, await staffCookie(server, 'proctor'), {
      roomId: room.id,
      sessionId,
    });
    await dashboard.until((m) => m.type === 'snapshot');

    expect(outcome(await signIn(server, device, person(1)))).toBe('already-open-elsewhere');
    const frame = await dashboard.until((m) => m.type === 'frame' && m.incidents.length > 0);
    expect(frame).toMatchObject({
      incidents: [{ kind: 'second-session', counted: false, facts: { device: 'PC-01' } }],
      tiles: [{ lastIncident: { kind: 'second-session' }, copyAttempts: 0 }],
    });
    const audit = server.sqlite
      .prepare('SELECT action FROM audit WHERE subject = ?')
      .all(examinee.attemptId);
    expect(audit).toContainEqual({ action: 'notice-second-session' });

    const again = await signIn(server, examinee.device, person(1));
    expect(again.json()).toMatchObject({ lastSeq: 1 });
    // The first device goes on: its token was not touched.
    socket.send({ type: 'entries', entries: examinee.visits(1) });
    await socket.until((m) => m.type === 'ack' && m.seq === 2);
    socket.close();
    dashboard.close();
  });

  test('before it is opened, the attempt goes with the last device', async () => {
    const first = await kiosk(server, 1);
    const socket = await connect(server, first);
    expect((await signIn(server, device, person(1))).statusCode).toBe(200);
    expect(await socket.closed).toMatchObject({ code: 4409 });
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${first.attemptId}/entries`,
      headers: { authorization: `Bearer ${first.token}` },
      payload: { entries: [first.opened()] },
    });
    expect(outcome(answer)).toBe('unauthorised');
    expect(server.stored(first.attemptId)).toBe(0);
  });

  test('a closed attempt does not open on another device', async () => {
    const examinee = await kiosk(server, 1);
    const socket = await connect(server, examinee);
    socket.send({
      type: 'entries',
      entries: [
        examinee.opened(),
        examinee.next('attempt-closed', { by: 'examinee', remainingMs: 5 }),
      ],
    });
    await socket.until((m) => m.type === 'ack');
    expect(outcome(await signIn(server, device, person(1)))).toBe('attempt-closed');
    socket.close();
  });
});

test('with one shift after the other, the one under way comes first, then the next', async () => {
  const next = START + 75 * MINUTE;
  await server.close();
  server = await startServer({ shifts: [START, next] });
  const examinee = await kiosk(server);
  const socket = await connect(server, examinee);
  socket.send({ type: 'entries', entries: [examinee.opened()] });
  await socket.until((m) => m.type === 'ack');
  // Both shifts are open for check-in now.
  server.clock.set(next - 5 * MINUTE);
  const again = (await signIn(server, examinee.device, person(0))).json() as ExamineeSignInResponse;
  expect(again.ticket.attemptId).toBe(examinee.attemptId);
  socket.send({
    type: 'entries',
    entries: [examinee.next('attempt-closed', { by: 'examinee', remainingMs: 5 })],
  });
  await socket.until((m) => m.type === 'ack' && m.seq === 2);
  const later = (await signIn(server, examinee.device, person(0))).json() as ExamineeSignInResponse;
  expect(later.ticket.shift.startsAt).toBe(next);
  socket.close();
});
