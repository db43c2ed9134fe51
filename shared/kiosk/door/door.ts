import { rulesOf } from '#shared/incident/rule-sets.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { catchUp } from '#shared/kiosk/storage/catch-up.ts';
import {
  type EnrolResponse,
  EnrolResponseSchema,
  type ExamineeSignInResponse,
  ExamineeSignInResponseSchema,
} from '#shared/wire/http.ts';

/** Turns a one-time code into this device's identity. */
export const enrol = async (
  deps: EngineDeps,
  code: string,
): Promise<Result<EnrolResponse, Problem>> => {
  const name = (deps.deviceName ?? deps.capabilities.platform).slice(0, 80) || 'kiosk';
  const publicKey = await deps.key.publicKey();
  const answer = await deps.api.request('POST', '/api/devices/enrol', {
    body: { code, name, publicKey },
  });
  if (!answer.ok) return answer;
  const body = check(EnrolResponseSchema, answer.value);
  return body.ok ? ok(body.value) : fail({ code: 'server-failed', detail: body.error.message });
};

/**
 * Signs the examinee in at the server.
 *
 * A device clock that is off is no reason to refuse: the device check tells it. An attempt of which the
 * server has more than this device is fetched from there if it is this device's own (its disk lost what its network
 * carried). Otherwise it was begun elsewhere and must not start anew here: `already-open-elsewhere`, since carrying
 * an attempt over to another device is a later capability.
 * @param localSeq how far this device's own ledger of an attempt goes.
 */
export const signIn = async (
  deps: EngineDeps,
  serverClock: ServerClock,
  deviceToken: string,
  credentials: { readonly document: string; readonly secret: string },
  localSeq: (attemptId: ExamineeSignInResponse['ticket']['attemptId']) => Promise<number>,
): Promise<Result<ExamineeSignInResponse, Problem>> => {
  const askedAt = deps.clock.monotonicMs();
  const answer = await deps.api.request('POST', '/api/examinees/sign-in', {
    token: deviceToken,
    body: { ...credentials, deviceTime: Math.max(0, Math.round(deps.clock.wallMs())) },
  });
  if (!answer.ok) return answer;
  const body = check(ExamineeSignInResponseSchema, answer.value);
  if (!body.ok) return fail({ code: 'server-failed', detail: body.error.message });
  serverClock.hear(body.value.serverTime, deps.clock.monotonicMs() - askedAt);
  const { ticket, lastSeq } = body.value;
  // Rules that this build does not have cannot be run: the machine must be updated before somebody sits an exam on it.
  if (rulesOf(ticket.policy) === null) {
    return fail({ code: 'protocol-version', detail: `rules of version ${ticket.policy.version}` });
  }
  if (lastSeq > (await localSeq(ticket.attemptId))) {
    const has = await catchUp(deps, ticket.attemptId, body.value.token);
    if (has < lastSeq) return fail({ code: 'already-open-elsewhere' });
  }
  return ok(body.value);
};
