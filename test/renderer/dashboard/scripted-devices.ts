import type { FastifyInstance, FastifyReply, preHandlerAsyncHookHandler } from 'fastify';
import type { TSchema } from 'typebox';
import type { Problem } from '#shared/kernel/problem.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  AllowBuildRequestSchema,
  BuildsResponseSchema,
  DeviceDetailResponseSchema,
  type DeviceRow,
  DevicesResponseSchema,
  NewCodesRequestSchema,
  RevokeRequestSchema,
} from '#shared/wire/devices.ts';
import { BUILD, builds, detailOf, fleet } from './device-data.ts';

/** The devices of the scripted server, and what was done with them. */
export interface ScriptedDevices {
  devices: DeviceRow[];
  allowed: string[];
  openCodes: number;
  /** Names in the list of builds, where they are not the usual ones. */
  words: { readonly label?: string; readonly oldVersion?: string };
  /** What was ordered, oldest first. */
  readonly done: string[];
  reset(): void;
}

/** @param refuse answers with a problem. */
export const scriptedDevices = (
  app: FastifyInstance,
  guard: preHandlerAsyncHookHandler,
  refuse: (reply: FastifyReply, problem: Problem) => FastifyReply,
): ScriptedDevices => {
  const state: ScriptedDevices = {
    devices: [],
    allowed: [],
    openCodes: 0,
    words: {},
    done: [],
    reset: () => {
      state.devices = [...fleet()];
      state.allowed = [BUILD];
      state.openCodes = 4;
      state.words = {};
      state.done.length = 0;
    },
  };
  state.reset();
  /** The test's own answers must be what the real server may say. */
  const sound = <T>(schema: TSchema, value: T): T => {
    const fits = check(schema, value);
    if (!fits.ok) throw new Error(`${fits.error.path} ${fits.error.message}`);
    return value;
  };
  const options = { preHandler: guard };

  app.get('/api/devices', options, async () =>
    sound(DevicesResponseSchema, {
      devices: state.devices,
      openCodes: state.openCodes,
      rooms: [
        { id: 'room-1', name: 'Laboratorio 1' },
        { id: 'room-2', name: 'Laboratorio 2' },
      ],
    }),
  );
  app.get<{ Params: { id: string } }>('/api/devices/:id', options, async (request, reply) => {
    const row = state.devices.find(({ id }) => id === request.params.id);
    if (row === undefined) return refuse(reply, { code: 'not-found' });
    return sound(DeviceDetailResponseSchema, detailOf(row));
  });
  app.post<{ Params: { id: string } }>(
    '/api/devices/:id/revoke',
    options,
    async (request, reply) => {
      const body = check(RevokeRequestSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const { reason } = body.value;
      state.devices = state.devices.map((row) =>
        row.id === request.params.id
          ? { ...row, revoked: { at: Date.now(), by: 'Mónica Andrade', reason } }
          : row,
      );
      state.done.push(`revoke ${request.params.id}: ${reason}`);
      return {};
    },
  );
  app.post('/api/devices/codes', options, async (request, reply) => {
    const body = check(NewCodesRequestSchema, request.body);
    if (!body.ok) return refuse(reply, { code: 'bad-request' });
    const { count, roomId, validHours } = body.value;
    state.done.push(`codes ${count} ${roomId} ${validHours}`);
    state.openCodes += count;
    return {
      codes: Array.from({ length: count }, (_, i) => `ABCD-${String(2_000 + i)}`),
      expiresAt: Date.now() + validHours * 3_600_000,
    };
  });
  app.delete('/api/devices/codes', options, async () => {
    const ended = state.openCodes;
    state.openCodes = 0;
    state.done.push(`void ${ended}`);
    return { ended };
  });
  app.get('/api/builds', options, async () =>
    sound(BuildsResponseSchema, builds(state.allowed, state.words.label, state.words.oldVersion)),
  );
  app.put<{ Params: { build: string } }>('/api/builds/:build', options, async (request, reply) => {
    const body = check(AllowBuildRequestSchema, request.body);
    if (!body.ok) return refuse(reply, { code: 'bad-request' });
    state.allowed.push(request.params.build);
    state.done.push(`allow ${request.params.build.slice(0, 4)} ${body.value.label}`);
    return {};
  });
  app.delete<{ Params: { build: string } }>('/api/builds/:build', options, async (request) => {
    state.allowed = state.allowed.filter((build) => build !== request.params.build);
    state.done.push(`forbid ${request.params.build.slice(0, 4)}`);
    return {};
  });
  app.post('/api/rooms/:roomId/sessions/:sessionId/exit-code', options, async () => {
    state.done.push('exit-code');
    return { code: '7K3M-9QXD' };
  });
  return state;
};
