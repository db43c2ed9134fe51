import Type from 'typebox';
import type { Access } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import { type App, answers, DoneSchema } from '#server/platform/typed.ts';
import { SessionIdSchema } from '#shared/kernel/ids.ts';
import {
  IdentitySetupSchema,
  NewWindowSchema,
  SessionIdentitySchema,
  ThumbnailChangeSchema,
  WindowMadeSchema,
  WindowRemovalSchema,
} from '#shared/wire/identity-setup.ts';
import type { IdentitySetups } from './identity-setup.ts';

const IdSchema = Type.String({ minLength: 1, maxLength: 80 });
const WindowParams = Type.Object({ id: IdSchema });
const SessionParams = Type.Object({ sessionId: SessionIdSchema });
const ExamParams = Type.Object({ examId: IdSchema });
const staffOnly = [{ staff: [] }];

/** What coordinators decide about identity before an exam. */
export const identitySetupRoutes = (
  app: App,
  { who, setups }: { readonly who: Access; readonly setups: IdentitySetups },
): void => {
  app.get(
    '/api/identity-settings',
    {
      config: { right: 'privacy' },
      schema: {
        summary: 'Dates of enrolment, how sessions check identity, which exams have thumbnails',
        security: staffOnly,
        response: answers(IdentitySetupSchema),
      },
    },
    async (request) => unwrap(await setups.list(await who.staff(request))),
  );

  app.post(
    '/api/enrolment-windows',
    {
      config: { right: 'privacy' },
      schema: {
        summary: 'Sets dates of enrolment, for a venue or for all, with a reason',
        security: staffOnly,
        body: NewWindowSchema,
        response: answers(WindowMadeSchema),
      },
    },
    async (request) => ({
      id: unwrap(await setups.addWindow(await who.staff(request), request.body)),
    }),
  );

  app.delete(
    '/api/enrolment-windows/:id',
    {
      config: { right: 'privacy' },
      schema: {
        summary: 'Takes dates of enrolment away, with a reason',
        security: staffOnly,
        params: WindowParams,
        body: WindowRemovalSchema,
        response: answers(DoneSchema),
      },
    },
    async (request) => {
      const staff = await who.staff(request);
      unwrap(await setups.removeWindow(staff, request.params.id, request.body.reason));
      return {};
    },
  );

  app.post(
    '/api/sessions/:sessionId/identity',
    {
      config: { right: 'privacy' },
      schema: {
        summary: 'How a session checks identity, until somebody signs in to it',
        security: staffOnly,
        params: SessionParams,
        body: SessionIdentitySchema,
        response: answers(DoneSchema),
      },
    },
    async (request) => {
      const staff = await who.staff(request);
      unwrap(await setups.setSession(staff, request.params.sessionId, request.body));
      return {};
    },
  );

  app.post(
    '/api/exams/:examId/thumbnails',
    {
      config: { right: 'privacy' },
      schema: {
        summary: 'Whether staff see small pictures of who sits the exam, with a reason',
        security: staffOnly,
        params: ExamParams,
        body: ThumbnailChangeSchema,
        response: answers(DoneSchema),
      },
    },
    async (request) => {
      const staff = await who.staff(request);
      unwrap(await setups.setThumbnails(staff, request.params.examId, request.body));
      return {};
    },
  );
};
