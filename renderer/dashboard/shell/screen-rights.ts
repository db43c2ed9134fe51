import { type Right, type Role, roleHas } from '#shared/wire/roles.ts';
import type { RouteName } from './routes.ts';

/** The right that the screen of an address needs; none: it is everybody's. The server decides again, whatever is shown. */
const NEEDS: Readonly<Record<RouteName, Right | null>> = {
  rooms: null,
  room: 'watch',
  attempt: 'watch',
  timeline: 'inspect',
  devices: 'devices',
  codes: 'devices',
  builds: 'devices',
  device: 'devices',
  enrolments: 'identity',
  people: 'identity',
  setup: 'privacy',
  retention: 'privacy',
  certificates: 'privacy',
};

/** Whether the role may open the screen of an address. */
export const mayOpen = (role: Role, screen: RouteName): boolean => {
  const right = NEEDS[screen];
  return right === null || roleHas(role, right);
};
