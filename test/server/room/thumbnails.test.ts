import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { Role } from '#shared/wire/roles.ts';
import {
  connect,
  enrol,
  kiosk,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';
import { jpegOf, outcome } from '#test/server/identity/enrolment-data.ts';

let server: TestServer;
let examinee: TestKiosk;
beforeEach(async () => {
  // 31 examinees: the last one sits in the second room.
  server = await startServer({ examinees: 31, thumbnails: true });
  examinee = await kiosk(server, 0);
});
afterEach(() => server.close());

const put = (
  body: Buffer,
  options: { readonly token?: string; readonly mime?: string; readonly of?: TestKiosk } = {},
) => {
  const sender = options.of ?? examinee;
  return server.app.inject({
    method: 'PUT',
    url: `/api/attempts/${sender.attemptId}/thumbnail`,
    headers: {
      authorization: `Bearer ${options.token ?? sender.token}`,
      'content-type': options.mime ?? 'image/jpeg',
    },
    payload: body,
  });
};
const look = async (role: Role, attemptId: string = examinee.attemptId) =>
  server.app.inject({
    method: 'GET',
    url: `/api/attempts/${attemptId}/thumbnail`,
    headers: { cookie: await staffCookie(server, role) },
  });
const trail = (): unknown[] =>
  server.sqlite
    .prepare("SELECT actor, subject FROM audit WHERE action = 'thumbnail-viewed' ORDER BY id")
    .all();
const picture = jpegOf('small', 3_000);

test('the room sees the last one', async () => {
  expect(examinee.ticket.privacy.thumbnails).toBe(true);
  expect((await put(picture)).json()).toEqual({});
  const first = await look('proctor');
  expect(first.rawPayload).toEqual(picture);
  expect(first.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'no-store',
  });
  server.clock.advance(10 * SECOND);
  const next = jpegOf('next', 30_000);
  expect((await put(next)).statusCode).toBe(200);
  expect((await look('proctor')).rawPayload).toEqual(next);
});

describe('what is not taken', () => {
  test.each([
    ['too large', jpegOf('x', 30_001), {}, 'too-large'],
    ['no image', Buffer.from('<svg onload=alert(1)>'), {}, 'bad-request'],
    ['another kind', picture, { mime: 'image/png' }, 'bad-request'],
    ['nothing', Buffer.alloc(0), {}, 'bad-request'],
    ['no token', picture, { token: 'x'.repeat(43) }, 'unauthorised'],
  ])('%s', async (_name, body, options, expected) => {
    expect(outcome(await put(body, options))).toBe(expected);
    expect(outcome(await look('proctor'))).toBe('not-found');
  });

  test("with another examinee's token", async () => {
    const other = await kiosk(server, 1);
    expect(outcome(await put(picture, { token: other.token }))).toBe('forbidden');
  });

  test('more than one in ten seconds', async () => {
    await put(picture);
    server.clock.advance(9 * SECOND);
    const early = await put(jpegOf('early', 3_000));
    expect(early.json()).toMatchObject({ problem: { code: 'rate-limited', retryAfterMs: 500 } });
    expect((await look('proctor')).rawPayload).toEqual(picture);
    // A timer is allowed to be a little quick.
    server.clock.advance(500);
    expect((await put(picture)).statusCode).toBe(200);
  });

  test('where the exam does not allow it', async () => {
    await server.close();
    server = await startServer();
    examinee = await kiosk(server, 0);
    expect(examinee.ticket.privacy.thumbnails).toBe(false);
    expect(outcome(await put(picture))).toBe('not-found');
    expect(outcome(await look('proctor'))).toBe('not-found');
  });

  test('of somebody without a camera', async () => {
    const exempt = await kiosk(server, 8, await enrol(server, 1));
    expect(outcome(await put(picture, { of: exempt }))).toBe('not-found');
  });

  test('of a closed attempt', async () => {
    await put(picture);
    const again = await connect(server, examinee);
    again.send({
      type: 'entries',
      entries: [
        examinee.opened(),
        examinee.next('attempt-closed', { by: 'examinee', remainingMs: 5 }),
      ],
    });
    await again.until((m) => m.type === 'ack' && m.seq === 2);
    again.close();
    expect(outcome(await look('proctor'))).toBe('not-found');
    server.clock.advance(MINUTE);
    expect(outcome(await put(picture))).toBe('attempt-closed');
  });
});

describe('how long', () => {
  test('until the kiosk was off line for a minute', async () => {
    const socket = await connect(server, examinee);
    await put(picture);
    server.clock.advance(5 * MINUTE);
    // Connected: the last picture stands, however old.
    expect((await look('proctor')).statusCode).toBe(200);
    socket.close();
    await expect
      .poll(async () => {
        server.clock.advance(MINUTE);
        return (await look('proctor')).statusCode;
      })
      .toBe(404);
  });

  test('a kiosk without a socket: a minute after the picture', async () => {
    await put(picture);
    server.clock.advance(MINUTE - 1);
    expect((await look('proctor')).statusCode).toBe(200);
    server.clock.advance(1);
    expect((await look('proctor')).statusCode).toBe(404);
  });

  test('never on the disk', async () => {
    await put(picture);
    await server.app.close();
    const needle = picture.subarray(4, 40);
    for (const name of readdirSync(server.folder, { recursive: true })) {
      const file = join(server.folder, String(name));
      if (statSync(file).isFile()) expect(readFileSync(file).includes(needle), file).toBe(false);
    }
  });
});

describe('who', () => {
  test.each<readonly [Role, number, number]>([
    ['proctor', 200, 404],
    ['supervisor', 200, 200],
    ['coordinator', 200, 200],
    ['authority', 200, 200],
    ['lab-technician', 403, 403],
    ['exam-author', 403, 403],
    ['career-director', 403, 403],
  ])('%s', async (role, here, there) => {
    const other = await kiosk(server, 30, await enrol(server, 1));
    await put(picture);
    await put(picture, { of: other });
    expect((await look(role)).statusCode).toBe(here);
    expect((await look(role, other.attemptId)).statusCode).toBe(there);
    expect(trail()).toHaveLength([here, there].filter((status) => status === 200).length);
  });

  test('on record once per person, attempt and hour', async () => {
    const socket = await connect(server, examinee);
    await put(picture);
    await look('proctor');
    server.clock.advance(59 * MINUTE);
    await look('proctor');
    await look('supervisor');
    const subject = examinee.attemptId;
    expect(trail()).toEqual([
      { actor: 'staff-1', subject },
      { actor: 'staff-3', subject },
    ]);
    server.clock.advance(MINUTE);
    await look('proctor');
    expect(trail()).toHaveLength(3);
    socket.close();
  });
});
