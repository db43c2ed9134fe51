import { staffToken } from '#server/people/access.http.ts';
import type { StaffMember } from '#server/people/ports.ts';
import type { StaffSessions } from '#server/people/staff-sessions.ts';
import { ProblemError, unwrap } from '#server/platform/http-problems.ts';
import { type PolledLink, polledLinks } from '#server/platform/polled-links.ts';
import { problem } from '#server/platform/problems.ts';
import { type App, answers, DoneSchema, RoomSessionParams } from '#server/platform/typed.ts';
import type { RoomId, SessionId } from '#shared/kernel/ids.ts';
import { ServerToDashboardSchema } from '#shared/wire/dashboard.ts';
import { pollAnswer, pollRequest } from '#shared/wire/polled.ts';
import type { RoomHub } from './room-hub.ts';
import type { Rooms } from './rooms.ts';

export interface RoomFramesDeps {
  readonly sessions: StaffSessions;
  readonly rooms: Rooms;
  readonly hub: RoomHub;
}

/** The room's socket by plain requests, for networks that let no socket through. Asked for its right each time. */
export const roomFramesRoutes = (app: App, deps: RoomFramesDeps): void => {
  const links = polledLinks();
  /** Whose link it is: nobody reads on where somebody else began. */
  const owners = new Map<string, string>();
  app.addHook('preClose', async () => links.close());

  const allowed = async (
    token: string | null,
    place: { readonly roomId: RoomId; readonly sessionId: SessionId },
  ): Promise<StaffMember> => {
    // Not a use of the session: a dashboard left alone does not stay signed in for ever.
    const staff = token === null ? null : await deps.sessions.whoIs(token, { use: false });
    if (staff === null) throw new ProblemError(problem('unauthorised'));
    unwrap(await deps.rooms.mayWatch(staff, place));
    return staff;
  };

  const open = async (id: string, owner: string, sessionId: SessionId): Promise<PolledLink> => {
    let stop = (): void => undefined;
    const link = links.open(id, () => {
      owners.delete(id);
      stop();
    });
    if (link === null) throw new ProblemError(problem('rate-limited'));
    owners.set(id, owner);
    stop = await deps.hub.subscribe(sessionId, { send: link.send });
    if (link.ended) stop();
    return link;
  };

  app.post(
    '/api/rooms/:roomId/sessions/:sessionId/frames',
    {
      schema: {
        summary: "The frames of the room's socket by plain requests; the signed-in person's cookie",
        params: RoomSessionParams,
        body: pollRequest(DoneSchema),
        response: answers(pollAnswer(ServerToDashboardSchema)),
      },
    },
    async (request, reply) => {
      const { link: id, have, waitMs } = request.body;
      const staff = await allowed(staffToken(request), request.params);
      const owner = `${staff.id} ${request.params.sessionId}`;
      const known = links.find(id);
      if (known !== null && owners.get(id) !== owner) {
        throw new ProblemError(problem('not-found', 'no such link'));
      }
      if (known === null && have > 0) throw new ProblemError(problem('not-found', 'no such link'));
      const link = known ?? (await open(id, owner, request.params.sessionId));
      // The frames are JSON already: they are not read and written again.
      const body: unknown = await link.answer(have, waitMs);
      return reply.type('application/json; charset=utf-8').send(body as never);
    },
  );
};
