import type { Static, TSchema } from 'typebox';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  type DeletionCertificate,
  DeletionCertificateSchema,
  EnrolmentDeleteResponseSchema,
  type EnrolmentSignInRequestSchema,
  type EnrolmentSignInResponse,
  EnrolmentSignInResponseSchema,
  type EnrolmentStatus,
  EnrolmentStatusSchema,
  type EnrolmentSubmitRequest,
  type KeptData,
  KeptDataSchema,
} from '#shared/wire/enrolment.ts';
import { ErrorBodySchema } from '#shared/wire/http.ts';

export type Answer<T> = Promise<Result<T, Problem>>;
export type SignInRequest = Static<typeof EnrolmentSignInRequestSchema>;

/** What the page asks the server. Nothing throws: no network is the problem `offline`. */
export interface EnrolmentApi {
  signIn(request: SignInRequest): Answer<EnrolmentSignInResponse>;
  /** How it stands now. */
  status(token: string): Answer<EnrolmentStatus>;
  /** @param onProgress how much has left this computer, 0..1. */
  submit(
    token: string,
    request: EnrolmentSubmitRequest,
    onProgress: (part: number) => void,
  ): Answer<EnrolmentStatus>;
  /** What is kept about the person. */
  data(token: string): Answer<KeptData>;
  /** Withdraws the consent. */
  withdraw(token: string): Answer<DeletionCertificate>;
  certificate(token: string, id: string): Answer<DeletionCertificate>;
}

/** Without a byte in either direction for so long a request is given up, ms: pictures go over slow lines. */
const SILENCE_MS = 30_000;

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  429: 'rate-limited',
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** What a refused request says; a body that is not ours (a proxy's page) still becomes a known problem. */
export const problemOf = (status: number, text: string, retryAfter: string | null): Problem => {
  const known = check(ErrorBodySchema, jsonOf(text));
  const problem: Problem = known.ok
    ? known.value.problem
    : { code: BY_STATUS[status] ?? 'server-failed', detail: `HTTP ${status}` };
  const seconds = Number(retryAfter ?? 0);
  return problem.retryAfterMs === undefined && seconds > 0
    ? { ...problem, retryAfterMs: Math.ceil(seconds * 1_000) }
    : problem;
};

interface Request {
  readonly method: 'GET' | 'POST';
  readonly token?: string;
  readonly body?: unknown;
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** XMLHttpRequest, because only it says how much of an upload is gone. */
const ask = <S extends TSchema>(
  url: URL,
  schema: S,
  { method, token, body, onProgress }: Request,
): Answer<Static<S>> =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let silence: ReturnType<typeof setTimeout> | undefined;
    const alive = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), SILENCE_MS);
    };
    const done = (result: Result<Static<S>, Problem>): void => {
      clearTimeout(silence);
      resolve(result);
    };
    request.open(method, url);
    if (token !== undefined) request.setRequestHeader('authorization', `Bearer ${token}`);
    if (body !== undefined) request.setRequestHeader('content-type', 'application/json');
    request.upload.onprogress = ({ loaded, total }) => {
      alive();
      if (total > 0) onProgress?.(loaded / total);
    };
    request.onprogress = alive;
    request.onerror = () => done(fail({ code: 'offline' }));
    request.onabort = () => done(fail({ code: 'offline' }));
    request.onload = () => {
      const { status, responseText } = request;
      if (status < 200 || status > 299) {
        const retry = request.getResponseHeader('retry-after');
        return done(fail(problemOf(status, responseText, retry)));
      }
      const value = check(schema, jsonOf(responseText));
      if (value.ok) return done(ok(value.value));
      const { path, message } = value.error;
      return done(fail({ code: 'protocol-version', detail: `${path} ${message}`.slice(0, 500) }));
    };
    alive();
    request.send(body === undefined ? null : JSON.stringify(body));
  });

/** @param root the address that `api/` lives under, with a slash at the end. */
export const createEnrolmentApi = (root: URL): EnrolmentApi => {
  const at = (path: string): URL => new URL(`api/enrolment/${path}`, root);
  return {
    signIn: (body) => ask(at('sign-in'), EnrolmentSignInResponseSchema, { method: 'POST', body }),
    status: (token) => ask(at('me'), EnrolmentStatusSchema, { method: 'GET', token }),
    submit: (token, body, onProgress) =>
      ask(at('submit'), EnrolmentStatusSchema, { method: 'POST', token, body, onProgress }),
    data: (token) => ask(at('me/data'), KeptDataSchema, { method: 'GET', token }),
    withdraw: async (token) => {
      const answer = await ask(at('me/delete'), EnrolmentDeleteResponseSchema, {
        method: 'POST',
        token,
      });
      return answer.ok ? ok(answer.value.certificate) : answer;
    },
    certificate: (token, id) =>
      ask(at(`me/certificates/${encodeURIComponent(id)}`), DeletionCertificateSchema, {
        method: 'GET',
        token,
      }),
  };
};
