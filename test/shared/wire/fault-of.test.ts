import { describe, expect, test } from 'vitest';
import {
  CONNECTION_CAUSES,
  type ConnectionCause,
  connectionFault,
  MAX_FAULT_DETAIL,
} from '#shared/kernel/connection-fault.ts';
import { causeOfStatus, faultOf } from '#shared/wire/fault-of.ts';

const coded = (code: string, message = 'as the system says it') =>
  Object.assign(new Error(message), { code });
/** As Node's `fetch` throws: the reason is the cause. */
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });

const CODES: Readonly<Partial<Record<ConnectionCause, string>>> = {
  'no-network': 'ENETUNREACH ENETDOWN EADDRNOTAVAIL ERR_INTERNET_DISCONNECTED',
  name: 'ENOTFOUND EAI_AGAIN EAI_NONAME ERR_NAME_NOT_RESOLVED ERR_NAME_RESOLUTION_FAILED ERR_DNS_TIMED_OUT',
  refused: 'ECONNREFUSED ERR_CONNECTION_REFUSED',
  timeout:
    'ETIMEDOUT EHOSTUNREACH UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT ERR_CONNECTION_TIMED_OUT ERR_TIMED_OUT ERR_ADDRESS_UNREACHABLE',
  cut: 'ECONNRESET EPIPE ECONNABORTED UND_ERR_SOCKET ERR_CONNECTION_RESET ERR_CONNECTION_CLOSED ERR_CONNECTION_ABORTED ERR_EMPTY_RESPONSE ERR_NETWORK_CHANGED ERR_NETWORK_IO_SUSPENDED ERR_CONTENT_LENGTH_MISMATCH ERR_INCOMPLETE_CHUNKED_ENCODING ERR_HTTP2_PROTOCOL_ERROR ERR_QUIC_PROTOCOL_ERROR',
  certificate:
    'DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY CERT_UNTRUSTED CERT_REVOKED CERT_REJECTED CERT_SIGNATURE_FAILURE INVALID_CA INVALID_PURPOSE ERR_CERT_AUTHORITY_INVALID ERR_CERT_REVOKED ERR_CERT_WEAK_SIGNATURE_ALGORITHM ERR_CERT_INVALID ERR_CERTIFICATE_TRANSPARENCY_REQUIRED ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN',
  'certificate-date': 'CERT_HAS_EXPIRED CERT_NOT_YET_VALID ERR_CERT_DATE_INVALID',
  'certificate-name': 'ERR_TLS_CERT_ALTNAME_INVALID HOSTNAME_MISMATCH ERR_CERT_COMMON_NAME_INVALID',
  tls: 'EPROTO ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_PROTOCOL_ERROR ERR_SSL_VERSION_OR_CIPHER_MISMATCH ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION ERR_BAD_SSL_CLIENT_AUTH_CERT',
  proxy:
    'ERR_PROXY_CONNECTION_FAILED ERR_PROXY_AUTH_REQUESTED ERR_PROXY_AUTH_UNSUPPORTED ERR_PROXY_CERTIFICATE_INVALID ERR_UNEXPECTED_PROXY_AUTH ERR_TUNNEL_CONNECTION_FAILED ERR_SOCKS_CONNECTION_FAILED ERR_SOCKS_CONNECTION_HOST_UNREACHABLE ERR_NO_SUPPORTED_PROXIES ERR_MANDATORY_PROXY_CONFIGURATION_FAILED ERR_PAC_SCRIPT_FAILED',
  stranger:
    'HPE_INVALID_CONSTANT HPE_INVALID_VERSION ERR_INVALID_RESPONSE ERR_INVALID_HTTP_RESPONSE ERR_UNSAFE_REDIRECT ERR_TOO_MANY_REDIRECTS',
  blocked:
    'EACCES EPERM ERR_NETWORK_ACCESS_DENIED ERR_BLOCKED_BY_CLIENT ERR_BLOCKED_BY_ADMINISTRATOR',
  unknown: 'ERR_FAILED E_SOMETHING_NEW',
};
const table = Object.entries(CODES).flatMap(([cause, codes]) =>
  codes.split(' ').map((code) => [code, cause] as const),
);

