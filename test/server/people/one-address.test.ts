import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenHash } from '#server/platform/tokens.ts';
import { newKey, signIn, startServer, type TestServer } from '#test/server/harness.ts';

// What a room, a building, a campus behind one address does at eight o'clock: all at once, under the limits as they are.
// Requests that are injected all come from 127.0.0.1.

const KIOSKS = 300;
const SEATS = 60;
let server: TestServer;
/** Cookies of two browsers that staff used before. */
let browsers: readonly string[];
beforeAll(async () => {
  server = await startServer({ examinees: SEATS, enrolmentCodes: KIOSKS + 40 });
  const cookies = [0, 1].map(async (index) => {
    const { user, password } = staff(index);
    const answer = await tryStaff(user, password);
    return `atalaya-browser=${answer.cookies.find(({ name }) => name === 'atalaya-browser')?.value}`;
  });
  browsers = await Promise.all(cookies);
});
afterAll(() => server.close());

type Answer = { readonly statusCode: number; json(): unknown };
const outcome = (answer: Answer): number | string =>
  (answer.json() as { problem?: { code: string } }).problem?.code ?? answer.statusCode;
const tally = (answers: readonly Answer[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(answers, outcome)].map(([how, some]) => [String(how), some.length]),
  );

const tryCode = (code: string, name: string) =>
  server.app.inject({
    method: 'POST',
    url: '/api/devices/enrol',
    payload: { code, name, publicKey: newKey().publicKey },
  });
const tryStaff = (user: string, password: string, cookie = '') =>
  server.app.inject({
    method: 'POST',
    url: '/api/staff/sign-in',
    headers: cookie === '' ? {} : { cookie },
    payload: { user, password },
  });
const staff = (index = 0) => {
  const person = server.credentials.staff[index];
  if (person === undefined) throw new Error('no such staff');
  return person;
};

