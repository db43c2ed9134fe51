import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { normaliseCode } from '#server/platform/tokens.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { enrol, newKey, staffCookie, startServer, type TestServer } from '#test/server/harness.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const HOUR = 60 * MINUTE;

const enrolWith = (code: string, name = 'PC') =>
  server.app.inject({
    method: 'POST',
    url: '/api/devices/enrol',
    payload: { code, name, publicKey: newKey().publicKey },
  });
const code = (index: number): string => server.credentials.enrolmentCodes[index] ?? '';
const outcome = (answer: { statusCode: number; json(): unknown }) => [
  answer.statusCode,
  (answer.json() as { problem?: { code: string } }).problem?.code,
];

describe('enrolment', () => {
  test('a code works once, however it is typed', async () => {
    expect((await enrolWith(` ${code(0).toLowerCase().replace('-', ' ')} `)).statusCode).toBe(200);
    expect(outcome(await enrolWith(code(0)))).toEqual([409, 'code-used']);
  });

  test('two devices at the same moment: one gets it', async () => {
    const answers = await Promise.all([enrolWith(code(0)), enrolWith(code(0)), enrolWith(code(0))]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
  });

  test('an unknown and an expired code look alike', async () => {
    expect(outcome(await enrolWith('ABCD-EFGH'))).toEqual([404, 'unknown-code']);
    server.clock.advance(31 * 24 * HOUR);
    expect(outcome(await enrolWith(code(0)))).toEqual([404, 'unknown-code']);
  });

  test('nothing secret is stored as it is', async () => {
    const device = await enrol(server);
    const cookie = await staffCookie(server, 'proctor');
    const dump = server.sqlite.serialize().toString('latin1');
    const secrets = [
      device.deviceToken,
      cookie.split('=')[1] ?? '',
      ...server.credentials.staff.map(({ password }) => password),
      ...server.credentials.examinees.map(({ accessCode }) => accessCode),
      ...server.credentials.enrolmentCodes.flatMap((c) => [c, normaliseCode(c)]),
    ];
    expect(secrets.filter((secret) => secret.length < 8 || dump.includes(secret))).toEqual([]);
    expect(dump).toContain('$argon2id$');
  });
});

describe('staff', () => {
  const signIn = (payload: unknown, headers: Record<string, string> = {}) =>
    server.app.inject({
      method: 'POST',
      url: '/api/staff/sign-in',
      headers,
      payload: payload as object,
    });
  const me = (cookie: string) =>
    server.app.inject({ method: 'GET', url: '/api/staff/me', headers: { cookie } });

  test('the cookie is out of reach of scripts and other sites', async () => {
    const [person] = server.credentials.staff;
    const answer = await signIn({ user: person?.user, password: person?.password });
    expect(answer.json()).toEqual({
      id: 'staff-1',
      name: person?.name,
      role: 'proctor',
      timeZone: 'America/Guayaquil',
    });
    expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(answer.cookies[0]?.secure).toBeUndefined();
  });

  test('an unknown user and a wrong password get the same answer', async () => {
    const wrong = await signIn({ user: 'aplicador1', password: 'no' });
    const unknown = await signIn({ user: 'nadie', password: 'no' });
    expect(outcome(wrong)).toEqual([401, 'wrong-credentials']);
    expect(unknown.body).toBe(wrong.body);
    expect(unknown.cookies).toEqual([]);
  });

  test('an unknown user is checked against a hash like any other', async () => {
    const checked: string[] = [];
    await server.close();
    server = await startServer();
    const { passwords } = server.deps;
    const counted = await startServer({
      deps: {
        passwords: {
          hash: passwords.hash,
          verify: (hash, plain) => {
            checked.push(hash);
            return passwords.verify(hash, plain);
          },
        },
      },
    });
    await counted.app.inject({
      method: 'POST',
      url: '/api/staff/sign-in',
      payload: { user: 'nadie', password: 'x' },
    });
    expect(checked).toHaveLength(1);
    expect(checked[0]).toMatch(/^\$argon2id\$/);
    await counted.close();
  });

  test("nine tries with somebody else's name lock nobody out", async () => {
    const attempt = async (user: string, password = '') =>
      (await server.clock.through([signIn({ user, password })]))[0]?.statusCode;
    for (let i = 0; i < 9; i += 1) expect(await attempt('Aplicador1 ', 'no')).toBe(401);
    const [person] = server.credentials.staff;
    expect(await attempt('aplicador1', person?.password)).toBe(200);
    expect(await staffCookie(server, 'coordinator')).toContain('atalaya-staff=');
  });

  test('a session ends by signing out', async () => {
    const cookie = await staffCookie(server, 'proctor');
    expect((await me(cookie)).statusCode).toBe(200);
    await server.app.inject({ method: 'POST', url: '/api/staff/sign-out', headers: { cookie } });
    expect(outcome(await me(cookie))).toEqual([401, 'unauthorised']);
  });

  test('a session ends when nobody used it for twelve hours', async () => {
    const cookie = await staffCookie(server, 'proctor');
    server.clock.advance(11 * HOUR);
    expect((await me(cookie)).statusCode).toBe(200);
    server.clock.advance(11 * HOUR);
    expect((await me(cookie)).statusCode).toBe(200);
    server.clock.advance(12 * HOUR + 1);
    expect((await me(cookie)).statusCode).toBe(401);
    server.clock.advance(-HOUR);
    expect((await me(cookie)).statusCode).toBe(401);
  });

  test('another site can neither sign in nor order anything with the cookie', async () => {
    const [person] = server.credentials.staff;
    const payload = { user: person?.user, password: person?.password };
    for (const headers of [
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { origin: 'http://localhost:81', host: 'localhost:80' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      expect(outcome(await signIn(payload, headers as Record<string, string>))).toEqual([
        403,
        'forbidden',
      ]);
    }
    const own = await signIn(payload, { origin: 'http://aula.example', host: 'aula.example' });
    expect(own.statusCode).toBe(200);
  });
});

describe('bad requests are answered with a problem, never with a failure of the server', () => {
  const requests: readonly (readonly [
    string,
    string,
    string,
    (string | object | undefined)?,
    (Record<string, string> | undefined)?,
  ])[] = [
    ['no such route', 'GET', '/api/nothing'],
    ['no such method', 'DELETE', '/api/rooms'],
    ['a broken address', 'GET', '/api/attempts/%E0%A4%A/form'],
    ['an id with a path in it', 'GET', '/api/attempts/..%2f..%2fetc/form'],
    ['a long id', 'GET', `/api/attempts/${'x'.repeat(500)}/form`],
    ['no body', 'POST', '/api/devices/enrol'],
    ['an empty body', 'POST', '/api/devices/enrol', ''],
    ['no JSON', 'POST', '/api/devices/enrol', '{'],
    ['another content', 'POST', '/api/devices/enrol', 'a=b', { 'content-type': 'text/csv' }],
    ['null', 'POST', '/api/staff/sign-in', 'null'],
    ['an array', 'POST', '/api/staff/sign-in', '[]'],
    ['a number as user', 'POST', '/api/staff/sign-in', { user: 1, password: 'x' }],
    [
      'a poisoned prototype',
      'POST',
      '/api/staff/sign-in',
      '{"__proto__":{"user":"a"},"password":"b"}',
    ],
    [
      'a field too many',
      'POST',
      '/api/staff/sign-in',
      { user: 'a', password: 'b', role: 'authority' },
    ],
    ['a long password', 'POST', '/api/staff/sign-in', { user: 'a', password: 'x'.repeat(201) }],
    ['a large body', 'POST', '/api/staff/sign-in', { user: 'a', password: 'x'.repeat(100_000) }],
    [
      'a key of the wrong size',
      'POST',
      '/api/devices/enrol',
      { code: 'ABCD', name: 'x', publicKey: 'short' },
    ],
    ['no device', 'POST', '/api/examinees/sign-in', { document: '1', secret: 'x', deviceTime: 1 }],
    [
      'a time that is none',
      'POST',
      '/api/examinees/sign-in',
      { document: '1', secret: 'x', deviceTime: -1 },
    ],
    ['no one signed in', 'GET', '/api/rooms'],
    [
      'a made-up cookie',
      'GET',
      '/api/rooms',
      undefined,
      { cookie: `atalaya-staff=${'x'.repeat(43)}` },
    ],
    ['a broken cookie', 'GET', '/api/rooms', undefined, { cookie: 'atalaya-staff=%' }],
    [
      'a huge cookie',
      'GET',
      '/api/rooms',
      undefined,
      { cookie: `atalaya-staff=${'x'.repeat(5_000)}` },
    ],
    ['a form without a token', 'GET', '/api/attempts/attempt-1/form'],
    ['entries without a token', 'POST', '/api/attempts/attempt-1/entries', { entries: [] }],
    [
      'evidence of another kind',
      'PUT',
      `/api/attempts/attempt-1/evidence/${'a'.repeat(64)}`,
      'x',
      { 'content-type': 'text/html' },
    ],
    [
      'evidence under no hash',
      'PUT',
      '/api/attempts/attempt-1/evidence/short',
      'x',
      { 'content-type': 'image/png' },
    ],
    [
      'a command without a session',
      'POST',
      '/api/attempts/attempt-1/commands',
      { key: 'order-of-the-test', command: { type: 'close', reason: 'xxx' } },
    ],
  ];

  for (const [name, method, url, payload, headers] of requests) {
    test(`${name}: ${method} ${url.slice(0, 60)}`, async () => {
      const answer = await server.app.inject({
        method: method as 'GET',
        url,
        ...(payload === undefined ? {} : { payload }),
        headers: {
          ...(typeof payload === 'string' ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
      });
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.statusCode).toBeLessThan(500);
      expect(answer.headers['content-type']).toContain('application/json');
      const { problem } = answer.json() as { problem: { code: string } };
      expect(problem.code).not.toBe('server-failed');
      expect(answer.body).not.toMatch(/node_modules|\.ts:\d|SELECT/);
    });
  }
});

test('pages may load only what is the own server’s, and only the camera', async () => {
  const answer = await server.app.inject({ method: 'GET', url: '/api/health' });
  expect(answer.json()).toEqual({ status: 'ok', serverTime: server.clock.now(), protocol: 1 });
  expect(answer.headers).toMatchObject({
    'content-security-policy': expect.stringContaining(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
    ),
    'permissions-policy': expect.stringContaining('camera=(self)'),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  expect(answer.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
  expect(answer.headers).not.toHaveProperty('strict-transport-security');
});
