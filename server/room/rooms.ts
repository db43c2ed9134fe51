import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, may } from '#server/people/rights.ts';
import type { ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { RegistryStore, RoomRow } from '#server/record/registry-ports.ts';
import { dayIn } from '#shared/exam/venue-time.ts';
import type { RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';
import type { RoomSummary } from '#shared/wire/dashboard.ts';

/** Longer than any day is, so that every venue's today lies within. */
const AROUND_MS = 26 * 60 * MINUTE;

/** What of a room's sessions touches today as its venue has it. */
const ofToday = ({ timeZone, sessions }: RoomRow, now: EpochMs): RoomRow['sessions'] => {
  const { from, to } = dayIn(timeZone, now);
  return sessions.filter(({ startsAt, endsAt }) => endsAt >= from && startsAt <= to);
};

export interface Rooms {
  /** Rooms that the person may watch; none for roles that watch no room. */
  list(staff: StaffMember): Promise<readonly RoomSummary[]>;
  /** Whether the person may watch the session: `forbidden` by role, `not-found` out of reach. */
  mayWatch(
    staff: StaffMember,
    place: { readonly roomId: RoomId; readonly sessionId: SessionId },
  ): Promise<Result<null, Problem>>;
}

export const rooms = (registry: RegistryStore, clock: ServerClock): Rooms => ({
  list: async (staff) => {
    const now = clock.now();
    const all = await registry.rooms(now - AROUND_MS, now + AROUND_MS);
    return all
      .filter((room) => may(staff, 'watch', { roomId: room.id, venueId: room.venueId }))
      .map((room) => ({
        id: room.id,
        name: room.name,
        venue: room.venue,
        timeZone: room.timeZone,
        seatMap: room.seatMap,
        sessions: ofToday(room, now).map((session) => ({ ...session })),
      }));
  },
  mayWatch: async (staff, { roomId, sessionId }) => {
    if (!hasRight(staff, 'watch')) return refuse('forbidden');
    const place = await registry.session(sessionId);
    if (place === null || place.roomId !== roomId || !may(staff, 'watch', place))
      return refuse('not-found');
    return ok(null);
  },
});
