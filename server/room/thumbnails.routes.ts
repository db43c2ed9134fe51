import type { Access } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import { type App, AttemptParams, answers, DoneSchema, PICTURE } from '#server/platform/typed.ts';
import { MAX_THUMBNAIL_BYTES, type Thumbnails } from './thumbnails.ts';

export interface ThumbnailRouteDeps {
  readonly who: Access;
  readonly thumbnails: Thumbnails;
}

/** Small pictures of the room, where the exam's policy allows them. */
export const thumbnailRoutes = (app: App, deps: ThumbnailRouteDeps): void => {
  const { who, thumbnails } = deps;

  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('image/jpeg', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    scope.put(
      '/api/attempts/:attemptId/thumbnail',
      {
        bodyLimit: MAX_THUMBNAIL_BYTES,
        schema: {
          summary: 'The last small picture of the examinee; kept in memory only',
          security: [{ examinee: [] }],
          consumes: ['image/jpeg'],
          params: AttemptParams,
          response: answers(DoneSchema),
        },
      },
      async (request) => {
        const { attemptId } = request.params;
        await who.examinee(request, attemptId);
        const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
        unwrap(await thumbnails.put(attemptId, body));
        return {};
      },
    );
  });

  app.get(
    '/api/attempts/:attemptId/thumbnail',
    {
      config: { right: 'inspect' },
      schema: {
        summary: 'The last small picture; looks are recorded',
        security: [{ staff: [] }],
        params: AttemptParams,
        response: answers(PICTURE),
      },
    },
    async (request, reply) => {
      const staff = await who.staff(request);
      const body = unwrap(await thumbnails.look(staff, request.params.attemptId));
      reply.header('content-type', 'image/jpeg').header('cache-control', 'no-store');
      return reply.send(Buffer.from(body));
    },
  );
};
