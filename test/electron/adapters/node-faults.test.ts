import { execFile } from 'node:child_process';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createNet, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNodeApi } from '#electron/adapters/node-server.ts';
import type { ConnectionCause } from '#shared/kernel/connection-fault.ts';
import { createServerApi } from '#shared/kiosk/courier/server-api.ts';
import { faultOf } from '#shared/wire/fault-of.ts';
import { fetchCarry } from '#shared/wire/fetch-carry.ts';
import { PROXY_CERT, PROXY_KEY } from '#test/support/tls-proxy.ts';

/** For localhost, trusted in this file, good until the first day of 2021. */
const EXPIRED = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBYjCCAQigAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAls
b2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQY3SOiNBwYWcApXGGt
ZV7z2H7VB6JeYHLeUsfEUQQjMxb0iiQLvrKi7AtrayP9UEpMaRFVIgcIC9C6eGVd
ln5Mo0swSTAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwDAYDVR0TBAUwAwEB
/zAdBgNVHQ4EFgQUDNCrR191wAM+Hi9hp30o8YUWpE0wCgYIKoZIzj0EAwIDSAAw
RQIhAKNPnT3ZlJ3jlb1DUNg+B/3Zp7Vlw0MXvNtysbpSsWKBAiAy0tEmZqfW09n/
wTuLK2Uy+NdG3CtoDX4SsT7wLlg3FA==
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkyr7Cyk4Gtd7kCTF
1LIoIb0gpFmLV4k3GsWNsQt4++ahRANCAAQY3SOiNBwYWcApXGGtZV7z2H7VB6Je
YHLeUsfEUQQjMxb0iiQLvrKi7AtrayP9UEpMaRFVIgcIC9C6eGVdln5M
-----END PRIVATE KEY-----`,
};

const open: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
/** @returns the port. */
const listen = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  open.push({ server, sockets });
  // Every address of this machine: one test asks under one that its certificate does not name.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return (server.address() as AddressInfo).port;
};
const closeAll = async (): Promise<void> => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
};
afterEach(closeAll);

const http = async (listener: RequestListener) =>
  `http://127.0.0.1:${await listen(createHttp(listener))}`;
const https = async (host: string, { cert, key }: { cert: string; key: string }) => {
  const port = await listen(createHttps({ cert, key }, (_request, reply) => void reply.end('{}')));
  return `https://${host}:${port}`;
};
const saying =
  (status: number, headers: Record<string, string>, text: string): RequestListener =>
  (_request, reply) => {
    reply.writeHead(status, headers).end(text);
  };
const raw = async (onData: (socket: Socket) => void) =>
  listen(createNet((socket) => socket.once('data', () => onData(socket))));

const askAt = async (origin: string) => {
  const answer = await createNodeApi(origin).request('GET', '/api/health', {});
  return answer.ok ? 'ok' : answer.error;
};

