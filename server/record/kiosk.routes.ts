import type { FormStore } from '#server/exam/forms.ts';
import type { ExamineeSignIn } from '#server/exam/sign-in-examinee.ts';
import { type EnrolDeps, enrolDevice } from '#server/fleet/enrol-device.ts';
import type { Access } from '#server/people/access.http.ts';
import { ProblemError, unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { problem } from '#server/platform/problems.ts';
import { type App, AttemptParams, answers, StillParams } from '#server/platform/typed.ts';
import { normaliseDocument } from '#shared/identity/cedula.ts';
import {
  EnrolRequestSchema,
  EnrolResponseSchema,
  EntriesRequestSchema,
  EntriesResponseSchema,
  EvidenceResponseSchema,
  ExamineeSignInRequestSchema,
  ExamineeSignInResponseSchema,
  FormResponseSchema,
} from '#shared/wire/http.ts';
import { MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';
import { type EvidenceIntake, MAX_STILL_BYTES } from './evidence.ts';
import type { Ingest, IngestOutcome } from './ingest.ts';
import type { LiveAttempts } from './live-attempt.ts';
import type { StoredStill } from './ports.ts';

export interface KioskRouteDeps extends EnrolDeps {
  readonly who: Access;
  readonly limits: Limits;
  readonly examinees: ExamineeSignIn;
  readonly attempts: LiveAttempts;
  readonly forms: FormStore;
  readonly ingest: Ingest;
  readonly evidence: EvidenceIntake;
}

/** What a kiosk asks over HTTP: enrolment, sign-in, form, batches of entries, evidence. */
export const kioskRoutes = (app: App, deps: KioskRouteDeps): void => {
  const { who, limits } = deps;
  const enrolLimit = perMinute(app, limits.enrolmentsPerAddress, ({ ip }) => `enrol ${ip}`);
  const addressLimit = perMinute(app, limits.signInsPerAddress, ({ ip }) => `examinee ${ip}`);
  const personLimit = perMinute(app, limits.signInsPerPerson, ({ ip, body }) => {
    const { document } = body as { document: string };
    return `examinee ${ip} ${normaliseDocument(document)}`;
  });

  app.post(
    '/api/devices/enrol',
    {
      schema: {
        summary: 'A one-time code becomes a device',
        body: EnrolRequestSchema,
        response: answers(EnrolResponseSchema),
      },
      preHandler: enrolLimit,
    },
    async ({ body }) => unwrap(await enrolDevice(deps, body)),
  );

  app.post(
    '/api/examinees/sign-in',
    {
      schema: {
        summary: 'An examinee signs in on an enrolled device',
        security: [{ device: [] }],
        body: ExamineeSignInRequestSchema,
        response: answers(ExamineeSignInResponseSchema),
      },
      preHandler: [addressLimit, personLimit],
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

  app.post(
    '/api/attempts/:attemptId/entries',
    {
      bodyLimit: MAX_MESSAGE_BYTES,
      schema: {
        summary: 'Ledger entries in order; the same ingest as the socket',
        security: [{ examinee: [] }],
        params: AttemptParams,
        body: EntriesRequestSchema,
        response: answers(EntriesResponseSchema),
      },
    },
    async (request) => {
      const { attemptId } = request.params;
      await who.examinee(request, attemptId);
      const attempt = await deps.attempts.load(attemptId);
      if (attempt === null) throw new ProblemError(problem('not-found'));
      const { ack, refusal } = await new Promise<IngestOutcome>((settled) =>
        deps.ingest.submit(attempt, request.body.entries, { settled }),
      );
      if (refusal !== null) throw new ProblemError(refusal.problem);
      if (ack === null) throw new ProblemError(problem('server-failed'));
      return ack;
    },
  );

  app.register(async (scope: App) => {
    // Evidence is streamed to the disk, never gathered in memory.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(['image/jpeg', 'image/png'], (_request, payload, done) =>
      done(null, payload),
    );
    scope.put(
      '/api/attempts/:attemptId/evidence/:hash',
      {
        schema: {
          summary: 'A still, by its hash; image/jpeg or image/png',
          security: [{ examinee: [] }],
          consumes: ['image/jpeg', 'image/png'],
          params: StillParams,
          response: answers(EvidenceResponseSchema),
        },
      },
      async (request) => {
        const { attemptId, hash } = request.params;
        await who.examinee(request, attemptId);
        if (Number(request.headers['content-length'] ?? 0) > MAX_STILL_BYTES) {
          throw new ProblemError(problem('too-large'));
        }
        const body = request.body as AsyncIterable<Uint8Array> | null | undefined;
        if (body === null || body === undefined) throw new ProblemError(problem('bad-request'));
        const mime = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
        return unwrap(await deps.evidence.put(attemptId, hash, mime as StoredStill['mime'], body));
      },
    );
  });
};
