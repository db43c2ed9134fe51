import { createAsk, createDashboardApi } from './api.ts';
import { createAppStore } from './app-store.ts';
import { createServerClock } from './clock.ts';
import { createDashboard, type Dashboard } from './dashboard.ts';
import { createDevicesApi } from './devices-api.ts';
import { createEnrolmentsApi } from './enrolments-api.ts';
import { preferences } from './preferences.ts';
import { createRoomStore } from './room-store.ts';
import { createChime } from './sound.ts';

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
  return createDashboard({
    api: createDashboardApi(root),
    devices: createDevicesApi(createAsk(root)),
    enrolments: createEnrolmentsApi(root, createAsk(root)),
    app: createAppStore(sound),
    room: createRoomStore(),
    clock: createServerClock(),
    chime,
  });
};
