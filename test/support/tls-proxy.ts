import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A certificate for localhost that nobody trusts and that is good for a hundred years. */
export const PROXY_CERT = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUUUgnvG8HI7b6UnjYel4aMA7tZ7AwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDIyMzMxNVoYDzIxMjYxMTA2
MjIzMzE1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATlJqwHcVEjPRuIyYyWeBAMJpIpM8mnrwgg3pGGR0LHOEKqgeVvG/Ka
98Te8dgucZkx0fD6UtHHQg71tW6wC33Ko28wbTAdBgNVHQ4EFgQUDJ8dYyS6LFzV
7/rkq0Mmx+Ye1e8wHwYDVR0jBBgwFoAUDJ8dYyS6LFzV7/rkq0Mmx+Ye1e8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhALXhUwDZ1YLOJuCuqHscSjFwhqY/w6ZxqS0SlSWptvy+AiEA
9SiaTFkC0/LURQjHw8gpi68uCrqG0SoSlfE0m08b1F8=
-----END CERTIFICATE-----`;
export const PROXY_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAg0Yk/4f356yH788
n9pebIB+7aA12+om2Irb+VX5l2yhRANCAATlJqwHcVEjPRuIyYyWeBAMJpIpM8mn
rwgg3pGGR0LHOEKqgeVvG/Ka98Te8dgucZkx0fD6UtHHQg71tW6wC33K
-----END PRIVATE KEY-----`;

export interface TlsProxy {
  readonly url: string;
  readonly ca: string;
  close(): Promise<void>;
}

/** A real TLS proxy before a server: ends TLS, names the client's address and protocol as nginx and Caddy do. */
export const startTlsProxy = async (target: string): Promise<TlsProxy> => {
  const proxy = createServer({ cert: PROXY_CERT, key: PROXY_KEY }, (incoming, outgoing) => {
    const before = incoming.headers['x-forwarded-for'];
    const from = incoming.socket.remoteAddress ?? '';
    const forward = request(
      new URL(incoming.url ?? '/', target),
      {
        method: incoming.method ?? 'GET',
        headers: {
          ...incoming.headers,
          'x-forwarded-for': before === undefined ? from : `${String(before)}, ${from}`,
          'x-forwarded-proto': 'https',
        },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forward.on('error', () => outgoing.destroy());
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(proxy.address() as AddressInfo).port}`,
    ca: PROXY_CERT,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
};
