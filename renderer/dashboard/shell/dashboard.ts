import type { EnrolmentsApi } from '#renderer/dashboard/enrolments/api.ts';
import type { DevicesApi } from '#renderer/dashboard/fleet/api.ts';
import { createFrameQueue } from '#renderer/dashboard/live/frame-queue.ts';
import {
  type LinkChange,
  openRoomLink,
  type RoomLink,
} from '#renderer/dashboard/live/room-socket.ts';
import {
  applyMessage,
  EMPTY_ROOM,
  type LinkState,
  type RoomStore,
} from '#renderer/dashboard/live/room-store.ts';
import type { Chime } from '#renderer/dashboard/live/sound.ts';
import { classOf } from '#renderer/dashboard/live/tile-state.ts';
import { createRoomList } from '#renderer/dashboard/room/room-list.ts';
import {
  findPlace,
  onlyPlace,
  type Place,
  placeFromHash,
  placeHash,
} from '#renderer/dashboard/room/sessions.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { CommandView, IncidentView, ServerToDashboard, Tile } from '#shared/wire/dashboard.ts';
import type { CommandRequest } from '#shared/wire/http.ts';
import type { DashboardApi } from './api.ts';
import { type AppStore, SIGNED_OUT } from './app-store.ts';
import { preferences } from './preferences.ts';
import { mayWatch } from './rights.ts';
import type { ServerClock } from './server-clock.ts';
import { DEVICES_HASH, PRIVACY_HASH } from './use-hash.ts';

export interface DashboardParts {
  readonly api: DashboardApi;
  readonly devices: DevicesApi;
  readonly enrolments: EnrolmentsApi;
  readonly app: AppStore;
  readonly room: RoomStore;
  readonly clock: ServerClock;
  readonly chime: Chime;
}

/** What the screens work with. Made once by `compose.ts`. */
export interface Dashboard extends DashboardParts {
  /** Finds out who is signed in and where they were. */
  start(): Promise<void>;
  signIn(user: string, password: string): Promise<Problem | null>;
  signOut(): Promise<void>;
  /** Asks for the list of rooms again; what is on screen stays until it comes. */
  loadRooms(): Promise<void>;
  enter(place: Place): void;
  leaveRoom(): void;
  retryLink(): void;
  select(attemptId: string | null): void;
  /**
   * Sends a command: null when the server keeps it. What becomes of it shows in the room store.
   * @param order its key stays the same when the same order is sent again.
   */
  send(attemptId: string, order: CommandRequest): Promise<Problem | null>;
  setSound(on: boolean): void;
  /** What is worth announcing, as it comes. */
  onNews(listener: NewsListener): () => void;
}

/** @param toDecide who now waits for a person's decision on the identity. */
export type NewsListener = (news: readonly IncidentView[], toDecide: readonly Tile[]) => void;

type Update = Exclude<ServerToDashboard, { type: 'refused' }>;