/** As many people as there are kiosks: the demo's, and others with the same access codes. */
const people = () => {
  const known = server.credentials.examinees;
  const rows = (table: string) =>
    server.sqlite.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
  const add = (table: string, row: Record<string, unknown>) => {
    const names = Object.keys(row);
    server.sqlite
      .prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => '?')})`)
      .run(...Object.values(row));
  };
  const examinees = rows('examinees');
  const attempts = rows('attempts');
  return Array.from({ length: KIOSKS }, (_one, i) => {
    const like = known[i % SEATS];
    if (like === undefined) throw new Error('no such examinee');
    if (i < SEATS) return like;
    const source = examinees.find(({ document }) => document === like.document);
    const document = `P${String(i).padStart(8, '0')}`;
    const id = `examinee-more-${i}`;
    add('examinees', { ...source, id, document });
    const first = attempts.find(({ examinee_id }) => examinee_id === source?.id);
    const { no: _, camera_exempt: __, ...attempt } = first ?? {};
    add('attempts', { ...attempt, id: `attempt-more-${i}`, examinee_id: id, seat: `Z${i}` });
    return { ...like, document };
  });
};

describe('all at once, from one address', () => {
  test.each([30, KIOSKS])('%i machines enrol with their codes', async (count) => {
    const from = count === KIOSKS ? 30 : 0;
    const codes = server.credentials.enrolmentCodes.slice(from, from + count);
    expect(codes).toHaveLength(count);
    const answers = await Promise.all(codes.map((code, i) => tryCode(code, `PC-${i}`)));
    expect(tally(answers)).toEqual({ 200: count });
  });

  test(`30 and ${KIOSKS} examinees sign in, beside staff and strangers`, async () => {
    const tokens = Array.from({ length: KIOSKS }, (_, i) => `device-token-${i}`.padEnd(43, 'x'));
    const device = server.sqlite.prepare(
      'INSERT INTO devices (id, name, public_key, token_hash, enrolled_at) VALUES (?, ?, ?, ?, 0)',
    );
    for (const [i, token] of tokens.entries())
      device.run(`device-${i}`, `PC-${i}`, newKey().publicKey, tokenHash(token));
    const all = people();
    const room = (count: number) =>
      Promise.all(
        all
          .slice(0, count)
          .map((person, i) => signIn(server, { deviceToken: tokens[i] ?? '' }, person)),
      );
    const [stranger] = all;
    if (stranger === undefined) throw new Error('nobody');
    const strangers = Promise.all(
      Array.from({ length: 320 }, (_, i) =>
        signIn(server, { deviceToken: `stranger-${i}`.padEnd(43, 'x') }, stranger),
      ),
    );
    expect(tally(await room(30))).toEqual({ 200: 30 });
    expect(tally(await room(KIOSKS))).toEqual({ 200: KIOSKS });
    expect(tally(await strangers)).toEqual({ 'device-not-enrolled': 60, 'rate-limited': 260 });
    const { user, password } = staff();
    const signedIn = await Promise.all(Array.from({ length: 30 }, () => tryStaff(user, password)));
    expect(tally(signedIn)).toEqual({ 200: 30 });
  }, 60_000);

  test('four hundred right sign-ins of staff in one minute', async () => {
    for (let i = 0; i < 4; i += 1) {
      const { user, password } = staff(i % server.credentials.staff.length);
      const some = await Promise.all(Array.from({ length: 100 }, () => tryStaff(user, password)));
      expect(tally(some)).toEqual({ 200: 100 });
    }
  });
});

describe('whoever guesses at a room’s address', () => {
  test('keeps no machine out that has a code for longer than ten seconds', async () => {
    const wrong = await Promise.all(Array.from({ length: 80 }, () => tryCode('ABCD-EFGH', 'x')));
    expect(tally(wrong)['unknown-code']).toBeGreaterThanOrEqual(60);
    expect(outcome(await tryCode('ABCD-EFGH', 'x'))).toBe('rate-limited');
    server.clock.advance(10_000);
    const code = server.credentials.enrolmentCodes.at(-1) ?? '';
    expect(outcome(await tryCode(code, 'PC-last'))).toBe(200);
  });

  test('keeps no proctor out of a browser that staff used before', async () => {
    const { user, password } = staff(1);
    const first = await tryStaff(user, password);
    const browser = first.cookies.find(({ name }) => name === 'atalaya-browser');
    expect(browser).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    const cookie = `atalaya-browser=${browser?.value}`;
    // Names of nobody, so that only the address is what is counted.
    const guesses = await Promise.all(
      Array.from({ length: 340 }, (_, i) => tryStaff(`nobody-${i}`, 'x')),
    );
    expect(tally(guesses)).toEqual({ 'wrong-credentials': 300, 'rate-limited': 40 });
    const elsewhere = await tryStaff(user, password);
    expect(elsewhere.json()).toEqual({
      problem: { code: 'rate-limited', retryAfterMs: expect.closeTo(2_000, -2) },
    });
    expect(outcome(await tryStaff(user, password, cookie))).toBe(200);
    // One that was made up is none.
    const [name = '', seal = ''] = (browser?.value ?? '').split('.');
    for (const made of [`${name}x.${seal}`, `${name}.${'A'.repeat(43)}`, name, `.${seal}`, ''])
      expect(outcome(await tryStaff(user, password, `atalaya-browser=${made}`))).toBe(
        'rate-limited',
      );
    // Where nobody signed in before there is one try every two seconds, and not for a name that was wrong.
    server.clock.advance(2_000);
    expect(outcome(await tryStaff('nobody-1', 'x'))).toBe('rate-limited');
    expect(outcome(await tryStaff(user, password))).toBe(200);
    expect(outcome(await tryStaff(user, password))).toBe('rate-limited');
    server.clock.advance(2_000);
    expect(outcome(await tryStaff(user, password))).toBe(200);
    // And it opens nothing by itself.
    const me = await server.app.inject({ url: '/api/staff/me', headers: { cookie } });
    expect(me.statusCode).toBe(401);
  });

  test('at a few people keeps nobody else out, however often', async () => {
    server.clock.advance(60_000);
    const { user, password } = staff(3);
    const others = server.credentials.staff.filter((one) => one.user !== user).slice(0, 3);
    const guesses = await server.clock.through(
      Array.from({ length: 600 }, (_, i) => tryStaff(others[i % 3]?.user ?? '', 'x')),
    );
    expect(Object.keys(tally(guesses)).sort()).toEqual(['rate-limited', 'wrong-credentials']);
    expect(outcome(await tryStaff(user, password))).toBe(200);
  });

  test('at documents keeps nobody out of the enrolment to whom staff gave a code', async () => {
    const enrol = (payload: object) =>
      server.app.inject({ method: 'POST', url: '/api/enrolment/sign-in', payload });
    const guesses = await Promise.all(
      Array.from({ length: 320 }, (_, i) => enrol({ document: `P${i}00000`, secret: 'x' })),
    );
    expect(tally(guesses)).toEqual({ 'wrong-credentials': 300, 'rate-limited': 20 });
    expect(outcome(await enrol({ roomCode: 'ABCD2345' }))).toBe('unknown-code');
    const someone = server.credentials.examinees[0];
    const own = { document: someone?.document, secret: someone?.accessCode };
    expect(outcome(await enrol(own))).toBe('rate-limited');
    server.clock.advance(2_000);
    expect(outcome(await enrol(own))).toBe(200);
  });

  test('a known browser that guesses keeps only itself out', async () => {
    const { user, password } = staff(2);
    const [mine = '', yours = ''] = browsers;
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, i) => tryStaff(`nobody-${i}`, 'x', mine)),
    );
    expect(tally(guesses)).toEqual({ 'wrong-credentials': 30, 'rate-limited': 10 });
    expect(outcome(await tryStaff(user, password, mine))).toBe('rate-limited');
    // One of those at whom was guessed before.
    const [answer] = await server.clock.through([tryStaff(user, password, yours)]);
    expect(answer && outcome(answer)).toBe(200);
  });
});
