import Type from 'typebox';
import type { Access } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import {
  type App,
  AttemptParams,
  answers,
  CertificateParams,
  DoneSchema,
} from '#server/platform/typed.ts';
import { ExamineeIdSchema } from '#shared/kernel/ids.ts';
import {
  DeletionCertificateSchema,
  EnrolmentDeleteRequestSchema,
  EnrolmentDeleteResponseSchema,
  HoldChangeSchema,
  KeptAttemptsSchema,
  RetentionChangeSchema,
  RetentionSchema,
} from '#shared/wire/enrolment.ts';
import type { OrderedDeletions } from './ordered-deletion.ts';
import type { RetentionClocks } from './retention.ts';

export interface PrivacyRouteDeps {
  readonly who: Access;
  readonly deletions: OrderedDeletions;
  readonly retention: RetentionClocks;
}

const ExamineeParams = Type.Object({ examineeId: ExamineeIdSchema });
const ExamParams = Type.Object({ examId: Type.String({ minLength: 1, maxLength: 80 }) });
const staffOnly = [{ staff: [] }];

/** How long pictures of people are kept, and their deletion. */
export const privacyRoutes = (app: App, deps: PrivacyRouteDeps): void => {
  const { who, deletions, retention } = deps;
  app.post(
    '/api/enrolments/:examineeId/delete',
    {
      config: { right: 'privacy' },
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
        certificate: unwrap(await deletions.remove(staff, examineeId, request.body.reason)),
      };
    },
  );

  app.get(
    '/api/retention',
    {
      config: { right: 'privacy' },
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
      config: { right: 'privacy' },
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
      config: { right: 'privacy' },
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
      config: { right: 'privacy' },
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
      config: { right: 'privacy' },
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
