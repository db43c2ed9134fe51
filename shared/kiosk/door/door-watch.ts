import { check } from '#shared/kernel/schema.ts';
import type { Reach } from '#shared/kiosk/courier/reach.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { InstitutionSchema } from '#shared/wire/http.ts';
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
 * @param named told once whose server it is.
 */
export const createDoorWatch = (
  deps: EngineDeps,
  reach: Pick<Reach, 'tell'>,
  serverClock: ServerClock,
  atDoor: () => boolean,
  named: (institution: string | null) => void,
): DoorWatch => {
  let asking = false;
  let again = false;
  let heard = false;
  let cancel = (): void => undefined;

  const askName = async (): Promise<void> => {
    const answer = await deps.api.request('GET', '/api/institution', {});
    const said = answer.ok ? check(InstitutionSchema, answer.value) : null;
    // A server of an older version has no such address: then nobody is named.
    heard = said !== null || (!answer.ok && answer.error.code === 'not-found');
    if (said?.ok) named(said.value.name);
  };

  const look = async (): Promise<void> => {
    if (asking || !atDoor()) return;
    asking = true;
    do {
      again = false;
      const reached = await askServer(deps, serverClock, reach);
      if (!heard && reached.outcome === 'ok') await askName();
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
