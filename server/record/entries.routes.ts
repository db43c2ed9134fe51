import Type from 'typebox';
import type { Access } from '#server/people/access.http.ts';
import { ProblemError, unwrap } from '#server/platform/http-problems.ts';
import { problem } from '#server/platform/problems.ts';
import { type App, AttemptParams, answers, StillParams } from '#server/platform/typed.ts';
import {
  EntriesRequestSchema,
  EntriesResponseSchema,
  EvidenceResponseSchema,
  LedgerPageSchema,
} from '#shared/wire/http.ts';
import { MAX_BATCH, MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';
import { type EvidenceIntake, MAX_STILL_BYTES } from './evidence.ts';
import type { Ingest, IngestOutcome } from './ingest.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { AttemptPace } from './pace.ts';
import type { EntryLog, StoredStill } from './ports.ts';

export interface EntryRouteDeps {
  readonly who: Access;
  readonly attempts: LiveAttempts;
  readonly ingest: Ingest;
  readonly pace: AttemptPace;
  /** Of stills, apart from entries: a slow picture keeps no entry waiting. */
  readonly evidencePace: AttemptPace;
  readonly evidence: EvidenceIntake;
  readonly log: Pick<EntryLog, 'read'>;
}

const AfterQuery = Type.Object({ after: Type.String({ pattern: '^[0-9]{1,9}$' }) });

/** What a kiosk delivers over HTTP: batches of entries, and evidence. */
export const entryRoutes = (app: App, deps: EntryRouteDeps): void => {
  const { who } = deps;

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
      const wait = deps.pace.waitMs(attempt.presence);
      if (wait > 0) throw new ProblemError(problem('rate-limited', undefined, wait));
      deps.pace.take(
        attempt.presence,
        Number(request.headers['content-length'] ?? MAX_MESSAGE_BYTES),
      );
      const { ack, refusal } = await new Promise<IngestOutcome>((settled) =>
        deps.ingest.submit(attempt, request.body.entries, { settled }),
      );
      if (refusal !== null) throw new ProblemError(refusal.problem);
      if (ack === null) throw new ProblemError(problem('server-failed'));
      return ack;
    },
  );

  app.get(
    '/api/attempts/:attemptId/entries',
    {
      schema: {
        summary:
          'What the server has of this attempt after an entry; for a device that could not keep it',
        security: [{ examinee: [] }],
        params: AttemptParams,
        querystring: AfterQuery,
        response: answers(LedgerPageSchema),
      },
    },
    async (request) => {
      const { attemptId } = request.params;
      await who.examinee(request, attemptId);
      const entries = await deps.log.read(attemptId, Number(request.query.after));
      return { entries: entries.slice(0, MAX_BATCH) };
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
        const attempt = await deps.attempts.load(attemptId);
        if (attempt === null) throw new ProblemError(problem('not-found'));
        const wait = deps.evidencePace.waitMs(attempt.presence);
        if (wait > 0) throw new ProblemError(problem('rate-limited', undefined, wait));
        // Without a length it may be as large as any.
        deps.evidencePace.take(
          attempt.presence,
          Number(request.headers['content-length'] ?? MAX_STILL_BYTES),
        );
        const body = request.body as AsyncIterable<Uint8Array> | null | undefined;
        if (body === null || body === undefined) throw new ProblemError(problem('bad-request'));
        const mime = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
        return unwrap(await deps.evidence.put(attemptId, hash, mime as StoredStill['mime'], body));
      },
    );
  });
};
