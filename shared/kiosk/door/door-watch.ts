import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { askServer } from './requirements.ts';

/** How often the server is asked while nobody has signed in, ms. */
const LOOK_MS = 5_000;

/** Whether the server answers while there is no attempt whose courier would know. */
export interface DoorWatch {
  reachable(): boolean;
  start(): void;
  stop(): void;
}

/**
 * Asks the server now and then, so that the screens before the sign-in tell the truth about the connection.
 * @param atDoor whether nobody has signed in; otherwise nothing is asked.
 */
export const createDoorWatch = (
  deps: EngineDeps,
  serverClock: ServerClock,
  atDoor: () => boolean,
  onChange: () => void,
): DoorWatch => {
  let reachable = false;
  let asking = false;
  let cancel = (): void => undefined;

  const look = async (): Promise<void> => {
    if (asking || !atDoor()) return;
    asking = true;
    const { outcome } = await askServer(deps, serverClock);
    asking = false;
    reachable = outcome === 'ok';
    onChange();
  };

  return {
    reachable: () => reachable,
    start: () => {
      void look();
      cancel = deps.scheduler.every(LOOK_MS, () => void look());
    },
    stop: () => cancel(),
  };
};
