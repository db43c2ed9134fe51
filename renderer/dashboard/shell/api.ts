import Type, { type Static, type TSchema } from 'typebox';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  type AttemptDetail,
  type RoomSummary,
  roomSocketPath,
  type StaffProfile,
} from '#shared/wire/dashboard.ts';
import {
  AttemptDetailResponseSchema,
  type CommandRequest,
  CommandResponseSchema,
  ErrorBodySchema,
  HealthSchema,
  RoomsResponseSchema,
  StaffSignInResponseSchema,
} from '#shared/wire/http.ts';

/** A request that takes longer is given up as `offline`, ms. */
const REQUEST_TIMEOUT_MS = 10_000;
/** The probe that tells a silent server from a dead connection, ms. */
const HEALTH_TIMEOUT_MS = 4_000;

export type Answer<T> = Promise<Result<T, Problem>>;

/** What the dashboard asks the server. Nothing throws: no network is the problem `offline`. */
export interface DashboardApi {
  health(): Answer<Static<typeof HealthSchema>>;
  signIn(user: string, password: string): Answer<StaffProfile>;
  me(): Answer<StaffProfile>;
  signOut(): Answer<unknown>;
  rooms(): Answer<readonly RoomSummary[]>;
  attempt(attemptId: string): Answer<AttemptDetail>;
  /** Stores a command on the server; its id comes back, the same one for the same key. */
  command(attemptId: string, order: CommandRequest): Answer<{ readonly id: string }>;
  evidenceUrl(attemptId: string, hash: string): string;
  /** A picture of the enrolment; each look is on record. */
  identityUrl(attemptId: string, what: 'portrait' | 'document'): string;
  /** The last small picture, where the exam allows it; looks are on record. */
  thumbnailUrl(attemptId: string): string;
  exportUrl(attemptId: string): string;
  socketUrl(roomId: string, sessionId: string): string;
}

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

const retryAfter = (response: Response): number | undefined => {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds * 1_000) : undefined;
};

/** What a refused request says; a body that is not ours (a proxy's page) still becomes a known problem. */
const problemOf = (response: Response, body: unknown): Problem => {
  const known = check(ErrorBodySchema, body);
  const wait = retryAfter(response);
  if (known.ok) {
    const { problem } = known.value;
    return problem.retryAfterMs === undefined && wait !== undefined
      ? { ...problem, retryAfterMs: wait }
      : problem;
  }
  const detail = `HTTP ${response.status}`;
  if (response.status === 429) {
    return { code: 'rate-limited', detail, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  }
  if (response.status === 401) return { code: 'unauthorised', detail };
  if (response.status === 403) return { code: 'forbidden', detail };
  if (response.status === 404) return { code: 'not-found', detail };
  return { code: 'server-failed', detail };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const segment = encodeURIComponent;

const addressIn = (root: URL, path: string): string => new URL(path.replace(/^\//, ''), root).href;

/** Asks for `path` and checks the answer. */
export type Ask = <S extends TSchema>(
  path: string,
  schema: S,
  options?: RequestOptions,
) => Answer<Static<S>>;

/**
 * Requests to the server that served this page; the session is its http-only cookie.
 * @param root the address that `api/` lives under, with a slash at the end.
 */
export const createAsk =
  (root: URL): Ask =>
  async (path, schema, { method = 'GET', body, timeoutMs = REQUEST_TIMEOUT_MS } = {}) => {
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(addressIn(root, path), {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      // A body that breaks off is no answer; one that is not JSON (a proxy's page) is a wrong one.
      answer = jsonOf(await response.text());
    } catch {
      return fail({ code: 'offline' });
    }
    if (!response.ok) return fail(problemOf(response, answer));
    const value = check(schema, answer);
    if (value.ok) return ok(value.value);
    return fail({
      code: 'protocol-version',
      detail: `${path} ${value.error.path} ${value.error.message}`.slice(0, 500),
    });
  };

/** @param root as in `createAsk`. */
export const createDashboardApi = (root: URL, request: Ask = createAsk(root)): DashboardApi => {
  const address = (path: string): string => addressIn(root, path);
  return {
    health: () => request('api/health', HealthSchema, { timeoutMs: HEALTH_TIMEOUT_MS }),
    signIn: (user, password) =>
      request('api/staff/sign-in', StaffSignInResponseSchema, {
        method: 'POST',
        body: { user, password },
      }),
    me: () => request('api/staff/me', StaffSignInResponseSchema),
    signOut: () => request('api/staff/sign-out', Type.Unknown(), { method: 'POST' }),
    rooms: async () => {
      const answer = await request('api/rooms', RoomsResponseSchema);
      return answer.ok ? ok(answer.value.rooms) : answer;
    },
    attempt: (id) => request(`api/attempts/${segment(id)}`, AttemptDetailResponseSchema),
    command: (id, order) =>
      request(`api/attempts/${segment(id)}/commands`, CommandResponseSchema, {
        method: 'POST',
        body: order,
      }),
    evidenceUrl: (id, hash) => address(`api/attempts/${segment(id)}/evidence/${segment(hash)}`),
    identityUrl: (id, what) => address(`api/attempts/${segment(id)}/identity/${what}`),
    thumbnailUrl: (id) => address(`api/attempts/${segment(id)}/thumbnail`),
    exportUrl: (id) => address(`api/attempts/${segment(id)}/export`),
    socketUrl: (roomId, sessionId) => {
      const url = new URL(address(roomSocketPath(roomId, sessionId)));
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      return url.href;
    },
  };
};