export const createDashboard = (parts: DashboardParts): Dashboard => {
  const { api, app, room, clock, chime } = parts;
  const newsListeners = new Set<NewsListener>();
  let link: RoomLink | null = null;
  let lastHeardAt: number | null = null;
  /** Whether the person of this session has been shown where to go. */
  let arrived = false;

  const tell: NewsListener = (news, toDecide) => {
    if (news.length === 0 && toDecide.length === 0) return;
    for (const listener of newsListeners) listener(news, toDecide);
    const classes = news.map(classOf);
    if (!app.getState().sound) return;
    if (classes.includes('counted')) chime.play('counted');
    else if (classes.includes('review') || toDecide.length > 0) chime.play('notice');
  };

  const queue = createFrameQueue<Update>((messages) => {
    let state = room.getState();
    const news: IncidentView[] = [];
    const toDecide: Tile[] = [];
    for (const message of messages) {
      const step = applyMessage(state, message);
      state = step.state;
      news.push(...step.news);
      toDecide.push(...step.toDecide);
    }
    room.setState(state);
    tell(news, toDecide);
  });

  const closeRoom = (): void => {
    link?.close();
    link = null;
    queue.clear();
    lastHeardAt = null;
    room.setState(EMPTY_ROOM, true);
  };

  const toSignIn = (notice: Problem | null): void => {
    list.stop();
    closeRoom();
    app.setState({ ...SIGNED_OUT, notice });
  };

  const linkAfter = (change: LinkChange): LinkState => {
    if (change.kind === 'connecting') {
      const before = room.getState().link;
      // A try in the middle of a loss does not end the loss.
      return before.kind === 'lost' ? { ...before, trying: true } : change;
    }
    if (change.kind !== 'lost') return change;
    const retryAt = clock.now() + change.retryInMs;
    return { kind: 'lost', since: lastHeardAt, retryAt, trying: false };
  };

  const onChange = (change: LinkChange): void => {
    if (change.kind === 'refused' && change.problem.code === 'unauthorised') {
      toSignIn(change.problem);
      return;
    }
    const before = room.getState().link;
    room.setState({ link: linkAfter(change) });
    // What was changed meanwhile (hours, seats) was not told to anybody.
    if (change.kind === 'live' && before.kind === 'lost') void list.load();
  };

  const openRoom = (place: Place): void => {
    closeRoom();
    link = openRoomLink({
      url: api.socketUrl(place.roomId, place.sessionId),
      whoAmI: api.me,
      health: async () => {
        const health = await api.health();
        if (health.ok) lastHeardAt = clock.now();
        return health;
      },
      onChange,
      onMessage: (message) => {
        if (message.type === 'refused') return;
        clock.hear(message.serverTime);
        lastHeardAt = clock.now();
        queue.push(message);
      },
    });
  };

  const show = (place: Place | null): void => {
    const { stage, rooms } = app.getState();
    if (stage !== 'signed-in') return;
    const here = place === null || rooms === null ? null : findPlace(rooms, place);
    if (place === null || here === null) {
      app.setState({ place: null, here: null, selected: null });
      closeRoom();
      // A session that the list does not have yet may be in a newer one.
      list.wake();
    } else {
      app.setState({ place, here, selected: null });
      openRoom(place);
    }
  };

  /** Into the room that the address names, else, on arriving, straight into the only one that there is. */
  const settle = (): void => {
    const { rooms, place } = app.getState();
    if (rooms === null) return;
    if (place !== null) {
      const here = findPlace(rooms, place);
      if (here !== null) app.setState({ here });
      return;
    }
    const named = placeFromHash(location.hash);
    const goesElsewhere = location.hash === DEVICES_HASH || location.hash === PRIVACY_HASH;
    const target = named ?? (arrived || goesElsewhere ? null : onlyPlace(rooms, clock.now()));
    arrived = true;
    if (target === null || findPlace(rooms, target) === null) return;
    // Replaced, not pushed: "back" must not bounce into the same room again.
    history.replaceState(null, '', placeHash(target));
    show(target);
  };

  const list = createRoomList({
    api,
    app,
    clock,
    visible: () => document.visibilityState === 'visible',
    onLoaded: settle,
    onRefused: toSignIn,
  });

  const welcome = async (me: NonNullable<ReturnType<typeof app.getState>['me']>): Promise<void> => {
    arrived = false;
    app.setState({ ...SIGNED_OUT, stage: 'signed-in', me });
    if (mayWatch(me.role)) await list.load();
    else app.setState({ rooms: [] });
  };

  const send = async (attemptId: string, order: CommandRequest): Promise<Problem | null> => {
    const answer = await api.command(attemptId, order);
    if (!answer.ok) return answer.error;
    const { id } = answer.value;
    const { commands } = room.getState();
    // The room's socket tells of it too, usually first.
    if (commands.some((known) => known.id === id)) return null;
    const sent = {
      id,
      attemptId,
      issuedAt: clock.now(),
      issuedBy: app.getState().me?.name ?? '',
      command: order.command,
      state: 'sent',
    } as CommandView;
    room.setState({ commands: [sent, ...commands] });
    return null;
  };

  for (const moment of ['focus', 'online']) addEventListener(moment, list.wake);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') list.wake();
  });
  addEventListener('hashchange', () => {
    const place = placeFromHash(location.hash);
    const now = app.getState().place;
    if (place?.roomId !== now?.roomId || place?.sessionId !== now?.sessionId) show(place);
  });

  return {
    ...parts,
    start: async () => {
      app.setState({ stage: 'starting', notice: null });
      const me = await api.me();
      if (me.ok) return welcome(me.value);
      if (me.error.code === 'unauthorised') return app.setState({ ...SIGNED_OUT });
      app.setState({ stage: 'unreachable', notice: me.error });
    },
    signIn: async (user, password) => {
      const answer = await api.signIn(user, password);
      if (!answer.ok) return answer.error;
      await welcome(answer.value);
      return null;
    },
    signOut: async () => {
      const answer = await api.signOut();
      if (!answer.ok && answer.error.code !== 'unauthorised') {
        // The cookie is http-only: without the server nobody can take it away, and saying otherwise would be a lie.
        app.setState({ notice: answer.error });
        return;
      }
      history.replaceState(null, '', '#');
      toSignIn(null);
    },
    loadRooms: list.load,
    enter: (place) => {
      location.hash = placeHash(place);
    },
    leaveRoom: () => {
      location.hash = '#/';
    },
    retryLink: () => link?.retryNow(),
    select: (selected) => app.setState({ selected }),
    send,
    setSound: (sound) => {
      preferences.setSound(sound);
      if (sound) {
        chime.wake();
        chime.play('notice');
      }
      app.setState({ sound });
    },
    onNews: (listener) => {
      newsListeners.add(listener);
      return () => newsListeners.delete(listener);
    },
  };
};
