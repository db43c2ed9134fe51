import type { Role } from '#shared/wire/command.ts';
import type { SessionPlace, StaffMember } from './ports.ts';

/** What a person may do with a room or an attempt. */
export type Right =
  /** See the room's tiles and live feed. */
  | 'watch'
  /** See an attempt's ledger, its evidence, and export it. */
  | 'inspect'
  /** Order a kiosk to do something. */
  | 'command'
  /** Decide which release of the kiosk devices are offered. */
  | 'maintain';

/**
 * Who may do what (Art. 30-39). Laboratory technicians see that devices are on line, but not evidence;
 * who writes or validates questions sees no examinee at all.
 */
const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  proctor: ['watch', 'inspect', 'command'],
  supervisor: ['watch', 'inspect', 'command'],
  coordinator: ['watch', 'inspect', 'command', 'maintain'],
  'lab-technician': ['watch', 'maintain'],
  'exam-author': [],
  'career-director': [],
  authority: ['watch', 'inspect'],
};

/** How far a role reaches: its own rooms, its venue, or everything. */
const inReach = (staff: StaffMember, place: Omit<SessionPlace, 'sessionId'>): boolean => {
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
export const may = (
  staff: StaffMember,
  right: Right,
  place: Omit<SessionPlace, 'sessionId'>,
): boolean => hasRight(staff, right) && inReach(staff, place);
