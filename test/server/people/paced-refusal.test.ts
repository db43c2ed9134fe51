import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '#test/server/harness.ts';

// Guesses at one person come from everywhere, and slow that person down: whom they keep waiting was not wrong by it.

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ deps: { limits: { signInsPerAddress: 1 } } });
});
afterAll(() => server.close());

const staffBody = (index: number, right: boolean) => {
  const person = server.credentials.staff[index];
  return { user: person?.user, password: right ? person?.password : 'x' };
};
const enrolmentBody = (index: number, right: boolean) => {
  const person = server.credentials.examinees[index];
  return { document: person?.document, secret: right ? person?.accessCode : 'x' };
};

test.each([
  ['/api/staff/sign-in', staffBody],
  ['/api/enrolment/sign-in', enrolmentBody],
])('%s: whom guesses from elsewhere keep out uses nothing up of their room', async (url, body) => {
  const attempt = (remoteAddress: string, index: number, right: boolean) =>
    server.app.inject({ method: 'POST', url, remoteAddress, payload: body(index, right) });
  for (let i = 0; i < 5; i += 1)
    expect((await attempt(`10.0.0.${i}`, 0, false)).statusCode).toBe(401);
  const waiting = Array.from({ length: 8 }, (_, i) => attempt(`10.0.1.${i}`, 0, false));
  await vi.waitFor(() => expect(server.clock.sleeping()).toBe(8));

  const refused = await attempt('10.0.2.1', 0, true);
  expect(refused.json()).toEqual({ problem: { code: 'rate-limited', retryAfterMs: 1_000 } });
  // Only one may be wrong from there.
  expect((await attempt('10.0.2.1', 1, true)).statusCode).toBe(200);
  expect((await attempt('10.0.2.1', 1, false)).statusCode).toBe(401);
  expect((await attempt('10.0.2.1', 1, true)).statusCode).toBe(429);

  server.clock.advance(5_000);
  for (const { statusCode } of await Promise.all(waiting)) expect(statusCode).toBe(401);
  // After the pause that it asks for.
  const own = attempt('10.0.2.2', 0, true);
  await vi.waitFor(() => expect(server.clock.sleeping()).toBe(1));
  server.clock.advance(5_000);
  expect((await own).statusCode).toBe(200);
});
