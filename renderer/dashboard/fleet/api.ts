import { order, type Server, segment } from '#renderer/dashboard/shell/desk-ask.ts';
import { ok } from '#shared/kernel/result.ts';
import type { Answer } from '#shared/wire/ask.ts';
import {
  type Builds,
  BuildsResponseSchema,
  type DeviceDetail,
  DeviceDetailResponseSchema,
  type DevicesResponse,
  DevicesResponseSchema,
  DoneResponseSchema,
  type NewCodes,
  type NewCodesRequest,
  NewCodesResponseSchema,
  VoidCodesResponseSchema,
} from '#shared/wire/devices.ts';

/** Devices, the codes that enrol them, and the builds of the kiosk that are allowed. */
export interface FleetApi {
  list(): Answer<DevicesResponse>;
  detail(id: string): Answer<DeviceDetail>;
  revoke(id: string, reason: string): Answer<null>;
  newCodes(request: NewCodesRequest): Answer<NewCodes>;
  /** Ends the codes that nobody used. @returns how many. */
  voidCodes(): Answer<number>;
  builds(): Answer<Builds>;
  allowBuild(build: string, label: string): Answer<null>;
  forbidBuild(build: string): Answer<null>;
}

export const createFleetApi = (server: Server): FleetApi => {
  const { ask } = server;
  return {
    list: () => ask('api/devices', DevicesResponseSchema),
    detail: (id) => ask(`api/devices/${segment(id)}`, DeviceDetailResponseSchema),
    revoke: (id, reason) =>
      order(server, `api/devices/${segment(id)}/revoke`, DoneResponseSchema, {
        method: 'POST',
        body: { reason },
      }),
    newCodes: (body) => ask('api/devices/codes', NewCodesResponseSchema, { method: 'POST', body }),
    voidCodes: async () => {
      const answer = await ask('api/devices/codes', VoidCodesResponseSchema, { method: 'DELETE' });
      return answer.ok ? ok(answer.value.ended) : answer;
    },
    builds: () => ask('api/builds', BuildsResponseSchema),
    allowBuild: (build, label) =>
      order(server, `api/builds/${segment(build)}`, DoneResponseSchema, {
        method: 'PUT',
        body: { label },
      }),
    forbidBuild: (build) =>
      order(server, `api/builds/${segment(build)}`, DoneResponseSchema, { method: 'DELETE' }),
  };
};
