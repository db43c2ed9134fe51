import type { Role } from '#shared/wire/command.ts';

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

/** Sees rooms and tiles. */
export const mayWatch = (role: Role): boolean => WATCHES.has(role);
/** Sees evidence, the ledger, and exports it. */
export const mayInspect = (role: Role): boolean => INSPECTS.has(role);
/** Orders a kiosk to do something. */
export const mayCommand = (role: Role): boolean => COMMANDS.has(role);
