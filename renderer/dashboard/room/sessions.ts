import type { Place } from '#renderer/dashboard/shell/routes.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';
import type { RoomSummary } from '#shared/wire/dashboard.ts';

export type RoomSession = RoomSummary['sessions'][number];
export type SessionTime = 'now' | 'later' | 'over';

/** A room is prepared this long before the start, and cleared this long after the end, ms. */
const PREPARE_MS = 30 * MINUTE;
const CLEAR_MS = 15 * MINUTE;

export const sessionTime = (session: RoomSession, now: EpochMs): SessionTime => {
  if (now < session.startsAt - PREPARE_MS) return 'later';
  return now < session.endsAt + CLEAR_MS ? 'now' : 'over';
};

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
  const current = room.sessions.filter((session) => sessionTime(session, now) === 'now');
  const [session, ...more] = current;
  return session === undefined || more.length > 0
    ? null
    : { roomId: room.id, sessionId: session.id };
};
