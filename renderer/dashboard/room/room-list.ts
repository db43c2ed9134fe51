import { retryDelay } from '#renderer/dashboard/live/room-socket.ts';
import type { DashboardApi } from '#renderer/dashboard/shell/api.ts';
import type { AppState, AppStore } from '#renderer/dashboard/shell/app-store.ts';
import { mayWatch } from '#renderer/dashboard/shell/rights.ts';
import type { ServerClock } from '#renderer/dashboard/shell/server-clock.ts';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';

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

/** Keeps the list of rooms fresh while somebody looks at it. */
export interface RoomList {
  /** Asks now; who asks while an answer is under way waits for that one. */
  load(): Promise<void>;
  /** The list came on screen, the window got the focus, or the network is back: asks if that is due. */
  wake(): void;
  /** Plans nothing any more: signed out. */
  stop(): void;
}

export interface RoomListParts {
  readonly api: Pick<DashboardApi, 'rooms' | 'health'>;
  readonly app: AppStore;
  readonly clock: Pick<ServerClock, 'now' | 'hear'>;
  /** Whether the page is on screen at all. */
  readonly visible: () => boolean;
  /** A list has come and is in the store. */
  readonly onLoaded: () => void;
  /** The session is over. */
  readonly onRefused: (problem: Problem) => void;
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

  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };

  const looking = (): boolean => {
    const { stage, me, place } = app.getState();
    return stage === 'signed-in' && me !== null && mayWatch(me.role) && place === null;
  };

  const plan = (waitMs: number): void => {
    stop();
    timer = setTimeout(() => {
      timer = null;
      // Out of sight nothing is asked; whoever comes back wakes it.
      if (looking() && parts.visible()) void load();
    }, waitMs);
  };

  const failed = (problem: Problem): void => {
    if (problem.code === 'unauthorised') {
      parts.onRefused(problem);
      return;
    }
    const again = PASSING.has(problem.code);
    const wait = Math.max(
      LEAST_RETRY_MS,
      problem.retryAfterMs ?? 0,
      retryDelay(failures, Math.random()),
    );
    failures += 1;
    app.setState({ roomsProblem: problem, roomsRetryAt: again ? clock.now() + wait : null });
    if (again) plan(wait);
  };

  const ask = async (): Promise<void> => {
    const { me } = app.getState();
    app.setState({ roomsBusy: true });
    const [answer, health] = await Promise.all([api.rooms(), api.health()]);
    // An answer for somebody who has gone is nobody's.
    if (app.getState().me !== me) return;
    app.setState({ roomsBusy: false });
    if (health.ok) clock.hear(health.value.serverTime);
    if (!answer.ok) {
      failed(answer.error);
      return;
    }
    failures = 0;
    app.setState({
      rooms: answer.value,
      roomsAt: clock.now(),
      roomsProblem: null,
      roomsRetryAt: null,
    });
    plan(REFRESH_EVERY_MS);
    parts.onLoaded();
  };

  const load = (): Promise<void> => {
    stop();
    const { me } = app.getState();
    if (underWay?.me === me) return underWay.answered;
    const answered = ask().finally(() => {
      if (underWay?.answered === answered) underWay = null;
    });
    underWay = { me, answered };
    return answered;
  };

  return {
    load,
    wake: () => {
      if (!looking()) return;
      const { roomsAt, roomsProblem } = app.getState();
      const fresh = roomsProblem === null && roomsAt !== null && clock.now() - roomsAt < FRESH_MS;
      if (!fresh) void load();
    },
    stop,
  };
};
