import Type from 'typebox';
import type { EnrolmentStaff } from '#server/identity/enrolment-staff.ts';
import { type Access, staffToken } from '#server/people/access.http.ts';
import { ProblemError, unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { problem } from '#server/platform/problems.ts';
import { tokenHash } from '#server/platform/tokens.ts';
import {
  type App,
  AttemptParams,
  answers,
  CertificateParams,
  DoneSchema,
  PICTURE,
} from '#server/platform/typed.ts';
import { ExamineeIdSchema } from '#shared/kernel/ids.ts';
import {
  DeletionCertificateSchema,
  EnrolmentDecisionRequestSchema,
  EnrolmentDeleteRequestSchema,
  EnrolmentDeleteResponseSchema,
  EnrolmentListSchema,
  EnrolmentPictureSchema,
  HoldChangeSchema,
  KeptAttemptsSchema,
  RetentionChangeSchema,
  RetentionSchema,
  RoomCodeResponseSchema,
} from '#shared/wire/enrolment.ts';
import type { RetentionClocks } from './retention.ts';

export interface PrivacyRouteDeps {
  readonly who: Access;
  readonly limits: Limits;
  readonly enrolments: EnrolmentStaff;
  readonly retention: RetentionClocks;
}

const ExamineeParams = Type.Object({ examineeId: ExamineeIdSchema });
const PictureParams = Type.Object({
  examineeId: ExamineeIdSchema,
  picture: EnrolmentPictureSchema,
});
const ExamParams = Type.Object({ examId: Type.String({ minLength: 1, maxLength: 80 }) });
const ListQuery = Type.Object(
  {
    state: Type.Optional(Type.Literal('waiting')),
    search: Type.Optional(Type.String({ minLength: 3, maxLength: 80 })),
  },
  { additionalProperties: false },
);
const staffOnly = [{ staff: [] }];

/** Enrolments as staff see them, and how long pictures of people are kept. */
export const privacyRoutes = (app: App, deps: PrivacyRouteDeps): void => {
  const { who, enrolments, retention } = deps;
  const codesLimit = perMinute(app, deps.limits.codesPerPerson, (request) =>
    tokenHash(`room codes ${staffToken(request) ?? request.ip}`),
  );

  app.get(
    '/api/enrolments',
    {
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

  app.post(
    '/api/enrolments/:examineeId/delete',
    {
      schema: {
        summary: 'Deletes template, portrait and document, with a reason',
        security: staffOnly,
        params: ExamineeParams,
        body: EnrolmentDeleteRequestSchema,
        response: answers(EnrolmentDeleteResponseSchema),
      },
    },
    async (request) => {
      const staff = await who.staff(request);
      const { examineeId } = request.params;
      return {
        certificate: unwrap(await enrolments.remove(staff, examineeId, request.body.reason)),
      };
    },
  );

  app.get(
    '/api/retention',
    {
      schema: {
        summary: 'What is kept of each process and until when; the newest certificates',
        security: staffOnly,
        response: answers(RetentionSchema),
      },
    },
    async (request) => unwrap(await retention.list(await who.staff(request))),
  );

  app.get(
    '/api/retention/:examId/attempts',
    {
      schema: {
        summary: 'Whose pictures a process keeps',
        security: staffOnly,
        params: ExamParams,
        response: answers(KeptAttemptsSchema),
      },
    },
    async (request) =>
      unwrap(await retention.keptAttempts(await who.staff(request), request.params.examId)),
  );

  app.post(
    '/api/retention/:examId',
    {
      schema: {
        summary: "Sets when a process's claims closed and how long its pictures are kept after it",
        security: staffOnly,
        params: ExamParams,
        body: RetentionChangeSchema,
        response: answers(DoneSchema),
      },
    },
    async (request) => {
      const staff = await who.staff(request);
      unwrap(await retention.setClock(staff, request.params.examId, request.body));
      return {};
    },
  );

  app.post(
    '/api/attempts/:attemptId/hold',
    {
      schema: {
        summary: 'Holds what is kept of an attempt, or lets it go, with a reason',
        security: staffOnly,
        params: AttemptParams,
        body: HoldChangeSchema,
        response: answers(DoneSchema),
      },
    },
    async (request) => {
      const staff = await who.staff(request);
      unwrap(await retention.hold(staff, request.params.attemptId, request.body));
      return {};
    },
  );

  app.get(
    '/api/certificates/:id',
    {
      schema: {
        summary: 'The certificate of a deletion',
        security: staffOnly,
        params: CertificateParams,
        response: answers(DeletionCertificateSchema),
      },
    },
    async (request) =>
      unwrap(await retention.certificate(await who.staff(request), request.params.id)),
  );
};
