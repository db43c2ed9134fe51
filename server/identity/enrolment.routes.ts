import type { FastifyRequest } from 'fastify';
import { bearer } from '#server/people/access.http.ts';
import { ProblemError, unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { problem } from '#server/platform/problems.ts';
import { normaliseCode, tokenHash } from '#server/platform/tokens.ts';
import { type App, answers, CertificateParams } from '#server/platform/typed.ts';
import type { OwnData } from '#server/privacy/kept-data.ts';
import { normaliseDocument } from '#shared/identity/cedula.ts';
import {
  DeletionCertificateSchema,
  EnrolmentDeleteResponseSchema,
  EnrolmentSignInRequestSchema,
  EnrolmentSignInResponseSchema,
  EnrolmentStatusSchema,
  EnrolmentSubmitRequestSchema,
  EnrolmentSubmitResponseSchema,
  KeptDataSchema,
  MAX_PICTURE_BYTES,
} from '#shared/wire/enrolment.ts';
import type { EnrolmentOwner, EnrolmentPage } from './enrolment.ts';

export interface EnrolmentRouteDeps {
  readonly limits: Limits;
  readonly enrolment: EnrolmentPage;
  readonly ownData: OwnData;
}

/** Two pictures as base64, and the captures' numbers. */
const SUBMIT_BYTES = Math.ceil((2 * MAX_PICTURE_BYTES * 4) / 3) + 64 * 1024;
const enrolmentOnly = [{ enrolment: [] }];

/** What the enrolment page asks: a person on their own machine, or in a room with staff. */
export const enrolmentRoutes = (app: App, deps: EnrolmentRouteDeps): void => {
  const { enrolment, ownData, limits } = deps;
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

  const owner = async (request: FastifyRequest): Promise<EnrolmentOwner> => {
    const token = bearer(request);
    const found = token === null ? null : await enrolment.owner(token);
    if (found === null) throw new ProblemError(problem('unauthorised'));
    return found;
  };

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

  app.get(
    '/api/enrolment/me/data',
    {
      schema: {
        summary: 'All that is kept about the person, and who looked at it',
        security: enrolmentOnly,
        response: answers(KeptDataSchema),
      },
    },
    async (request) => ownData.show(await owner(request)),
  );

  app.post(
    '/api/enrolment/me/delete',
    {
      schema: {
        summary: 'Withdraws the consent: template, portrait and document are deleted',
        security: enrolmentOnly,
        response: answers(EnrolmentDeleteResponseSchema),
      },
    },
    async (request) => ({ certificate: unwrap(await ownData.withdraw(await owner(request))) }),
  );

  app.get(
    '/api/enrolment/me/certificates/:id',
    {
      schema: {
        summary: "One of the person's own certificates",
        security: enrolmentOnly,
        params: CertificateParams,
        response: answers(DeletionCertificateSchema),
      },
    },
    async (request) => unwrap(await ownData.certificate(await owner(request), request.params.id)),
  );
};
