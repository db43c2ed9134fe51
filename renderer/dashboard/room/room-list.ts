import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LiveApi } from '#renderer/dashboard/live/api.ts';
import { retryDelay } from '#renderer/dashboard/live/room-socket.ts';
import type { AppState, AppStore } from '#renderer/dashboard/shell/app-store.ts';
import type { ServerClock } from '#renderer/dashboard/shell/desk-clock.ts';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { type EpochMs, MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { RoomSummary } from '#shared/wire/dashboard.ts';
import { roleHas } from '#shared/wire/roles.ts';
import type { RoomApi } from './api.ts';

/** While it is looked at, the list is never older than this, ms. */
const REFRESH_EVERY_MS = MINUTE;
/** A list that is younger than this is not asked for again when the window gets the focus, ms. */
const FRESH_MS = 3 * SECOND;
/** The first wait after a failure, ms: `retryDelay` begins quicker than a person can read. */
const LEAST_RETRY_MS = 2 * SECOND;

/** After these the same question may get another answer without anybody doing something. */
const PASSING: ReadonlySet<ProblemCode> = new Set([
  'offline',
  'rate-limited',
  'storage-failed',
  'server-failed',
]);

export interface RoomListState {
  /** null until they came for the first time; then the last ones that came. */
  readonly rooms: readonly RoomSummary[] | null;
  /** When `rooms` came, server time. */
  readonly at: EpochMs | null;
  /** Why there is nothing newer than `rooms`. */
  readonly problem: Problem | null;
  /** When they are asked for again by themselves after a problem, server time. */
  readonly retryAt: EpochMs | null;
  readonly busy: boolean;
  /** Whether the person of this session has been shown where to go. */
  readonly arrived: boolean;
}

const NOTHING: RoomListState = {
  rooms: null,
  at: null,
  problem: null,
  retryAt: null,
  busy: false,
  arrived: false,
};

/** Keeps the list of rooms fresh while somebody looks at it. */
export interface RoomList {
  readonly store: StoreApi<RoomListState>;
  /** Asks now; who asks while an answer is under way waits for that one. */
  load(): Promise<void>;
  /** Somebody looks at the list, or waits for what it will say. @returns ends that. */
  watch(): () => void;
  /** The window got the focus, or the network is back: asks if somebody looks and it is due. */
  wake(): void;
  /** Plans nothing any more. */
  stop(): void;
}

export interface RoomListParts {
  readonly api: Pick<RoomApi, 'rooms'> & Pick<LiveApi, 'health'>;
  readonly app: AppStore;
  readonly clock: Pick<ServerClock, 'now' | 'hear'>;
  /** Whether the page is on screen at all. */
  readonly visible: () => boolean;
  /** The session is over. */
  readonly onEnded: (problem: Problem) => void;
}

/**
 * What is on screen stays there until something better has come: a failure is told beside the list, and
 * asked again with growing waits.
 */
export const createRoomList = (parts: RoomListParts): RoomList => {
  const { api, app, clock } = parts;
  let underWay: { readonly me: AppState['me']; readonly answered: Promise<void> } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let failures = 0;
  let watchers = 0;
  const store = createStore<RoomListState>()(() => NOTHING);

  const halt = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };

  const looking = (): boolean => {
    const { me } = app.getState();
    return watchers > 0 && me !== null && roleHas(me.role, 'watch');
  };

  const plan = (waitMs: number): void => {
    halt();
    timer = setTimeout(() => {
      timer = null;
      // Out of sight nothing is asked; whoever comes back wakes it.
      if (looking() && parts.visible()) void load();
    }, waitMs);
  };

  const failed = (problem: Problem): void => {
    if (problem.code === 'unauthorised') {
      parts.onEnded(problem);
      return;
    }
    const again = PASSING.has(problem.code);
    const wait = Math.max(
      LEAST_RETRY_MS,
      problem.retryAfterMs ?? 0,
      retryDelay(failures, Math.random()),
    );
    failures += 1;
    store.setState({ problem, retryAt: again ? clock.now() + wait : null });
    if (again) plan(wait);
  };

  const ask = async (): Promise<void> => {
    const { me } = app.getState();
    store.setState({ busy: true });
    const [answer, health] = await Promise.all([api.rooms(), api.health()]);
    // An answer for somebody who has gone is nobody's.
    if (app.getState().me !== me) return;
    store.setState({ busy: false });
    if (health.ok) clock.hear(health.value.serverTime);
    if (!answer.ok) {
      failed(answer.error);
      return;
    }
    failures = 0;
    store.setState({ rooms: answer.value, at: clock.now(), problem: null, retryAt: null });
    plan(REFRESH_EVERY_MS);
  };

  const load = (): Promise<void> => {
    halt();
    const { me } = app.getState();
    if (underWay?.me === me) return underWay.answered;
    const answered = ask().finally(() => {
      if (underWay?.answered === answered) underWay = null;
    });
    underWay = { me, answered };
    return answered;
  };

  const wake = (): void => {
    if (!looking()) return;
    const { at, problem } = store.getState();
    const fresh = problem === null && at !== null && clock.now() - at < FRESH_MS;
    if (!fresh) void load();
  };

  // What one person sees is nothing to the next.
  const forget = app.subscribe(({ me }, before) => {
    if (me === before.me) return;
    halt();
    failures = 0;
    store.setState(NOTHING);
    wake();
  });

  return {
    store,
    load,
    watch: () => {
      watchers += 1;
      wake();
      return () => {
        watchers -= 1;
      };
    },
    wake,
    stop: () => {
      forget();
      halt();
    },
  };
};
