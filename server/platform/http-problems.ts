import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import { problem } from './problems.ts';
import { isStorageFault } from './storage-fault.ts';
import { UnstorableTextError } from './unit-of-work.ts';

/** HTTP status of each problem code. */
const STATUS: Readonly<Record<ProblemCode, number>> = {
  'bad-request': 400,
  'too-large': 413,
  unauthorised: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'rate-limited': 429,
  'wrong-credentials': 401,
  'wrong-exit-code': 403,
  'unknown-code': 404,
  'code-used': 409,
  'device-not-enrolled': 401,
  'device-changed': 409,
  'no-attempt-today': 404,
  'too-early': 409,
  'too-late': 409,
  'already-open-elsewhere': 409,
  'attempt-closed': 409,
  'captures-differ': 422,
  'wrong-document': 422,
  'not-in-this-stage': 409,
  'chain-broken': 409,
  'bad-signature': 400,
  'protocol-version': 400,
  offline: 503,
  'clock-skewed': 409,
  'storage-failed': 503,
  'server-failed': 500,
};

/** Thrown by routes and hooks; the error handler answers with the problem and its status. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(refusal: Problem) {
    super(refusal.code);
    this.problem = refusal;
  }
}

/** @throws ProblemError when the result is a failure. */
export const unwrap = <T>(result: Result<T, Problem>): T => {
  if (result.ok) return result.value;
  throw new ProblemError(result.error);
};

/** What went wrong before a route was reached (size, JSON, schema), as a problem. */
const fromFramework = (error: FastifyError): Problem => {
  const status = error.statusCode ?? 500;
  // The other side went away in the middle of its body; nobody reads the answer.
  if (error.code === 'ECONNRESET') return problem('bad-request', 'connection lost');
  if (status === 413) return problem('too-large');
  if (status === 429) return problem('rate-limited');
  if (status === 404) return problem('not-found');
  if (status >= 400 && status < 500) {
    return problem('bad-request', error.validation === undefined ? error.code : error.message);
  }
  return problem('server-failed');
};

/** When it makes sense to ask a database again that went away, ms. */
const STORAGE_RETRY_MS = 1_000;

const problemOf = (error: unknown): Problem => {
  if (error instanceof ProblemError) return error.problem;
  if (isStorageFault(error)) {
    return problem('storage-failed', undefined, STORAGE_RETRY_MS);
  }
  if (error instanceof UnstorableTextError) return problem('bad-request', 'U+0000 in a text');
  return fromFramework(error as FastifyError);
};

/** The last stop of every failed request: a problem, its status, a log line; never a stack. */
export const answerProblem = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const refusal = problemOf(error);
  const status = STATUS[refusal.code];
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  else request.log.info({ problem: refusal.code, detail: refusal.detail }, 'request refused');
  if (refusal.retryAfterMs !== undefined) {
    reply.header('retry-after', Math.ceil(refusal.retryAfterMs / 1_000));
  }
  // The body may have been left unread (too large, refused early): do not reuse the connection.
  if (status === 413) reply.header('connection', 'close');
  return reply.code(status).type('application/json').send({ problem: refusal });
};

/**
 * What is no HTTP at all, or has more headers than any program of this protocol sends: no request exists yet, so the
 * answer is written by hand, in the shape of every other.
 */
export const answerClientError = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, refusal] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? (['431 Request Header Fields Too Large', problem('too-large', 'headers')] as const)
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? (['408 Request Timeout', problem('bad-request', 'the request took too long')] as const)
        : (['400 Bad Request', problem('bad-request', 'not HTTP')] as const);
  const body = JSON.stringify({ problem: refusal });
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};