describe('what systems and libraries call it', () => {
  test.each(table)('%s: %s', (code, cause) => {
    expect(faultOf(coded(code)).cause).toBe(cause);
    expect(faultOf(fetchFailed(coded(code))).cause).toBe(cause);
    expect(faultOf(fetchFailed(coded(code))).detail).toContain(code);
    // Electron's `net` has the name in its message alone.
    if (code.startsWith('ERR_')) expect(faultOf(new Error(`net::${code}`)).cause).toBe(cause);
  });

  test('a limit of time is one, whoever set it', async () => {
    const { reason } = AbortSignal.abort(new DOMException('too late', 'TimeoutError'));
    expect(faultOf(reason)).toEqual({ cause: 'timeout', detail: 'too late' });
  });

  test('of several addresses the one counts that says why', () => {
    const both = Object.assign(
      new AggregateError([coded('ENETUNREACH', 'over IPv6'), coded('ETIMEDOUT', 'over IPv4')]),
      { code: 'ENETUNREACH' },
    );
    expect(faultOf(fetchFailed(both))).toEqual({
      cause: 'timeout',
      detail: 'ETIMEDOUT: over IPv4',
    });
    const none = new AggregateError([coded('ENETUNREACH'), coded('ENETUNREACH')]);
    expect(faultOf(fetchFailed(none)).cause).toBe('no-network');
  });

  test.each([
    ['Proxy response (407) !== 200 when HTTP Tunneling', 'proxy'],
    ['tunneling socket could not be established, statusCode=407', 'proxy'],
    ['Unexpected server response: 407', 'proxy'],
    ['Unexpected server response: 502', 'gateway'],
    ['Unexpected server response: 302', 'stranger'],
    ['Unexpected server response: 403', 'unknown'],
  ])('%s', (message, cause) => {
    expect(faultOf(new Error(message)).cause).toBe(cause);
  });

  test.each<[unknown]>([[null], [undefined], ['text'], [7], [{}], [new Error('')], [Symbol('x')]])(
    'never throws: %s',
    (failure) => {
      expect(faultOf(failure).cause).toBe('unknown');
    },
  );

  test('ends with errors that cause themselves, and with long ones', () => {
    const circle = new Error('round');
    circle.cause = circle;
    expect(faultOf(circle).cause).toBe('unknown');
    const { detail } = faultOf(coded('ECONNRESET', `line\r\n\u0000 ${'x'.repeat(5_000)}`));
    expect(detail.length).toBeLessThanOrEqual(MAX_FAULT_DETAIL);
    expect(detail).toMatch(/^ECONNRESET: line x+$/);
  });
});

test('what a status says', () => {
  const said = [200, 204, 302, 307, 400, 401, 403, 404, 407, 429, 500, 502, 503, 504, 511, 522, 0];
  expect(said.map((status) => [status, causeOfStatus(status)])).toEqual([
    [200, null],
    [204, null],
    [302, 'stranger'],
    [307, 'stranger'],
    [400, null],
    [401, null],
    [403, null],
    [404, null],
    [407, 'proxy'],
    [429, null],
    [500, 'gateway'],
    [502, 'gateway'],
    [503, 'gateway'],
    [504, 'gateway'],
    [511, 'stranger'],
    [522, 'gateway'],
    [0, 'stranger'],
  ]);
});

test('each cause is told apart in the table or by a status', () => {
  const seen = new Set([...table.map(([, cause]) => cause), 'gateway']);
  expect([...seen].toSorted()).toEqual([...CONNECTION_CAUSES].toSorted());
  expect(connectionFault('name')).toEqual({ cause: 'name', detail: '' });
});
