import type { RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { RoomSummary } from '#shared/wire/dashboard.ts';
import type { RegistryStore, ServerClock, StaffMember } from './ports.ts';
import { refuse } from './problems.ts';
import { hasRight, may } from './rights.ts';

/** Sessions that touch this span around now are "today's". */
const AROUND_MS = 14 * 60 * MINUTE;

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
      .map(({ id, name, venue, seatMap, sessions }) => ({
        id,
        name,
        venue,
        seatMap,
        sessions: sessions.map((session) => ({ ...session })),
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
