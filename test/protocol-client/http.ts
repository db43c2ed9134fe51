import type { Json, JsonObject } from './canonical.ts';

/** What a server refused, with the code of the protocol's table. */
export class Refused extends Error {
  readonly code: string;
  readonly retryAfterMs: number;
  constructor(status: number, body: unknown) {
    const { problem } = (body ?? {}) as {
      problem?: { code: string; detail?: string; retryAfterMs?: number };
    };
    super(`${status} ${problem?.code ?? 'no problem in it'}: ${problem?.detail ?? ''}`);
    this.code = problem?.code ?? '';
    this.retryAfterMs = problem?.retryAfterMs ?? 0;
  }
}

/** Asks a server. @returns the answer's JSON. @throws Refused */
export const ask = async <T>(
  origin: string,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  token: string | null,
  body?: Json | Uint8Array<ArrayBuffer>,
): Promise<T> => {
  const bytes = body instanceof Uint8Array;
  const answer = await fetch(origin + path, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': bytes ? 'image/jpeg' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
  });
  const said: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, said);
  return said as T;
};

export interface KindPolicy {
  readonly effect: 'count' | 'review' | 'ignore';
  readonly minMs: number;
  readonly warnAfterMs: number | null;
  readonly breakMs: number;
}
export interface Policy extends JsonObject {
  readonly version: number;
  readonly copyAttemptLimit: number;
  readonly cameraExempt: boolean;
  readonly episodeGapMs: number;
  readonly episodeCrossGapMs: number;
  readonly episodeMaxMs: number;
  readonly kinds: Readonly<Record<string, KindPolicy & JsonObject>>;
}
export interface Ticket {
  readonly attemptId: string;
  readonly sessionId: string;
  readonly room: { readonly id: string };
  readonly exam: { readonly durationMs: number };
  readonly shift: { readonly startsAt: number; readonly endsAt: number };
  readonly policy: Policy;
  readonly rulesVersion: string;
  readonly identity: JsonObject;
  readonly staffExit: {
    readonly salt: string;
    readonly hash: string;
    readonly iterations: number;
  } | null;
}
export interface SignedIn {
  readonly token: string;
  readonly serverTime: number;
  readonly ticket: Ticket;
  readonly lastSeq: number;
}
export interface Form extends JsonObject {
  readonly questions: readonly (JsonObject & {
    readonly id: string;
    readonly type: string;
    readonly options: readonly (JsonObject & { readonly id: string })[];
  })[];
}
