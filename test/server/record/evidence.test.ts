import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evidenceIntake } from '#server/record/evidence.ts';
import {
  kiosk,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';

let server: TestServer;
let examinee: TestKiosk;
beforeEach(async () => {
  server = await startServer();
  examinee = await kiosk(server);
});
afterEach(() => server.close());

const jpeg = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(bytes - 4)]);
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

const put = (
  body: Buffer,
  options: { readonly hash?: string; readonly mime?: string; readonly token?: string } = {},
) =>
  server.app.inject({
    method: 'PUT',
    url: `/api/attempts/${examinee.attemptId}/evidence/${options.hash ?? sha256(body)}`,
    headers: {
      authorization: `Bearer ${options.token ?? examinee.token}`,
      'content-type': options.mime ?? 'image/jpeg',
    },
    payload: body,
  });
const outcome = (answer: { statusCode: number; json(): unknown }) => [
  answer.statusCode,
  (answer.json() as { problem?: { code: string } }).problem?.code,
];
const files = (): readonly string[] => {
  try {
    return readdirSync(join(server.folder, 'stills'), { recursive: true })
      .map(String)
      .filter((name) => name.includes('.'));
  } catch {
    return [];
  }
};
const rows = (): unknown => server.sqlite.prepare('SELECT count(*) FROM stills').pluck().get();

test('stills are paced: what no exam has at once waits, and entries do not wait for it', async () => {
  let refused = await put(jpeg(1_900_000));
  // What is free again meanwhile is free: a slow machine needs some more until there is nothing.
  for (let n = 1; n < 60 && refused.statusCode === 200; n += 1)
    refused = await put(jpeg(1_900_000));
  expect(outcome(refused)).toEqual([429, 'rate-limited']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  const entries = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${examinee.attemptId}/entries`,
    headers: { authorization: `Bearer ${examinee.token}` },
    payload: { entries: [examinee.opened()] },
  });
  expect(entries.statusCode).toBe(200);
});

test('a still comes back as it was, to who may see it', async () => {
  const body = jpeg(40_000);
  for (let i = 0; i < 2; i += 1) expect((await put(body)).json()).toEqual({ hash: sha256(body) });
  expect(files()).toHaveLength(1);
  const answer = await server.app.inject({
    method: 'GET',
    url: `/api/attempts/${examinee.attemptId}/evidence/${sha256(body)}`,
    headers: { cookie: await staffCookie(server, 'proctor') },
  });
  expect(answer.rawPayload.equals(body)).toBe(true);
  expect(answer.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'no-store',
  });
});

describe('what is not taken', () => {
  const body = jpeg(5_000);
  test.each([
    ['another hash', body, { hash: 'a'.repeat(64) }, [400, 'bad-request']],
    ['no image', Buffer.from('<svg onload=alert(1)>'), {}, [400, 'bad-request']],
    ['a JPEG that says PNG', body, { mime: 'image/png' }, [400, 'bad-request']],
    ['another kind', body, { mime: 'image/svg+xml' }, [400, 'bad-request']],
    ['nothing', Buffer.alloc(0), {}, [400, 'bad-request']],
    ['one byte too many', jpeg(2_000_001), {}, [413, 'too-large']],
    ['no token', body, { token: 'x'.repeat(43) }, [401, 'unauthorised']],
  ])('%s', async (_name, data, options, expected) => {
    expect(outcome(await put(data, options))).toEqual(expected);
    expect([rows(), files()]).toEqual([0, []]);
  });

  test("another examinee's attempt", async () => {
    const other = await kiosk(server, 1);
    expect(outcome(await put(body, { token: other.token }))).toEqual([403, 'forbidden']);
    expect(files()).toEqual([]);
  });

  test('more than it said, in pieces', async () => {
    const url = new URL(await server.url());
    const answer = await new Promise<number>((resolve, reject) => {
      const sending = request(
        {
          host: url.hostname,
          port: url.port,
          method: 'PUT',
          path: `/api/attempts/${examinee.attemptId}/evidence/${'a'.repeat(64)}`,
          headers: {
            authorization: `Bearer ${examinee.token}`,
            'content-type': 'image/jpeg',
            'transfer-encoding': 'chunked',
          },
        },
        (response) => resolve(response.statusCode ?? 0),
      );
      sending.on('error', reject);
      for (let i = 0; i < 30; i += 1) sending.write(jpeg(100_000));
      sending.end();
    });
    expect(answer).toBe(413);
    expect(files()).toEqual([]);
  });

  test('more than an attempt may store', async () => {
    const intake = evidenceIntake({ ...server.deps, quota: { files: 2, bytes: 20_000 } });
    const store = (data: Buffer) =>
      intake.put(
        examinee.attemptId,
        sha256(data),
        'image/jpeg',
        (async function* () {
          yield data;
        })(),
      );
    const first = jpeg(9_000);
    expect((await store(first)).ok).toBe(true);
    expect((await store(jpeg(9_000))).ok).toBe(true);
    expect(await store(jpeg(9_000))).toMatchObject({ ok: false, error: { code: 'too-large' } });
    expect((await store(first)).ok).toBe(true);
  });
});

test('a kiosk that dies while sending leaves nothing behind', async () => {
  const url = new URL(await server.url());
  const body = jpeg(500_000);
  await new Promise<void>((resolve) => {
    const sending = request({
      host: url.hostname,
      port: url.port,
      method: 'PUT',
      path: `/api/attempts/${examinee.attemptId}/evidence/${sha256(body)}`,
      headers: {
        authorization: `Bearer ${examinee.token}`,
        'content-type': 'image/jpeg',
        'content-length': body.byteLength,
      },
    });
    sending.on('error', () => resolve());
    sending.write(body.subarray(0, 200_000), () => setTimeout(() => sending.destroy(), 50));
  });
  await expect.poll(files).toEqual([]);
  expect(rows()).toBe(0);
  // The rest comes later, whole.
  expect((await put(body)).statusCode).toBe(200);
});

test('the export holds the stills', async () => {
  const body = jpeg(3_000);
  await put(body);
  const answer = await server.app.inject({
    method: 'GET',
    url: `/api/attempts/${examinee.attemptId}/export`,
    headers: { cookie: await staffCookie(server, 'proctor') },
  });
  expect(answer.json()).toMatchObject({
    format: 'atalaya-bundle-1',
    publicKey: examinee.device.publicKey,
    evidence: { [sha256(body)]: { mime: 'image/jpeg', base64: body.toString('base64') } },
  });
});
