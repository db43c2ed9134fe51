import type { Reach } from '#shared/kiosk/courier/reach.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { askServer } from './requirements.ts';

/** How often the server is asked while nobody has signed in, ms. */
const LOOK_MS = 5_000;

/** Asks the server while there is no attempt whose courier would. What it hears is in `Reach`. */
export interface DoorWatch {
  /** Asks at once: somebody left, or the network is another one. */
  look(): void;
  start(): void;
  stop(): void;
}

/**
 * Asks the server now and then, so that the screens before the sign-in tell the truth about the connection.
 * @param atDoor whether nobody has signed in; otherwise nothing is asked.
 */
export const createDoorWatch = (
  deps: EngineDeps,
  reach: Pick<Reach, 'tell'>,
  serverClock: ServerClock,
  atDoor: () => boolean,
): DoorWatch => {
  let asking = false;
  let again = false;
  let cancel = (): void => undefined;

  const look = async (): Promise<void> => {
    if (asking || !atDoor()) return;
    asking = true;
    do {
      again = false;
      await askServer(deps, serverClock, reach);
    } while (again && atDoor());
    asking = false;
  };

  return {
    look: () => {
      // The answer that is awaited may be one to the world as it was.
      again = asking;
      void look();
    },
    start: () => {
      void look();
      cancel = deps.scheduler.every(LOOK_MS, () => void look());
    },
    stop: () => cancel(),
  };
};
