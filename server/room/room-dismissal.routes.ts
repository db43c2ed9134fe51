import type { Access } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import { type App, answers, RoomSessionParams } from '#server/platform/typed.ts';
import {
  RoomDismissalRequestSchema,
  RoomDismissalResponseSchema,
} from '#shared/wire/room-dismissal.ts';
import type { DismissRoomEvent } from './room-dismissal.ts';

export interface RoomDismissalRouteDeps {
  readonly who: Access;
  readonly dismiss: DismissRoomEvent;
}

/** What staff do with an event of the room. */
export const roomDismissalRoutes = (app: App, { who, dismiss }: RoomDismissalRouteDeps): void => {
  app.post(
    '/api/rooms/:roomId/sessions/:sessionId/dismissals',
    {
      config: { right: 'command' },
      schema: {
        summary:
          'Dismisses the copy attempts of one event of the room with one reason, all of them or none. Sent again with the same key it is the same order',
        security: [{ staff: [] }],
        params: RoomSessionParams,
        body: RoomDismissalRequestSchema,
        response: answers(RoomDismissalResponseSchema),
      },
    },
    async (request) =>
      unwrap(await dismiss(await who.staff(request), request.params, request.body)),
  );
};
