import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import { staffCookie, startServer, type TestServer } from '#test/server/harness.ts';
import { startTlsProxy, type TlsProxy } from '#test/support/tls-proxy.ts';

let server: TestServer;
let proxy: TlsProxy | null;
beforeEach(() => {
  proxy = null;
});
afterEach(async () => {
  await proxy?.close();
  await server.close();
});

/** Signs staff in through the proxy. @returns the cookie as it was set. */
const signIn = async (headers: Record<string, string> = {}): Promise<string> => {
  const person = server.credentials.staff[0];
  const { url = '', ca = '' } = proxy ?? {};
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(
      `${url}/api/staff/sign-in`,
      { method: 'POST', ca, headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        answer.resume();
        expect(answer.statusCode).toBe(200);
        resolve(answer.headers['set-cookie']?.[0] ?? '');
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify({ user: person?.user, password: person?.password }));
  });
};

describe('behind a real TLS proxy', () => {
  test('the cookie is for TLS alone', async () => {
    server = await startServer({ deps: { trustProxy: true } });
    proxy = await startTlsProxy(await server.url());
    expect(await signIn()).toMatch(/; Secure(;|$)/);
  });

  test('without being told of the proxy nobody is believed that there is TLS', async () => {
    server = await startServer();
    proxy = await startTlsProxy(await server.url());
    expect(await signIn()).not.toMatch(/Secure/);
  });

  test('only the proxy itself names the address: what a client writes before it is not believed', async () => {
    server = await startServer({ deps: { trustProxy: true } });
    const seen: string[] = [];
    server.app.addHook('onRequest', async ({ ip }) => {
      seen.push(ip);
    });
    proxy = await startTlsProxy(await server.url());
    await signIn({ 'x-forwarded-for': '203.0.113.7' });
    expect(seen).toEqual(['127.0.0.1']);
  });
});

const raw = async (text: string): Promise<string> => {
  const { hostname, port } = new URL(await server.url());
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (data) => {
      answer += data.toString();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
};

test.each([
  ['what is not HTTP', 'hello\r\n\r\n', '400', 'bad-request'],
  ['too many headers', `GET / HTTP/1.1\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, '431', 'too-large'],
])('%s: a problem like any other', async (_name, text, status, code) => {
  server = await startServer();
  const answer = await raw(text);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({
    problem: { code },
  });
});

test('a body that never ends is waited for two minutes at most', async () => {
  server = await startServer();
  expect(server.app.server.requestTimeout).toBe(2 * MINUTE);
});

test("signing out everywhere ends every session of the person, is on record, and nobody else's", async () => {
  server = await startServer();
  const [here, there, other] = [
    await staffCookie(server, 'proctor'),
    await staffCookie(server, 'proctor'),
    await staffCookie(server, 'coordinator'),
  ];
  const me = async (cookie: string) =>
    (await server.app.inject({ url: '/api/staff/me', headers: { cookie } })).statusCode;
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/staff/sign-out-everywhere',
    headers: { cookie: here },
  });
  expect(answer.statusCode).toBe(200);
  expect([await me(here), await me(there), await me(other)]).toEqual([401, 401, 200]);
  const audit = server.sqlite.prepare('SELECT action FROM audit ORDER BY id DESC LIMIT 1');
  expect(audit.pluck().get()).toBe('staff-signed-out-everywhere');
});

test('a staff session is over after a day, however much it is used', async () => {
  server = await startServer();
  const cookie = await staffCookie(server, 'proctor');
  const me = async () =>
    (await server.app.inject({ url: '/api/staff/me', headers: { cookie } })).statusCode;
  for (let hour = 0; hour < 24; hour += 6) {
    expect(await me()).toBe(200);
    server.clock.advance(6 * 60 * MINUTE);
  }
  server.clock.advance(1);
  expect(await me()).toBe(401);
});
