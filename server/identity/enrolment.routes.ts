import { bearer } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { normaliseCode, tokenHash } from '#server/platform/tokens.ts';
import { type App, answers } from '#server/platform/typed.ts';
import { normaliseDocument } from '#shared/identity/cedula.ts';
import {
  EnrolmentSignInRequestSchema,
  EnrolmentSignInResponseSchema,
  EnrolmentStatusSchema,
  EnrolmentSubmitRequestSchema,
  EnrolmentSubmitResponseSchema,
  MAX_PICTURE_BYTES,
} from '#shared/wire/enrolment.ts';
import type { EnrolmentPage } from './enrolment.ts';
import { ownerOf } from './enrolment-owner.http.ts';

export interface EnrolmentRouteDeps {
  readonly limits: Limits;
  readonly enrolment: EnrolmentPage;
}

/** Two pictures as base64, and the captures' numbers. */
const SUBMIT_BYTES = Math.ceil((2 * MAX_PICTURE_BYTES * 4) / 3) + 64 * 1024;
const enrolmentOnly = [{ enrolment: [] }];

/** What the enrolment page asks: a person on their own machine, or in a room with staff. */
export const enrolmentRoutes = (app: App, deps: EnrolmentRouteDeps): void => {
  const { enrolment, limits } = deps;
  const addressLimit = perMinute(app, limits.signInsPerAddress, ({ ip }) => `enrolment ${ip}`);
  const personLimit = perMinute(app, limits.signInsPerPerson, ({ ip, body }) => {
    const said = body as { document: string } | { roomCode: string };
    // The key is kept in memory: never the code itself.
    return 'roomCode' in said
      ? `enrolment ${ip} ${tokenHash(normaliseCode(said.roomCode))}`
      : `enrolment ${ip} ${normaliseDocument(said.document)}`;
  });
  const submitLimit = perMinute(app, limits.submissionsPerPerson, (request) =>
    // The key is kept in memory: never the token itself.
    tokenHash(`enrolment ${bearer(request) ?? request.ip}`),
  );

  const owner = ownerOf(enrolment);

  app.post(
    '/api/enrolment/sign-in',
    {
      schema: {
        summary: 'Somebody signs in to enrol: document and access code, or a room code',
        body: EnrolmentSignInRequestSchema,
        response: answers(EnrolmentSignInResponseSchema),
      },
      preHandler: [addressLimit, personLimit],
    },
    async ({ body }) => unwrap(await enrolment.signIn(body)),
  );

  app.get(
    '/api/enrolment/me',
    {
      schema: {
        summary: 'Where the enrolment stands',
        security: enrolmentOnly,
        response: answers(EnrolmentStatusSchema),
      },
    },
    async (request) => enrolment.status(await owner(request)),
  );

  app.post(
    '/api/enrolment/submit',
    {
      bodyLimit: SUBMIT_BYTES,
      schema: {
        summary: 'Enrols: consent, captures, portrait, document',
        security: enrolmentOnly,
        body: EnrolmentSubmitRequestSchema,
        response: answers(EnrolmentSubmitResponseSchema),
      },
      preHandler: submitLimit,
    },
    async (request) => unwrap(await enrolment.submit(await owner(request), request.body)),
  );
};
