import { type Server, segment } from '#renderer/dashboard/shell/desk-ask.ts';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import { ok } from '#shared/kernel/result.ts';
import type { Answer } from '#shared/wire/ask.ts';
import type { RoomSummary } from '#shared/wire/dashboard.ts';
import { ExitCodeResponseSchema } from '#shared/wire/devices.ts';
import { RoomsResponseSchema } from '#shared/wire/http.ts';
import {
  type RoomDismissalRequest,
  type RoomDismissalResponse,
  RoomDismissalResponseSchema,
} from '#shared/wire/room-dismissal.ts';

/** Today's rooms, and what belongs to one. */
export interface RoomApi {
  rooms(): Answer<readonly RoomSummary[]>;
  /** Every call is on record. */
  exitCode(place: Place): Answer<string>;
  /** Dismisses copy attempts of one event of the room, all of them or none. */
  dismiss(place: Place, order: RoomDismissalRequest): Answer<RoomDismissalResponse>;
}

export const createRoomApi = ({ ask }: Server): RoomApi => ({
  rooms: async () => {
    const answer = await ask('api/rooms', RoomsResponseSchema);
    return answer.ok ? ok(answer.value.rooms) : answer;
  },
  exitCode: async ({ roomId, sessionId }) => {
    const path = `api/rooms/${segment(roomId)}/sessions/${segment(sessionId)}/exit-code`;
    const answer = await ask(path, ExitCodeResponseSchema, { method: 'POST' });
    return answer.ok ? ok(answer.value.code) : answer;
  },
  dismiss: ({ roomId, sessionId }, body) =>
    ask(
      `api/rooms/${segment(roomId)}/sessions/${segment(sessionId)}/dismissals`,
      RoomDismissalResponseSchema,
      { method: 'POST', body },
    ),
});
