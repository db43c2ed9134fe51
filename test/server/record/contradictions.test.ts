import { createHash, hash, pbkdf2Sync } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import { createStaffCode } from '#shared/kiosk/door/staff-code.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json, LedgerEntry } from '#shared/ledger/entry.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import type { FactData } from '#shared/wire/facts.ts';
import {
  kiosk,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';
import { verifyBundle } from '#tools/verify-bundle.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const formOf = async ({ attemptId, token }: TestKiosk): Promise<{ questions: { id: string }[] }> =>
  (
    await server.app.inject({
      url: `/api/attempts/${attemptId}/form`,
      headers: { authorization: `Bearer ${token}` },
    })
  ).json();
const hashOf = (form: unknown): string => hash('sha256', canonicalText(form as Json), 'hex');

const deliver = async ({ attemptId, token }: TestKiosk, entries: readonly LedgerEntry[]) => {
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${attemptId}/entries`,
    headers: { authorization: `Bearer ${token}` },
    payload: { entries },
  });
  expect(answer.statusCode, answer.body).toBe(200);
};

/** What staff see, after the checks; the same again after a restart, and in the exported bundle. */
const judged = async ({ attemptId }: TestKiosk) => {
  server = await server.restart();
  const cookie = await staffCookie(server, 'coordinator');
  const ask = async (path: string) =>
    (
      await server.app.inject({ url: `/api/attempts/${attemptId}${path}`, headers: { cookie } })
    ).json();
  const { tile, doubts } = (await ask('')) as AttemptDetail;
  const report = await verifyBundle(await ask('/export'));
  const told = report?.findings.filter(({ check }) => check === 'given') ?? [];
  expect(
    told.flatMap((finding) => (finding.ok ? [] : [{ code: finding.reason, seq: finding.seq }])),
  ).toEqual(doubts.contradictions);
  return { chain: tile.chain, codes: doubts.contradictions.map(({ code }) => code), doubts };
};

const answered = (examinee: TestKiosk, questionId: string, t?: number) =>
  examinee.next('answer-saved', { questionId, optionIds: ['a'] } as FactData<'answer-saved'>, t);

test('a kiosk that makes up a whole exam', async () => {
  server.sqlite.prepare("UPDATE sessions SET identity_check = 'face', challenge = 1").run();
  const liar = await kiosk(server);
  const form = await formOf(liar);
  const first = form.questions[0]?.id ?? '';
  await deliver(liar, [
    liar.opened(),
    liar.next('identity-checked', {
      outcome: 'verified',
      distance: 0.1,
      captures: 5,
      challenge: 'passed',
      evidence: [],
    }),
    liar.next('staff-identity', {
      outcome: 'decided',
      decision: 'verified-in-person',
      authorisedBy: null,
      reason: 'cédula vista',
    }),
    liar.next('exam-started', {
      durationMs: 60 * MINUTE,
      shiftEndsT: 99 * 60 * MINUTE,
      formHash: hashOf(form),
    }),
    liar.next('gate-passed', {}),
    answered(liar, 'q-of-nobody'),
    ...Array.from({ length: 40 }, (_, i) => answered(liar, first, 255 * MINUTE + i * 1_000)),
    liar.next('staff-exit', { outcome: 'opened', reason: 'al baño' }),
  ]);
  const { chain, codes } = await judged(liar);
  expect(chain).toBe('contradicted');
  expect([...codes].sort()).toEqual(
    ['answer-late', 'identity-check', 'question', 'shift-end', 'staff-code', 'steps'].sort(),
  );
  expect((await judged(liar)).codes).toEqual(codes);
  const audit = server.sqlite
    .prepare("SELECT detail FROM audit WHERE action = 'ledger-contradicted'")
    .pluck()
    .all();
  expect(audit).toHaveLength(1);
});

test('an honest one that was off line for hours, with the staff code given there', async () => {
  const honest = await kiosk(server);
  const form = await formOf(honest);
  const { room, sessionId } = honest.ticket;
  const cookie = await staffCookie(server, 'proctor');
  const shown = await server.app.inject({
    method: 'POST',
    url: `/api/rooms/${room.id}/sessions/${sessionId}/exit-code`,
    headers: { cookie },
  });
  const staffCode = createStaffCode(
    {
      clock: { monotonicMs: () => 0, wallMs: () => 0 },
      digest: {
        sha256Hex: async (data) => createHash('sha256').update(data).digest('hex'),
        stretchHex: async (secret, salt, rounds) =>
          pbkdf2Sync(secret, Buffer.from(salt, 'hex'), rounds, 32, 'sha256').toString('hex'),
      },
    },
    honest.ticket,
  );
  const tried = await staffCode.check((shown.json() as { code: string }).code, 'staff-exit');
  if (!tried.ok || !tried.value.right) throw new Error('the code is right');
  const entries = [
    ...honest.begun(hashOf(form)),
    honest.next('gate-passed', {}),
    answered(honest, form.questions[0]?.id ?? '', 5 * MINUTE),
    honest.next(
      'staff-exit',
      { outcome: 'opened', reason: 'al baño', proof: tried.value.proof },
      6 * MINUTE,
    ),
  ];
  // Its order came and was decided while nobody heard of it; everything arrives the day after.
  server.clock.advance(20 * 60 * MINUTE);
  await deliver(honest, entries);
  expect(await judged(honest)).toMatchObject({ chain: 'ok', codes: [] });
});

test('pictures that never came are counted for staff, and contradict nothing', async () => {
  const honest = await kiosk(server);
  const picture = { hash: 'a'.repeat(64), mime: 'image/jpeg', bytes: 10, t: 0 } as const;
  await deliver(honest, [
    honest.opened(),
    ...honest.steps(),
    honest.next('framing-confirmed', { evidence: [picture] }),
  ]);
  expect(await judged(honest)).toMatchObject({ chain: 'ok', doubts: { missingPictures: 1 } });
});