describe('real connections that fail', () => {
  const before = getCACertificates('default');
  beforeEach(() => setDefaultCACertificates([...before, EXPIRED.cert]));
  afterAll(() => setDefaultCACertificates(before));

  test.each<[string, () => Promise<string>, ConnectionCause, RegExp]>([
    [
      'a port where nobody listens',
      async () => {
        const port = await listen(createNet());
        await closeAll();
        return `http://127.0.0.1:${port}`;
      },
      'refused',
      /ECONNREFUSED 127\.0\.0\.1:\d+/,
    ],
    ['a name that nobody has', async () => 'http://no-such-host.invalid', 'name', /no-such-host/],
    [
      'a server that hangs up',
      async () => `http://127.0.0.1:${await raw((socket) => socket.destroy())}`,
      'cut',
      /other side closed|ECONNRESET/,
    ],
    [
      'a connection that is reset',
      async () => `http://127.0.0.1:${await raw((socket) => socket.resetAndDestroy())}`,
      'cut',
      /ECONNRESET|closed/,
    ],
    [
      'an answer that breaks off',
      () =>
        http((_request, reply) => {
          reply.writeHead(200, { 'content-length': '60' });
          reply.write('{"status"');
          setTimeout(() => reply.destroy(), 20);
        }),
      'cut',
      /./,
    ],
    [
      'another program than a web server',
      async () => `http://127.0.0.1:${await raw((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))}`,
      'stranger',
      /HTTP\/1\.1 protocol/,
    ],
    [
      'https to a port that speaks http',
      async () => (await http(saying(200, {}, '{}'))).replace('http:', 'https:'),
      'tls',
      /wrong version number|ERR_SSL|EPROTO/i,
    ],
    [
      'a certificate that nobody trusts',
      () => https('localhost', { cert: PROXY_CERT, key: PROXY_KEY }),
      'certificate',
      /SELF_SIGNED_CERT/,
    ],
    ['an expired certificate', () => https('localhost', EXPIRED), 'certificate-date', /EXPIRED/],
    [
      'a proxy that wants a log-in',
      () => http(saying(407, { 'proxy-authenticate': 'Basic realm="campus"' }, '<html>')),
      'proxy',
      /HTTP 407/,
    ],
    [
      'a proxy whose server is down',
      () => http(saying(502, {}, '<html><title>502 Bad Gateway</title>')),
      'gateway',
      /HTTP 502 "502 Bad Gateway"/,
    ],
    [
      'a network that shows its own page',
      () => http(saying(200, { 'content-type': 'text/html' }, '<html><title>Wi-Fi UNEMI</title>')),
      'stranger',
      /HTTP 200 "Wi-Fi UNEMI"/,
    ],
    [
      'a network that leads to its sign-in',
      () => http(saying(302, { location: 'http://portal.invalid/login' }, '')),
      'stranger',
      /HTTP 302 to http:\/\/portal\.invalid\/login/,
    ],
    [
      'a network that keeps the method on the way there',
      () => http(saying(307, { location: 'http://portal.invalid/login' }, '')),
      'stranger',
      /HTTP 307 to/,
    ],
    ['a network that says what it is', () => http(saying(511, {}, '')), 'stranger', /HTTP 511/],
    ['a filter that blocks the page', () => http(saying(403, {}, '<html>')), 'stranger', /403/],
  ])('%s', async (_what, started, cause, detail) => {
    const origin = await started();
    const problem = await askAt(origin);
    expect(problem).toMatchObject({ cause });
    expect((problem as { detail: string }).detail).toMatch(detail);
  });

  test('a certificate of another server', async () => {
    setDefaultCACertificates([...before, PROXY_CERT]);
    const origin = await https('127.0.0.1', { cert: PROXY_CERT, key: PROXY_KEY });
    // The certificate is for localhost and 127.0.0.1; the whole of 127.0.0.0/8 is this machine.
    const problem = await askAt(origin.replace('127.0.0.1', '127.0.0.2'));
    expect(problem).toMatchObject({ code: 'offline', cause: 'certificate-name' });
  });

  test('a server that accepts and never answers', async () => {
    const port = await listen(createNet());
    const api = createServerApi(
      fetchCarry({
        fetch,
        at: (path) => `http://127.0.0.1:${port}${path}`,
        credentials: 'omit',
        timeout: () => AbortSignal.timeout(150),
        faultOf,
      }),
    );
    expect(await api.request('GET', '/api/health', {})).toMatchObject({
      ok: false,
      error: { code: 'offline', cause: 'timeout' },
    });
  });

  test('a server of ours behind an address written without its s is found within its host', async () => {
    const origin = await http((request, reply) => {
      if (request.url === '/api/health') {
        return void reply.writeHead(308, { location: '/moved' }).end();
      }
      reply.end('{"moved":true}');
    });
    expect(await createNodeApi(origin).request('GET', '/api/health', {})).toEqual({
      ok: true,
      value: { moved: true },
    });
  });

  test('our own refusals have no cause', async () => {
    const ours = JSON.stringify({ problem: { code: 'storage-failed' } });
    const origin = await http(saying(503, {}, ours));
    expect(await askAt(origin)).toEqual({ code: 'storage-failed' });
  });

  test('a proxy of the environment that refuses the tunnel with 407', async () => {
    const proxy = createHttp();
    proxy.on('connect', (_request, socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const port = await listen(proxy);
    const script = `import { createNodeApi } from '#electron/adapters/node-server.ts';
      const answer = await createNodeApi('https://exam.invalid').request('GET', '/api/health', {});
      console.log(JSON.stringify(answer)); process.exit(0);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--no-warnings', '-e', script],
      {
        cwd: join(import.meta.dirname, '../../..'),
        env: { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: `http://127.0.0.1:${port}` },
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { cause: 'proxy' } });
  });
});
