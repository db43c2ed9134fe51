import { createPageCarry } from '#renderer/adapters/fetch-server.ts';
import { createAsk } from '#shared/wire/ask.ts';
import { createEnrolmentsApi } from './enrolments/api.ts';
import { createDevicesApi } from './fleet/api.ts';
import { createRoomStore } from './live/room-store.ts';
import { createChime } from './live/sound.ts';
import { createDashboardApi } from './shell/api.ts';
import { createAppStore } from './shell/app-store.ts';
import { createDashboard, type Dashboard } from './shell/dashboard.ts';
import { preferences } from './shell/preferences.ts';
import { createServerClock } from './shell/server-clock.ts';

/** A request that takes longer is given up as `offline`, ms. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Puts the dashboard together.
 * @param page address of the page, `.../dashboard/`: the server's `api/` is its neighbour, whatever
 * path a proxy puts before both.
 */
export const composeDashboard = (page: string): Dashboard => {
  const chime = createChime();
  const sound = preferences.sound();
  // A page may make no sound before the person has done something on it.
  if (sound) addEventListener('pointerdown', chime.wake, { once: true });
  if (sound) addEventListener('keydown', chime.wake, { once: true });
  const root = new URL('../', page);
  const ask = createAsk(createPageCarry(root, 'same-origin'), REQUEST_TIMEOUT_MS);
  return createDashboard({
    api: createDashboardApi(root, ask),
    devices: createDevicesApi(ask),
    enrolments: createEnrolmentsApi(root, ask),
    app: createAppStore(sound),
    room: createRoomStore(),
    clock: createServerClock(),
    chime,
  });
};
