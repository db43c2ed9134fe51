import {
  type ConnectionCause,
  type ConnectionFault,
  connectionFault,
} from '#shared/kernel/connection-fault.ts';

/**
 * Names that systems and libraries give to failures: errno (libuv), OpenSSL as Node tells it, undici, llhttp, `ws` and
 * Chromium's `net::` errors. The first that fits counts.
 */
const CODES: readonly (readonly [RegExp, ConnectionCause])[] = [
  [/^(ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ERR_INTERNET_DISCONNECTED)$/, 'no-network'],
  [/^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|EREFUSED|EBADNAME)$/, 'name'],
  [/^ERR_(NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|ICANN_NAME_COLLISION|DNS_\w+)$/, 'name'],
  [/^(ECONNREFUSED|ERR_CONNECTION_REFUSED)$/, 'refused'],
  [/^ERR_(TUNNEL_CONNECTION_FAILED|MANDATORY_PROXY_CONFIGURATION_FAILED|PAC_\w+)$/, 'proxy'],
  [/^ERR_(\w*PROXY\w*|PROXIES\w*|NO_SUPPORTED_PROXIES|SOCKS_\w+|HTTPS_PROXY_\w+)$/, 'proxy'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|EHOSTUNREACH|EHOSTDOWN|TimeoutError|AbortError)$/, 'timeout'],
  [/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/, 'timeout'],
  [/^ERR_(CONNECTION_TIMED_OUT|TIMED_OUT|ADDRESS_UNREACHABLE)$/, 'timeout'],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|ERROR_IN_CERT_NOT_\w+)$/, 'certificate-date'],
  [/^ERR_CERT_(DATE_INVALID|VALIDITY_TOO_LONG)$/, 'certificate-date'],
  [
    /^(ERR_TLS_CERT_ALTNAME_\w+|HOSTNAME_MISMATCH|ERR_CERT_COMMON_NAME_INVALID)$/,
    'certificate-name',
  ],
  [/^(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?$/, 'certificate'],
  [
    /^UNABLE_TO_(GET_ISSUER_CERT\w*|VERIFY_LEAF_SIGNATURE|GET_CRL\w*|DECRYPT_\w+|DECODE_\w+)$/,
    'certificate',
  ],
  [/^(CERT|CRL)_\w+$/, 'certificate'],
  [/^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/, 'certificate'],
  [/^ERR_(CERT_\w+|CERTIFICATE_\w+|SSL_PINNED_KEY_NOT_IN_CERT_CHAIN)$/, 'certificate'],
  [/^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+|ERR_BAD_SSL_\w+|ERR_ECH_\w+)$/, 'tls'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|ENOTCONN|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_SOCKET)$/, 'cut'],
  [
    /^ERR_(CONNECTION_(RESET|CLOSED|ABORTED|FAILED)|EMPTY_RESPONSE|NETWORK_(CHANGED|IO_SUSPENDED))$/,
    'cut',
  ],
  [/^ERR_(CONTENT_LENGTH_MISMATCH|INCOMPLETE_\w+|SOCKET_NOT_CONNECTED|HTTP2_\w+|QUIC_\w+)$/, 'cut'],
  [/^UND_ERR_RES_CONTENT_LENGTH_MISMATCH$/, 'cut'],
  [/^(EACCES|EPERM|ERR_NETWORK_ACCESS_DENIED|ERR_BLOCKED_BY_\w+|ERR_ACCESS_DENIED)$/, 'blocked'],
  [/^(HPE_\w+|HTTPParserError|WS_ERR_\w+)$/, 'stranger'],
  [
    /^ERR_(INVALID_(HTTP_)?RESPONSE|UNSAFE_REDIRECT|TOO_MANY_REDIRECTS|RESPONSE_HEADERS_\w+)$/,
    'stranger',
  ],
];

const causeOfCode = (code: string): ConnectionCause | null =>
  CODES.find(([pattern]) => pattern.test(code))?.[1] ?? null;

/** A proxy's refusal of the tunnel stands in no code, and neither do Chromium's errors: `net::ERR_…`. */
const causeOfMessage = (message: string): ConnectionCause | null => {
  const chromium = /\bnet::(ERR_\w+)/.exec(message)?.[1];
  if (chromium !== undefined) return causeOfCode(chromium);
  if (/proxy response|proxy connection|tunneling socket/i.test(message)) return 'proxy';
  const status = /unexpected server response: (\d{3})/i.exec(message)?.[1];
  return status === undefined ? null : causeOfStatus(Number(status));
};

/**
 * What an answer's status says when it is not our server's own answer.
 * @param status 0 where a browser was sent elsewhere and does not say where.
 * @returns null when it says nothing about the connection.
 */
export const causeOfStatus = (status: number): ConnectionCause | null => {
  if (status === 407) return 'proxy';
  if (status === 511 || status === 0 || (status >= 300 && status < 400)) return 'stranger';
  return status >= 500 ? 'gateway' : null;
};

interface Link {
  readonly code: string;
  readonly name: string;
  readonly message: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** How deep errors are taken apart; a circle ends here too. */
const DEEPEST = 6;

/** The error and what it says that caused it, the innermost first. */
const chainOf = (failure: unknown, depth = 0): readonly Link[] => {
  if (typeof failure !== 'object' || failure === null || depth > DEEPEST) return [];
  const { code, name, message, cause, errors } = failure as Record<string, unknown>;
  const inner = Array.isArray(errors) ? errors.slice(0, DEEPEST) : [];
  return [
    ...chainOf(cause, depth + 1),
    ...inner.flatMap((one) => chainOf(one, depth + 1)),
    { code: text(code), name: text(name), message: text(message) },
  ];
};

/**
 * What a failed request tells of its cause. Never throws.
 * @param failure what the library threw: `fetch` of Node and of Electron, sockets, TLS, `ws`.
 */
export const faultOf = (failure: unknown): ConnectionFault => {
  const chain = chainOf(failure);
  const told = chain.flatMap(({ code, name, message }) => {
    const cause = causeOfCode(code) ?? causeOfMessage(message) ?? causeOfCode(name);
    if (cause === null) return [];
    const unsaid = code === '' || message.includes(code);
    return [connectionFault(cause, unsaid ? message : `${code}: ${message}`)];
  });
  // A machine without IPv6 fails at once where it tries both, and that is not why.
  const [first] = [...told.filter(({ cause }) => cause !== 'no-network'), ...told];
  if (first !== undefined) return first;
  const said = chain.map(({ code, message }) => `${code} ${message}`.trim()).join('; ');
  return connectionFault('unknown', said === '' ? String(failure) : said);
};
