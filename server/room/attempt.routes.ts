import Type from 'typebox';
import type { Access } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import { type App, AttemptParams, answers, PICTURE, StillParams } from '#server/platform/typed.ts';
import { AttemptIdSchema } from '#shared/kernel/ids.ts';
import {
  AttemptDetailResponseSchema,
  BundleSchema,
  CommandRequestSchema,
  CommandResponseSchema,
  RoomsResponseSchema,
} from '#shared/wire/http.ts';
import type { OrderAttempt } from './attempt-orders.ts';
import type { AttemptRecords } from './attempt-records.ts';
import type { Rooms } from './rooms.ts';

export interface AttemptRouteDeps {
  readonly who: Access;
  readonly rooms: Rooms;
  readonly attemptRecords: AttemptRecords;
  readonly order: OrderAttempt;
}

const staffOnly = [{ staff: [] }];
const IdentityPictureParams = Type.Object({
  attemptId: AttemptIdSchema,
  what: Type.Union([Type.Literal('portrait'), Type.Literal('document')]),
});

/** The rooms, and what staff see of an attempt and do with it. */
export const attemptRoutes = (app: App, deps: AttemptRouteDeps): void => {
  const { who, attemptRecords } = deps;

  app.get(
    '/api/rooms',
    {
      config: { right: null },
      schema: {
        summary: "The rooms that the person may watch, with today's sessions",
        security: staffOnly,
        response: answers(RoomsResponseSchema),
      },
    },
    async (request) => ({ rooms: [...(await deps.rooms.list(await who.staff(request)))] }),
  );

  app.get(
    '/api/attempts/:attemptId',
    {
      config: { right: 'inspect' },
      schema: {
        summary: 'One attempt in full',
        security: staffOnly,
        params: AttemptParams,
        response: answers(AttemptDetailResponseSchema),
      },
    },
    async (request) =>
      unwrap(await attemptRecords.detail(await who.staff(request), request.params.attemptId)),
  );

  app.get(
    '/api/attempts/:attemptId/export',
    {
      config: { right: 'inspect' },
      schema: {
        summary: 'The bundle that can be verified off line',
        security: staffOnly,
        params: AttemptParams,
        response: answers(BundleSchema),
      },
    },
    async (request, reply) => {
      const { attemptId } = request.params;
      const bundle = unwrap(await attemptRecords.exportBundle(await who.staff(request), attemptId));
      reply.header('content-disposition', `attachment; filename="${attemptId}.atalaya.json"`);
      return bundle;
    },
  );

  app.post(
    '/api/attempts/:attemptId/commands',
    {
      config: { right: 'command' },
      schema: {
        summary:
          'Orders the kiosk to do something; kept until its ledger answers. Sent again with the same key it is the same order',
        security: staffOnly,
        params: AttemptParams,
        body: CommandRequestSchema,
        response: answers(CommandResponseSchema),
      },
    },
    async (request) =>
      unwrap(await deps.order(await who.staff(request), request.params.attemptId, request.body)),
  );

  app.get(
    '/api/attempts/:attemptId/evidence/:hash',
    {
      config: { right: 'inspect' },
      schema: {
        summary: 'A still; every look is recorded',
        security: staffOnly,
        params: StillParams,
        response: answers(PICTURE),
      },
    },
    async (request, reply) => {
      const { attemptId, hash } = request.params;
      const { mime, body } = unwrap(
        await attemptRecords.still(await who.staff(request), attemptId, hash),
      );
      // Not cached: the next look must be recorded too.
      reply.header('content-type', mime).header('cache-control', 'no-store');
      return reply.send(Buffer.from(body));
    },
  );

  app.get(
    '/api/attempts/:attemptId/identity/:what',
    {
      config: { right: 'inspect' },
      schema: {
        summary: "The enrolment's portrait or document; every look is recorded",
        security: staffOnly,
        params: IdentityPictureParams,
        response: answers(PICTURE),
      },
    },
    async (request, reply) => {
      const { attemptId, what } = request.params;
      const staff = await who.staff(request);
      const body = unwrap(await attemptRecords.identityPicture(staff, attemptId, what));
      reply.header('content-type', 'image/jpeg').header('cache-control', 'no-store');
      return reply.send(Buffer.from(body));
    },
  );
};
