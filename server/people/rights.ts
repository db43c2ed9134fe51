import type { RoomId } from '#shared/kernel/ids.ts';
import { type Right, reachOf, roleHas } from '#shared/wire/roles.ts';
import type { StaffMember } from './ports.ts';

/** Where something happens, for the reach of staff. */
export interface Place {
  readonly roomId: RoomId;
  readonly venueId: string;
}

/** What one asks for of things that belong to venues: a venue's, or all. */
export type Scope = { readonly venueId: string } | 'all';

const inReach = (staff: StaffMember, place: Place): boolean => {
  switch (reachOf(staff.role)) {
    case 'nowhere':
      return false;
    case 'rooms':
      return staff.roomIds.includes(place.roomId);
    case 'venue':
      return staff.venueId === place.venueId;
    case 'all':
      return true;
  }
};

/** Whether the person's role has the right at all, wherever. */
export const hasRight = (staff: StaffMember, right: Right): boolean => roleHas(staff.role, right);

/** Whether the person has the right in this room. */
export const may = (staff: StaffMember, right: Right, place: Place): boolean =>
  hasRight(staff, right) && inReach(staff, place);

/** How far the person reaches among things that belong to venues, and not to rooms. */
export const scopeOf = (staff: StaffMember): Scope =>
  reachOf(staff.role) === 'all' ? 'all' : { venueId: staff.venueId ?? '' };

/** Whether something of this venue is within the person's scope; what belongs to none is only theirs who reach all. */
export const inScope = (staff: StaffMember, venueId: string | null): boolean => {
  const scope = scopeOf(staff);
  return scope === 'all' || (venueId !== null && scope.venueId === venueId);
};
