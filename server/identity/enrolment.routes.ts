import { bearer } from '#server/people/access.http.ts';
import { signInPace } from '#server/people/sign-in-pace.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import type { ServerClock } from '#server/platform/ports.ts';
import { normaliseCode, tokenHash } from '#server/platform/tokens.ts';
import { type App, answers } from '#server/platform/typed.ts';
import { wrongTries } from '#server/platform/wrong-tries.ts';
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
  readonly clock: ServerClock;
}

/** Two pictures as base64, and the captures' numbers. */
const SUBMIT_BYTES = Math.ceil((2 * MAX_PICTURE_BYTES * 4) / 3) + 64 * 1024;
const enrolmentOnly = [{ enrolment: [] }];

/** What the enrolment page asks: a person on their own machine, or in a room with staff. */
export const enrolmentRoutes = (app: App, deps: EnrolmentRouteDeps): void => {
  const { enrolment, limits } = deps;
  const { steady } = deps.clock;
  // Apart: whoever guesses at documents keeps nobody out to whom staff gave a code, and the other way round.
  const ofDocuments = wrongTries(limits.signInsPerAddress, steady);
  const ofCodes = wrongTries(limits.signInsPerAddress, steady);
  // Guessing at one person is slowed and locks nobody out, as with staff.
  const pace = signInPace(deps.clock);
  const personOf = (said: { document: string } | { roomCode: string }): string =>
    // The key is kept in memory: never the code itself.
    'roomCode' in said
      ? `code ${tokenHash(normaliseCode(said.roomCode))}`
      : `document ${normaliseDocument(said.document)}`;
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
    },
    async ({ body, ip }) => {
      const person = personOf(body);
      const tries = 'roomCode' in body ? ofCodes : ofDocuments;
      const signedIn = await tries.judged(
        ip,
        () => pace.paced(person, ip, () => enrolment.signIn(body)),
        person,
      );
      return unwrap(signedIn);
    },
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
