import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, may } from '#server/people/rights.ts';
import type { ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';
import type { RoomSummary } from '#shared/wire/dashboard.ts';

const DAY_MS = 24 * 60 * MINUTE;

/** The day that the server's own calendar shows, ms since 1970. */
const today = (now: EpochMs): { readonly from: EpochMs; readonly to: EpochMs } => {
  const from = new Date(now).setHours(0, 0, 0, 0);
  return { from, to: from + DAY_MS - 1 };
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
    const { from, to } = today(clock.now());
    const all = await registry.rooms(from, to);
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
