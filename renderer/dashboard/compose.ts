import { createPageCarry } from '#renderer/adapters/fetch-server.ts';
import { createLiveApi } from './live/api.ts';
import { createLiveRoom, type LiveRoom } from './live/live-room.ts';
import { createRoomStore } from './live/room-store.ts';
import { createChime } from './live/sound.ts';
import { createPeopleApi } from './people/api.ts';
import { createSession } from './people/session.ts';
import { createRoomApi } from './room/api.ts';
import { createRoomList, type RoomList } from './room/room-list.ts';
import { createAppStore } from './shell/app-store.ts';
import { createServer } from './shell/desk-ask.ts';
import { createServerClock } from './shell/desk-clock.ts';
import { preferences } from './shell/preferences.ts';
import type { Shell } from './shell/shell-context.tsx';

/** What the screens work with. */
export interface Dashboard {
  readonly shell: Shell;
  readonly live: LiveRoom;
  readonly rooms: RoomList;
  /** Listens to nothing more and plans nothing more. */
  stop(): void;
}

/**
 * Puts the dashboard together.
 * @param page address of the page, `.../dashboard/`: the server's `api/` is its neighbour, whatever
 * path a proxy puts before both.
 */
export const composeDashboard = (page: string): Dashboard => {
  const chime = createChime();
  const app = createAppStore(preferences.sound());
  const clock = createServerClock();
  const root = new URL('../', page);
  const server = createServer(root, createPageCarry(root, 'same-origin'));
  const people = createPeopleApi(server);
  const liveApi = createLiveApi(server);
  const session = createSession(people, app);
  const rooms = createRoomList({
    api: { ...createRoomApi(server), health: liveApi.health },
    app,
    clock,
    visible: () => document.visibilityState === 'visible',
    onEnded: session.ended,
  });
  const live = createLiveRoom({
    api: liveApi,
    whoAmI: people.me,
    app,
    store: createRoomStore(),
    clock,
    chime,
    onEnded: session.ended,
    onReturn: () => void rooms.load(),
  });

  const listening = new AbortController();
  const { signal } = listening;
  const sound = app.getState().sound;
  // A page may make no sound before the person has done something on it.
  for (const act of sound ? ['pointerdown', 'keydown'] : [])
    addEventListener(act, chime.wake, { once: true, signal });
  for (const moment of ['focus', 'online']) addEventListener(moment, rooms.wake, { signal });
  document.addEventListener('visibilitychange', rooms.wake, { signal });

  return {
    shell: {
      server,
      app,
      clock,
      start: session.start,
      signIn: session.signIn,
      signOut: session.signOut,
      setSound: (on) => {
        preferences.setSound(on);
        if (on) {
          chime.wake();
          chime.play('notice');
        }
        app.setState({ sound: on });
      },
    },
    live,
    rooms,
    stop: () => {
      listening.abort();
      rooms.stop();
    },
  };
};
