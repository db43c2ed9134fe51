import Type from 'typebox';
import { type Access, staffToken } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { tokenHash } from '#server/platform/tokens.ts';
import { type App, answers } from '#server/platform/typed.ts';
import { DeviceIdSchema, HashSchema } from '#shared/kernel/ids.ts';
import {
  AllowBuildRequestSchema,
  BuildsResponseSchema,
  DeviceDetailResponseSchema,
  DevicesResponseSchema,
  DoneResponseSchema,
  NewCodesRequestSchema,
  NewCodesResponseSchema,
  PassportResponseSchema,
  RevokeRequestSchema,
  VoidCodesResponseSchema,
} from '#shared/wire/devices.ts';
import { PassportSchema } from '#shared/wire/passport.ts';
import type { BuildList } from './builds.ts';
import type { Devices } from './devices.ts';

export interface DeviceRouteDeps {
  readonly who: Access;
  readonly limits: Limits;
  readonly devices: Devices;
  readonly builds: BuildList;
}

const DeviceParams = Type.Object({ deviceId: DeviceIdSchema });
const BuildParams = Type.Object({ build: HashSchema });
const staffOnly = [{ staff: [] }];

/** Devices: what they say of themselves, and what staff does with them. */
export const deviceRoutes = (app: App, deps: DeviceRouteDeps): void => {
  const { who, devices, builds } = deps;
  const passportLimit = perMinute(app, deps.limits.passportsPerDevice, ({ headers }) =>
    // The key is kept in memory: never the token itself.
    tokenHash(`passport ${headers.authorization ?? ''}`),
  );
  const codesLimit = perMinute(app, deps.limits.codesPerPerson, (request) =>
    tokenHash(`codes ${staffToken(request) ?? request.ip}`),
  );

  app.put(
    '/api/devices/me/passport',
    {
      schema: {
        summary: 'What a device is and what can be watched on it; sent again it changes nothing',
        security: [{ device: [] }],
        body: PassportSchema,
        response: answers(PassportResponseSchema),
      },
      preHandler: passportLimit,
    },
    async (request) => ({
      build: await devices.keepPassport(await who.device(request), request.body),
    }),
  );

  app.get(
    '/api/devices',
    {
      config: { right: 'devices' },
      schema: {
        summary: "The devices in the person's reach",
        security: staffOnly,
        response: answers(DevicesResponseSchema),
      },
    },
    async (request) => unwrap(await devices.list(await who.staff(request))),
  );

  app.get(
    '/api/devices/:deviceId',
    {
      config: { right: 'devices' },
      schema: {
        summary: 'One device with its passport',
        security: staffOnly,
        params: DeviceParams,
        response: answers(DeviceDetailResponseSchema),
      },
    },
    async (request) =>
      unwrap(await devices.detail(await who.staff(request), request.params.deviceId)),
  );

  app.post(
    '/api/devices/:deviceId/revoke',
    {
      config: { right: 'devices' },
      schema: {
        summary: "Ends a device's token; refused while an attempt is under way on it",
        security: staffOnly,
        params: DeviceParams,
        body: RevokeRequestSchema,
        response: answers(DoneResponseSchema),
      },
    },
    async (request) => {
      const { deviceId } = request.params;
      unwrap(await devices.revoke(await who.staff(request), deviceId, request.body.reason));
      return {};
    },
  );

  app.post(
    '/api/devices/codes',
    {
      config: { right: 'devices' },
      schema: {
        summary: 'New one-time enrolment codes, shown once',
        security: staffOnly,
        body: NewCodesRequestSchema,
        response: answers(NewCodesResponseSchema),
      },
      preHandler: codesLimit,
    },
    async (request) => unwrap(await devices.newCodes(await who.staff(request), request.body)),
  );

  app.delete(
    '/api/devices/codes',
    {
      config: { right: 'devices' },
      schema: {
        summary: 'Ends the enrolment codes that nobody used',
        security: staffOnly,
        response: answers(VoidCodesResponseSchema),
      },
    },
    async (request) => unwrap(await devices.voidCodes(await who.staff(request))),
  );

  app.get(
    '/api/builds',
    {
      config: { right: 'devices' },
      schema: {
        summary: 'The builds that are allowed, and those that run',
        security: staffOnly,
        response: answers(BuildsResponseSchema),
      },
    },
    async (request) => unwrap(await builds.list(await who.staff(request))),
  );

  app.put(
    '/api/builds/:build',
    {
      config: { right: 'builds' },
      schema: {
        summary: 'Puts a build on the list of those that are allowed',
        security: staffOnly,
        params: BuildParams,
        body: AllowBuildRequestSchema,
        response: answers(DoneResponseSchema),
      },
    },
    async (request) => {
      const { build } = request.params;
      unwrap(await builds.allow(await who.staff(request), build, request.body.label));
      return {};
    },
  );

  app.delete(
    '/api/builds/:build',
    {
      config: { right: 'builds' },
      schema: {
        summary: 'Takes a build off the list',
        security: staffOnly,
        params: BuildParams,
        response: answers(DoneResponseSchema),
      },
    },
    async (request) => {
      unwrap(await builds.forbid(await who.staff(request), request.params.build));
      return {};
    },
  );
};
