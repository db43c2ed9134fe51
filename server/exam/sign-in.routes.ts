import type { FastifyRequest } from 'fastify';
import { type Access, bearer } from '#server/people/access.http.ts';
import { ProblemError, unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { problem } from '#server/platform/problems.ts';
import { type App, AttemptParams, answers } from '#server/platform/typed.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import { normaliseDocument } from '#shared/identity/cedula.ts';
import {
  ExamineeSignInRequestSchema,
  ExamineeSignInResponseSchema,
  FormResponseSchema,
} from '#shared/wire/http.ts';
import type { FormStore } from './forms.ts';
import type { ExamineeSignIn } from './sign-in-examinee.ts';

export interface SignInRouteDeps {
  readonly who: Access;
  readonly limits: Limits;
  readonly examinees: ExamineeSignIn;
  readonly attempts: LiveAttempts;
  readonly forms: FormStore;
}

/** What a kiosk asks of the exam: the examinee's sign-in and the questions. */
export const signInRoutes = (app: App, deps: SignInRouteDeps): void => {
  const { who, limits } = deps;
  const strangerLimit = perMinute(app, limits.strangersPerAddress, ({ ip }) => `stranger ${ip}`);
  const deviceLimit = perMinute(
    app,
    limits.signInsPerDevice,
    (request) => `device ${bearer(request)}`,
  );
  const personLimit = perMinute(app, limits.signInsPerPerson, (request) => {
    const { document } = request.body as { document: string };
    return `examinee ${bearer(request)} ${normaliseDocument(document)}`;
  });
  /** Whoever has no device's token is counted apart: a stranger at a room's address stops nobody who sits there. */
  const knownDevice = async (request: FastifyRequest): Promise<void> => {
    try {
      await who.device(request);
    } catch (refusal) {
      await strangerLimit(request);
      throw refusal;
    }
  };

  app.post(
    '/api/examinees/sign-in',
    {
      schema: {
        summary: 'An examinee signs in on an enrolled device',
        security: [{ device: [] }],
        body: ExamineeSignInRequestSchema,
        response: answers(ExamineeSignInResponseSchema),
      },
      preHandler: [knownDevice, deviceLimit, personLimit],
    },
    async (request) => {
      const device = await who.device(request);
      const { document, secret } = request.body;
      return unwrap(await deps.examinees.signIn(device, document, secret));
    },
  );

  app.get(
    '/api/attempts/:attemptId/form',
    {
      schema: {
        summary: "The attempt's questions, from the shift's start on",
        security: [{ examinee: [] }],
        params: AttemptParams,
        response: answers(FormResponseSchema),
      },
    },
    async (request) => {
      const { attemptId } = request.params;
      await who.examinee(request, attemptId);
      const attempt = await deps.attempts.load(attemptId);
      if (attempt === null) throw new ProblemError(problem('not-found'));
      return unwrap(await deps.forms.giveOut(attempt.registration));
    },
  );
};
