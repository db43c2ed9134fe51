import { type Role, roleHas } from '#shared/wire/roles.ts';
import type { RouteName } from './routes.ts';

/** What the dashboard offers to a role. The server decides again, whatever is offered here. */
export const mayWatch = (role: Role): boolean => roleHas(role, 'watch');
/** Sees evidence, the ledger, and exports it. */
export const mayInspect = (role: Role): boolean => roleHas(role, 'inspect');
/** Orders a kiosk to do something. */
export const mayCommand = (role: Role): boolean => roleHas(role, 'command');
/** Sees the code that opens the locked machines of a session. */
export const maySeeExitCode = (role: Role): boolean => roleHas(role, 'exit-code');
/** Sees devices, enrols and revokes them. */
export const mayKeepDevices = (role: Role): boolean => roleHas(role, 'devices');
/** Decides which builds are allowed. */
export const mayDecideBuilds = (role: Role): boolean => roleHas(role, 'builds');
/** Helps people enrol and decides on re-enrolments. */
export const mayIdentify = (role: Role): boolean => roleHas(role, 'identity');
/** Decides how long what is kept of people stays, deletes it, sees the certificates. */
export const mayKeepData = (role: Role): boolean => roleHas(role, 'privacy');

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
