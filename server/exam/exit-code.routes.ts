import { type Access, staffToken } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { tokenHash } from '#server/platform/tokens.ts';
import { type App, answers, RoomSessionParams } from '#server/platform/typed.ts';
import { ExitCodeResponseSchema } from '#shared/wire/devices.ts';
import type { ExitCodes } from './exit-codes.ts';

export interface ExitCodeRouteDeps {
  readonly who: Access;
  readonly limits: Limits;
  readonly exitCodes: ExitCodes;
}

const staffOnly = [{ staff: [] }];

/** The code with which staff opens locked machines. */
export const exitCodeRoutes = (app: App, deps: ExitCodeRouteDeps): void => {
  const { who } = deps;
  const codesLimit = perMinute(app, deps.limits.codesPerPerson, (request) =>
    tokenHash(`exit codes ${staffToken(request) ?? request.ip}`),
  );

  app.post(
    '/api/rooms/:roomId/sessions/:sessionId/exit-code',
    {
      config: { right: 'exit-code' },
      schema: {
        summary: 'The code that opens the locked machines of the session; every look is on record',
        security: staffOnly,
        params: RoomSessionParams,
        response: answers(ExitCodeResponseSchema),
      },
      preHandler: codesLimit,
    },
    async (request) => unwrap(await deps.exitCodes.show(await who.staff(request), request.params)),
  );
};
