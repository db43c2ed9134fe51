import type { Role } from '#shared/wire/command.ts';
import type { RouteName } from './routes.ts';

/** What the dashboard offers to a role. The server decides again, whatever is offered here. */
const WATCHES: ReadonlySet<Role> = new Set([
  'proctor',
  'supervisor',
  'coordinator',
  'lab-technician',
  'authority',
]);
const INSPECTS: ReadonlySet<Role> = new Set(['proctor', 'supervisor', 'coordinator', 'authority']);
const COMMANDS: ReadonlySet<Role> = new Set(['proctor', 'supervisor', 'coordinator']);

/** Rooms of its own, its venue's or all: who may open a locked machine there. */
const OPENS: ReadonlySet<Role> = new Set(['proctor', 'supervisor', 'lab-technician']);
const KEEPS_DEVICES: ReadonlySet<Role> = new Set(['lab-technician', 'coordinator']);

const IDENTIFIES: ReadonlySet<Role> = new Set(['proctor', 'supervisor', 'coordinator']);

/** Sees rooms and tiles. */
export const mayWatch = (role: Role): boolean => WATCHES.has(role);
/** Sees evidence, the ledger, and exports it. */
export const mayInspect = (role: Role): boolean => INSPECTS.has(role);
/** Orders a kiosk to do something. */
export const mayCommand = (role: Role): boolean => COMMANDS.has(role);
/** Sees the code that opens the locked machines of a session. */
export const maySeeExitCode = (role: Role): boolean => OPENS.has(role);
/** Sees devices, enrols and revokes them. */
export const mayKeepDevices = (role: Role): boolean => KEEPS_DEVICES.has(role);
/** Decides which builds are allowed. */
export const mayDecideBuilds = (role: Role): boolean => role === 'coordinator';
/** Helps people enrol and decides on re-enrolments. */
export const mayIdentify = (role: Role): boolean => IDENTIFIES.has(role);
/** Decides how long what is kept of people stays, deletes it, sees the certificates. */
export const mayKeepData = (role: Role): boolean => role === 'coordinator';

/** Who may open the screen of an address; the beginning is everybody's. */
const OPENS_SCREEN: Readonly<Record<RouteName, (role: Role) => boolean>> = {
  rooms: () => true,
  room: mayWatch,
  attempt: mayWatch,
  timeline: mayInspect,
  devices: mayKeepDevices,
  codes: mayKeepDevices,
  builds: mayKeepDevices,
  device: mayKeepDevices,
  enrolments: mayIdentify,
  people: mayIdentify,
  setup: mayKeepData,
  retention: mayKeepData,
  certificates: mayKeepData,
};
export const mayOpen = (role: Role, screen: RouteName): boolean => OPENS_SCREEN[screen](role);
