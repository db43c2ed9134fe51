import type { Place } from '#renderer/dashboard/shell/routes.ts';
import { roomTime } from '#shared/exam/shift.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { RoomSummary } from '#shared/wire/dashboard.ts';

export type RoomSession = RoomSummary['sessions'][number];
export type SessionTime = ReturnType<typeof roomTime>;

/** A place with what the list says of it. */
export interface Here {
  readonly room: RoomSummary;
  readonly session: RoomSession;
}

/** null when the list has no such session in such a room. */
export const findPlace = (rooms: readonly RoomSummary[], place: Place): Here | null => {
  const room = rooms.find(({ id }) => id === place.roomId);
  const session = room?.sessions.find(({ id }) => id === place.sessionId);
  return room === undefined || session === undefined ? null : { room, session };
};

/** Where to go straight in: the only session that is on now in the only room; null when there is a choice. */
export const onlyPlace = (rooms: readonly RoomSummary[], now: EpochMs): Place | null => {
  const [room, ...others] = rooms;
  if (room === undefined || others.length > 0) return null;
  const current = room.sessions.filter((session) => roomTime(session, now) === 'now');
  const [session, ...more] = current;
  return session === undefined || more.length > 0
    ? null
    : { roomId: room.id, sessionId: session.id };
};
