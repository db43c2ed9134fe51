import type { Scope } from '#server/fleet/device-ports.ts';
import type { Role } from '#shared/wire/command.ts';
import type { Place, StaffMember } from './ports.ts';

/** What a person may do with a room or an attempt. */
export type Right =
  /** See the room's tiles and live feed. */
  | 'watch'
  /** See an attempt's ledger, its evidence, and export it. */
  | 'inspect'
  /** Order a kiosk to do something. */
  | 'command'
  /** Decide which release of the kiosk devices are offered. */
  | 'maintain'
  /** See devices and their passports, enrol and revoke them. */
  | 'devices'
  /** Decide which builds of the kiosk the institution allows. */
  | 'builds'
  /** See the code that opens the locked machines of a session. */
  | 'exit-code'
  /** Enrol somebody in a room, see what they enrolled with, decide on a re-enrolment. */
  | 'identity'
  /** Set how long pictures are kept, hold and delete them, see the certificates. */
  | 'privacy';

/**
 * Who may do what (Art. 30-39). Laboratory technicians see that devices are on line, but not evidence;
 * who writes or validates questions sees no examinee at all.
 */
const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  proctor: ['watch', 'inspect', 'command', 'exit-code', 'identity'],
  supervisor: ['watch', 'inspect', 'command', 'exit-code', 'identity'],
  coordinator: [
    'watch',
    'inspect',
    'command',
    'maintain',
    'devices',
    'builds',
    'identity',
    'privacy',
  ],
  'lab-technician': ['watch', 'maintain', 'devices', 'exit-code'],
  'exam-author': [],
  'career-director': [],
  authority: ['watch', 'inspect'],
};

/** How far a role reaches: its own rooms, its venue, or everything. */
const inReach = (staff: StaffMember, place: Place): boolean => {
  switch (staff.role) {
    case 'proctor':
      return staff.roomIds.includes(place.roomId);
    case 'supervisor':
    case 'lab-technician':
      return staff.venueId === place.venueId;
    case 'coordinator':
    case 'authority':
      return true;
    case 'exam-author':
    case 'career-director':
      return false;
  }
};

/** Whether the person's role has the right at all, wherever. */
export const hasRight = (staff: StaffMember, right: Right): boolean =>
  RIGHTS[staff.role].includes(right);

/** Whether the person has the right in this room. */
export const may = (staff: StaffMember, right: Right, place: Place): boolean =>
  hasRight(staff, right) && inReach(staff, place);

/** How far the person reaches among things that belong to venues, and not to rooms. */
export const scopeOf = (staff: StaffMember): Scope =>
  staff.role === 'coordinator' ? 'all' : { venueId: staff.venueId ?? '' };

/** Whether something of this venue is within the person's scope; what belongs to none is only the coordination's. */
export const inScope = (staff: StaffMember, venueId: string | null): boolean => {
  const scope = scopeOf(staff);
  return scope === 'all' || (venueId !== null && scope.venueId === venueId);
};
