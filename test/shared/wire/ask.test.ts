import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Type from 'typebox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createServerApi } from '#shared/kiosk/courier/server-api.ts';
import { byStatus, createAsk, problemOf } from '#shared/wire/ask.ts';
import { faultOf } from '#shared/wire/fault-of.ts';
import { fetchCarry } from '#shared/wire/fetch-carry.ts';

let server: Server;
let answer: RequestListener;
let origin: string;
beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const carry = () =>
  fetchCarry({
    fetch,
    at: (path) => new URL(path, origin).href,
    credentials: 'omit',
    timeout: (ms) => AbortSignal.timeout(ms),
    faultOf,
  });
const says =
  (status: number, text: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(text);
  };
const Wanted = Type.Object({ name: Type.String() });
const ours = (code: string) => JSON.stringify({ problem: { code } });

describe('what a refusal says', () => {
  test.each([
    [409, ours('captures-differ'), null, { code: 'captures-differ' }],
    [503, ours('server-failed'), '7', { code: 'server-failed', retryAfterMs: 7_000 }],
    [429, '<html>', '7', { code: 'rate-limited', detail: 'HTTP 429', retryAfterMs: 7_000 }],
    [429, '<html>', 'Wed, 21 Oct 2026 07:28:00 GMT', { code: 'rate-limited', detail: 'HTTP 429' }],
    [429, '', '-3', { code: 'rate-limited', detail: 'HTTP 429' }],
    [413, '', null, { code: 'too-large', detail: 'HTTP 413' }],
    [401, 'x', null, { code: 'unauthorised', detail: 'HTTP 401' }],
    [403, '{}', null, { code: 'forbidden', detail: 'HTTP 403' }],
    [404, '[1]', null, { code: 'not-found', detail: 'HTTP 404' }],
    [502, '<html>', null, { code: 'server-failed', detail: 'HTTP 502', cause: 'gateway' }],
    [418, '<html>', null, { code: 'server-failed', detail: 'HTTP 418', cause: 'stranger' }],
    [0, '', null, { code: 'server-failed', detail: 'HTTP 0', cause: 'stranger' }],
    [407, '', null, { code: 'server-failed', detail: 'HTTP 407', cause: 'proxy' }],
    // A later version of our server: it is no stranger.
    [418, ours('no-such-code'), null, { code: 'server-failed', detail: 'HTTP 418' }],
    [503, ours('no-such-code'), null, { code: 'server-failed', detail: 'HTTP 503' }],
  ])('%i %s, retry-after %s', (status, text, retryAfter, problem) => {
    expect(problemOf({ status, text, retryAfter }, byStatus)).toEqual(problem);
  });

  test('its own wait counts more than the header', () => {
    const text = JSON.stringify({ problem: { code: 'rate-limited', retryAfterMs: 1_500 } });
    expect(problemOf({ status: 429, text, retryAfter: '60' }, byStatus).retryAfterMs).toBe(1_500);
  });
});

describe('how a page asks', () => {
  const ask = (timeoutMs = 5_000) => createAsk(carry(), timeoutMs);

  test('sends method, body and who asks, and checks the answer', async () => {
    const seen: unknown[] = [];
    answer = (request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        const { authorization, 'content-type': type } = request.headers;
        seen.push({ method: request.method, url: request.url, authorization, type, body });
        response.end('{"name":"ok"}');
      });
    };
    const post = { method: 'POST', body: { a: 1 }, token: 'secret' } as const;
    expect(await ask()('api/x?y=1', Wanted, post)).toEqual({ ok: true, value: { name: 'ok' } });
    expect(await ask()('api/x', Wanted)).toMatchObject({ ok: true });
    const bare = { authorization: undefined, type: undefined, body: '' };
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/api/x?y=1',
        authorization: 'Bearer secret',
        type: 'application/json',
        body: '{"a":1}',
      },
      { method: 'GET', url: '/api/x', ...bare },
    ]);
  });

  test.each([
    ['another shape', '{"name":1}'],
    ['nothing', ''],
  ])('an answer with %s is another version', async (_what, text) => {
    answer = says(200, text);
    const got = await ask()('api/x', Wanted);
    expect(got).toMatchObject({ ok: false, error: { code: 'protocol-version' } });
    if (!got.ok) expect(got.error.detail).toMatch(/^api\/x /);
  });

  test.each(['<html><title>Hotel</title>', 'OK', '{"name":'])(
    'an answer with %s is a stranger’s',
    async (text) => {
      answer = says(200, text);
      expect(await ask()('api/x', Wanted)).toMatchObject({
        ok: false,
        error: { code: 'server-failed', cause: 'stranger' },
      });
    },
  );

  test.each([
    [
      'that breaks off',
      ((_request, response) => {
        response.writeHead(200, { 'content-length': '60' });
        response.write('{"name":');
        setTimeout(() => response.destroy(), 20);
      }) as RequestListener,
      'cut',
    ],
    [
      'that never comes',
      (() => {
        /* silence */
      }) as RequestListener,
      'timeout',
    ],
    ['from nobody', ((request) => request.socket.destroy()) as RequestListener, 'cut'],
  ])('an answer %s is offline', async (_what, listener, cause) => {
    answer = listener;
    expect(await ask(300)('api/x', Wanted)).toMatchObject({
      ok: false,
      error: { code: 'offline', cause },
    });
  });
});

describe('how the engine asks', () => {
  test('sends evidence as it is', async () => {
    const seen: unknown[] = [];
    answer = (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        seen.push(request.headers['content-type'], [...Buffer.concat(parts)]);
        response.end('{"hash":"x"}');
      });
    };
    const bytes = Uint8Array.from([0, 255, 7]);
    const put = { token: 't', bytes, mime: 'image/jpeg' };
    expect(await createServerApi(carry()).request('PUT', '/api/e', put)).toEqual({
      ok: true,
      value: { hash: 'x' },
    });
    expect(seen).toEqual(['image/jpeg', [0, 255, 7]]);
  });

  // A proxy that refuses must never make it give up what it has to send.
  test.each([401, 403, 404, 413, 429, 502])('a stranger’s %i is tried again', async (status) => {
    answer = says(status, '<html>');
    expect(await createServerApi(carry()).request('GET', '/api/x', {})).toMatchObject({
      ok: false,
      error: {
        code: 'server-failed',
        detail: `HTTP ${status}`,
        cause: status === 502 ? 'gateway' : 'stranger',
      },
    });
  });

  test('our server’s own word counts', async () => {
    answer = says(413, ours('too-large'));
    expect(await createServerApi(carry()).request('GET', '/api/x', {})).toMatchObject({
      ok: false,
      error: { code: 'too-large' },
    });
  });

  test('a body that breaks off is no answer', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '60' });
      response.write('{"seq":');
      setTimeout(() => response.destroy(), 20);
    };
    expect(await createServerApi(carry()).request('GET', '/api/x', {})).toMatchObject({
      ok: false,
      error: { code: 'offline', cause: 'cut' },
    });
  });
});
