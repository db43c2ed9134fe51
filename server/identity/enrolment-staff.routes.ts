import Type from 'typebox';
import { type Access, staffToken } from '#server/people/access.http.ts';
import { ProblemError, unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { problem } from '#server/platform/problems.ts';
import { tokenHash } from '#server/platform/tokens.ts';
import { type App, answers, DoneSchema, PICTURE } from '#server/platform/typed.ts';
import { ExamineeIdSchema } from '#shared/kernel/ids.ts';
import {
  EnrolmentDecisionRequestSchema,
  EnrolmentListSchema,
  EnrolmentPictureSchema,
  RoomCodeResponseSchema,
} from '#shared/wire/enrolment.ts';
import type { EnrolmentStaff } from './enrolment-staff.ts';

export interface EnrolmentStaffRouteDeps {
  readonly who: Access;
  readonly limits: Limits;
  readonly enrolments: EnrolmentStaff;
}

const ExamineeParams = Type.Object({ examineeId: ExamineeIdSchema });
const PictureParams = Type.Object({
  examineeId: ExamineeIdSchema,
  picture: EnrolmentPictureSchema,
});
const ListQuery = Type.Object(
  {
    state: Type.Optional(Type.Literal('waiting')),
    search: Type.Optional(Type.String({ minLength: 3, maxLength: 80 })),
  },
  { additionalProperties: false },
);
const staffOnly = [{ staff: [] }];

/** Enrolments as staff see them. */
export const enrolmentStaffRoutes = (app: App, deps: EnrolmentStaffRouteDeps): void => {
  const { who, enrolments } = deps;
  const codesLimit = perMinute(app, deps.limits.codesPerPerson, (request) =>
    tokenHash(`room codes ${staffToken(request) ?? request.ip}`),
  );

  app.get(
    '/api/enrolments',
    {
      config: { right: 'identity' },
      schema: {
        summary: 'Re-enrolments that wait (`state=waiting`), or people (`search=`)',
        security: staffOnly,
        querystring: ListQuery,
        response: answers(EnrolmentListSchema),
      },
    },
    async (request) => {
      const staff = await who.staff(request);
      const { state, search } = request.query;
      const words = search?.trim() ?? '';
      if (state !== undefined && search === undefined) {
        return unwrap(await enrolments.list(staff, { waiting: true }));
      }
      if (state !== undefined || words.length < 3) {
        throw new ProblemError(problem('bad-request', 'state=waiting, or search='));
      }
      return unwrap(await enrolments.list(staff, { search: words }));
    },
  );

  app.get(
    '/api/enrolments/:examineeId/pictures/:picture',
    {
      config: { right: 'identity' },
      schema: {
        summary: 'A picture of an enrolment; every look is recorded',
        security: staffOnly,
        params: PictureParams,
        response: answers(PICTURE),
      },
    },
    async (request, reply) => {
      const { examineeId, picture } = request.params;
      const body = unwrap(await enrolments.picture(await who.staff(request), examineeId, picture));
      reply.header('content-type', 'image/jpeg').header('cache-control', 'no-store');
      return reply.send(Buffer.from(body));
    },
  );

  app.post(
    '/api/enrolments/:examineeId/decision',
    {
      config: { right: 'identity' },
      schema: {
        summary: 'Approves or rejects a re-enrolment, with a reason',
        security: staffOnly,
        params: ExamineeParams,
        body: EnrolmentDecisionRequestSchema,
        response: answers(DoneSchema),
      },
    },
    async (request) => {
      const staff = await who.staff(request);
      unwrap(await enrolments.decide(staff, request.params.examineeId, request.body));
      return {};
    },
  );

  app.post(
    '/api/enrolments/:examineeId/room-code',
    {
      config: { right: 'identity' },
      schema: {
        summary: 'A one-time code with which the person enrols in the room; shown once',
        security: staffOnly,
        params: ExamineeParams,
        response: answers(RoomCodeResponseSchema),
      },
      preHandler: codesLimit,
    },
    async (request) =>
      unwrap(await enrolments.roomCode(await who.staff(request), request.params.examineeId)),
  );
};
