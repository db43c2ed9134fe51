import type { Place } from '#renderer/dashboard/room/sessions.ts';
import { ok } from '#shared/kernel/result.ts';
import type { Answer, Ask } from '#shared/wire/ask.ts';
import {
  type Builds,
  BuildsResponseSchema,
  type DeviceDetail,
  DeviceDetailResponseSchema,
  type DevicesResponse,
  DevicesResponseSchema,
  DoneResponseSchema,
  ExitCodeResponseSchema,
  type NewCodes,
  type NewCodesRequest,
  NewCodesResponseSchema,
  VoidCodesResponseSchema,
} from '#shared/wire/devices.ts';

/** What the dashboard asks about devices. Nothing throws: no network is the problem `offline`. */
export interface DevicesApi {
  list(): Answer<DevicesResponse>;
  detail(id: string): Answer<DeviceDetail>;
  revoke(id: string, reason: string): Answer<null>;
  newCodes(request: NewCodesRequest): Answer<NewCodes>;
  /** Ends the codes that nobody used. @returns how many. */
  voidCodes(): Answer<number>;
  builds(): Answer<Builds>;
  allowBuild(build: string, label: string): Answer<null>;
  forbidBuild(build: string): Answer<null>;
  /** Every call is on record. */
  exitCode(place: Place): Answer<string>;
}

const segment = encodeURIComponent;

export const createDevicesApi = (ask: Ask): DevicesApi => {
  const done = async (answer: Answer<unknown>): Answer<null> => {
    const outcome = await answer;
    return outcome.ok ? ok(null) : outcome;
  };
  return {
    list: () => ask('api/devices', DevicesResponseSchema),
    detail: (id) => ask(`api/devices/${segment(id)}`, DeviceDetailResponseSchema),
    revoke: (id, reason) =>
      done(
        ask(`api/devices/${segment(id)}/revoke`, DoneResponseSchema, {
          method: 'POST',
          body: { reason },
        }),
      ),
    newCodes: (body) => ask('api/devices/codes', NewCodesResponseSchema, { method: 'POST', body }),
    voidCodes: async () => {
      const answer = await ask('api/devices/codes', VoidCodesResponseSchema, { method: 'DELETE' });
      return answer.ok ? ok(answer.value.ended) : answer;
    },
    builds: () => ask('api/builds', BuildsResponseSchema),
    allowBuild: (build, label) =>
      done(
        ask(`api/builds/${segment(build)}`, DoneResponseSchema, { method: 'PUT', body: { label } }),
      ),
    forbidBuild: (build) =>
      done(ask(`api/builds/${segment(build)}`, DoneResponseSchema, { method: 'DELETE' })),
    exitCode: async ({ roomId, sessionId }) => {
      const path = `api/rooms/${segment(roomId)}/sessions/${segment(sessionId)}/exit-code`;
      const answer = await ask(path, ExitCodeResponseSchema, { method: 'POST' });
      return answer.ok ? ok(answer.value.code) : answer;
    },
  };
};
