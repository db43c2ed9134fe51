import type { Static, TSchema } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';
import {
  type ConnectionCause,
  connectionFault,
  NoAnswerError,
} from '#shared/kernel/connection-fault.ts';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import { causeOfStatus } from './fault-of.ts';
import { ErrorBodySchema } from './http.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One request as it goes over the wire. */
export interface Outgoing {
  readonly method: Method;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  readonly timeoutMs: number;
  /** How much has left this computer, 0..1, where the runtime can tell. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** What came back, read to its end. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** The header `retry-after`. */
  readonly retryAfter: string | null;
  /** Where the answer sends the request to, of one that does. */
  readonly location?: string | null;
}

/**
 * Brings a request to the server. Rejects when no whole answer came: no network, too late, broken off; with a
 * `NoAnswerError` where the runtime tells why.
 */
export type Carry = (request: Outgoing) => Promise<Reply>;

export type Answer<T> = Promise<Result<T, Problem>>;

export interface AskOptions {
  readonly method?: Method;
  /** Who asks, where no cookie says it. */
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as they are, instead of `body`. */
  readonly bytes?: Uint8Array;
  readonly mime?: string;
  readonly timeoutMs?: number;
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** Asks for `path` and checks the answer. Nothing throws: no network is the problem `offline`. */
export type Ask = <S extends TSchema>(
  path: string,
  schema: S,
  options?: AskOptions,
) => Answer<Static<S>>;

/** The code for a refusal that is not our server's own. */
export type Foreign = (status: number) => ProblemCode;

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  429: 'rate-limited',
};

/** For people: a proxy's page says by its status what they can do. */
export const byStatus: Foreign = (status) => BY_STATUS[status] ?? 'server-failed';

const NO_JSON = Symbol('no JSON');

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return NO_JSON;
  }
};

/** Has the shape of our refusals, of a later version perhaps. */
const looksOurs = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'problem' in body;

const strangerDetail = ({ status, text, location }: Reply): string => {
  const to = location == null ? '' : ` to ${location}`;
  const title = /<title[^>]*>([^<]{1,80})/i.exec(text)?.[1];
  return connectionFault(
    'stranger',
    `HTTP ${status}${to}${title === undefined ? '' : ` "${title}"`}`,
  ).detail;
};

/** What a refused request says. A body that is not ours (a proxy's page) still becomes a known problem, with its cause. */
export const problemOf = (reply: Reply, foreign: Foreign): Problem => {
  const { status, text, retryAfter } = reply;
  const body = jsonOf(text);
  const known = check(ErrorBodySchema, body);
  const problem: Problem = known.ok
    ? known.value.problem
    : foreignProblem(reply, foreign(status), looksOurs(body));
  const seconds = Number(retryAfter ?? 0);
  return problem.retryAfterMs === undefined && Number.isFinite(seconds) && seconds > 0
    ? { ...problem, retryAfterMs: Math.min(MOST, Math.ceil(seconds * 1_000)) }
    : problem;
};

const foreignProblem = (reply: Reply, code: ProblemCode, ours: boolean): Problem => {
  const detail = strangerDetail(reply);
  // A status of its own (401, 413) says to people what they can do; whoever said it.
  const said = ours ? null : causeOfStatus(reply.status);
  const cause: ConnectionCause | null =
    said ?? (code === 'server-failed' && !ours ? 'stranger' : null);
  return cause === null ? { code, detail } : { code, detail, cause };
};

const contentOf = ({ body, bytes, mime }: AskOptions): Pick<Outgoing, 'headers' | 'body'> => {
  if (bytes !== undefined) {
    const type = mime ?? 'application/octet-stream';
    return { headers: { 'content-type': type }, body: new Uint8Array(bytes) };
  }
  return body === undefined
    ? { headers: {}, body: null }
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
};

/**
 * The core under every client of the server: one request, its answer parsed and not checked. Never throws.
 * @param timeoutMs for requests that name none of their own.
 * @returns null as the value where an accepted request has no body.
 */
export const exchange = async (
  carry: Carry,
  path: string,
  options: AskOptions,
  { timeoutMs, foreign }: { readonly timeoutMs: number; readonly foreign: Foreign },
): Answer<unknown> => {
  const { headers, body } = contentOf(options);
  const { method = 'GET', token, onProgress } = options;
  let reply: Reply;
  try {
    reply = await carry({
      method,
      path,
      headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
      body,
      timeoutMs: options.timeoutMs ?? timeoutMs,
      onProgress,
    });
  } catch (failure) {
    const { cause, detail } =
      failure instanceof NoAnswerError
        ? failure.fault
        : connectionFault('unknown', String(failure));
    return fail({ code: 'offline', cause, ...(detail === '' ? {} : { detail }) });
  }
  if (reply.status < 200 || reply.status >= 300) return fail(problemOf(reply, foreign));
  if (reply.text.trim() === '') return ok(null);
  const said = jsonOf(reply.text);
  if (said !== NO_JSON) return ok(said);
  // Our server says JSON or nothing: a network's sign-in page says that all is well.
  return fail({ code: 'server-failed', detail: strangerDetail(reply), cause: 'stranger' });
};

/**
 * How a page asks the server. An answer that does not fit is `protocol-version`: the page is older or newer.
 * @param timeoutMs after which a request is given up as `offline`.
 */
export const createAsk =
  (carry: Carry, timeoutMs: number): Ask =>
  async (path, schema, options = {}) => {
    const answer = await exchange(carry, path, options, { timeoutMs, foreign: byStatus });
    if (!answer.ok) return answer;
    const value = check(schema, answer.value);
    if (value.ok) return ok(value.value);
    const detail = `${path} ${value.error.path} ${value.error.message}`.slice(0, 500);
    return fail({ code: 'protocol-version', detail });
  };
