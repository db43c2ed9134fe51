import type { AppStore } from '#renderer/dashboard/shell/app-store.ts';
import type { ServerClock } from '#renderer/dashboard/shell/desk-clock.ts';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Answer } from '#shared/wire/ask.ts';
import type { CommandView, IncidentView, ServerToDashboard, Tile } from '#shared/wire/dashboard.ts';
import type { CommandRequest } from '#shared/wire/http.ts';
import type { LiveApi } from './api.ts';
import { createFrameQueue } from './frame-queue.ts';
import { type LinkChange, openRoomLink, type RoomLink } from './room-socket.ts';
import { applyMessage, EMPTY_ROOM, type LinkState, type RoomStore } from './room-store.ts';
import type { Chime } from './sound.ts';
import { classOf } from './tile-state.ts';

/** @param toDecide who now waits for a person's decision on the identity. */
export type NewsListener = (news: readonly IncidentView[], toDecide: readonly Tile[]) => void;

/** The room that somebody watches, as it is now. */
export interface LiveRoom {
  readonly store: RoomStore;
  /** Opens the room's connection, instead of the one before. @returns closes it. */
  open(place: Place): () => void;
  /** Tries a lost connection at once instead of when the wait is over. */
  retry(): void;
  /**
   * Sends a command: null when the server keeps it. What becomes of it shows in the store.
   * @param order its key stays the same when the same order is sent again.
   */
  send(attemptId: string, order: CommandRequest): Promise<Problem | null>;
  /** What is worth announcing, as it comes. */
  onNews(listener: NewsListener): () => void;
}

export interface LiveRoomParts {
  readonly api: LiveApi;
  /** Who is signed in: asked after each loss, because a refused WebSocket does not say why. */
  readonly whoAmI: () => Answer<unknown>;
  readonly app: AppStore;
  readonly store: RoomStore;
  readonly clock: ServerClock;
  readonly chime: Chime;
  /** The session is over. */
  readonly onEnded: (problem: Problem) => void;
  /** The connection is back. What was changed meanwhile (hours, seats) was not told to anybody. */
  readonly onReturn: () => void;
}

type Update = Exclude<ServerToDashboard, { type: 'refused' }>;

export const createLiveRoom = (parts: LiveRoomParts): LiveRoom => {
  const { api, app, store, clock, chime } = parts;
  const newsListeners = new Set<NewsListener>();
  let link: RoomLink | null = null;
  let lastHeardAt: number | null = null;

  const tell: NewsListener = (news, toDecide) => {
    if (news.length === 0 && toDecide.length === 0) return;
    for (const listener of newsListeners) listener(news, toDecide);
    const classes = news.map(classOf);
    if (!app.getState().sound) return;
    if (classes.includes('counted')) chime.play('counted');
    else if (classes.includes('review') || toDecide.length > 0) chime.play('notice');
  };

  const queue = createFrameQueue<Update>((messages) => {
    let state = store.getState();
    const news: IncidentView[] = [];
    const toDecide: Tile[] = [];
    for (const message of messages) {
      const step = applyMessage(state, message);
      state = step.state;
      news.push(...step.news);
      toDecide.push(...step.toDecide);
    }
    store.setState(state);
    tell(news, toDecide);
  });

  const close = (): void => {
    link?.close();
    link = null;
    queue.clear();
    lastHeardAt = null;
    store.setState(EMPTY_ROOM, true);
  };

  const linkAfter = (change: LinkChange): LinkState => {
    if (change.kind === 'connecting') {
      const before = store.getState().link;
      // A try in the middle of a loss does not end the loss.
      return before.kind === 'lost' ? { ...before, trying: true } : change;
    }
    if (change.kind !== 'lost') return change;
    const retryAt = clock.now() + change.retryInMs;
    return { kind: 'lost', since: lastHeardAt, retryAt, trying: false };
  };

  const onChange = (change: LinkChange): void => {
    if (change.kind === 'refused' && change.problem.code === 'unauthorised') {
      parts.onEnded(change.problem);
      return;
    }
    const before = store.getState().link;
    store.setState({ link: linkAfter(change) });
    if (change.kind === 'live' && before.kind === 'lost') parts.onReturn();
  };

  return {
    store,
    open: (place) => {
      close();
      const mine = openRoomLink({
        url: api.socketUrl(place),
        frames: () => api.frames(place),
        whoAmI: parts.whoAmI,
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
      link = mine;
      return () => {
        if (link === mine) close();
      };
    },
    retry: () => link?.retryNow(),
    send: async (attemptId, order) => {
      const answer = await api.command(attemptId, order);
      if (!answer.ok) return answer.error;
      const { id } = answer.value;
      const { commands } = store.getState();
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
      store.setState({ commands: [sent, ...commands] });
      return null;
    },
    onNews: (listener) => {
      newsListeners.add(listener);
      return () => newsListeners.delete(listener);
    },
  };
};
