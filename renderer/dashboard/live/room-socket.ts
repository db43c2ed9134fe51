import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import { type ServerToDashboard, ServerToDashboardSchema } from '#shared/wire/dashboard.ts';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** A connection that said nothing for this long is probed, ms. */
const SILENCE_MS = 10_000;
const WATCH_EVERY_MS = 2_500;
/** A connection that has not brought its snapshot by then is given up, ms. */
const SNAPSHOT_WITHIN_MS = 10_000;

/** How the room's connection is, as the socket knows it. */
export type LinkChange =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Gone; tried again in `retryInMs`. */
  | { readonly kind: 'lost'; readonly retryInMs: number }
  /** The server does not want this person here; not tried again. */
  | { readonly kind: 'refused'; readonly problem: Problem };

export interface RoomLinkOptions {
  readonly url: string;
  readonly onMessage: (message: ServerToDashboard) => void;
  readonly onChange: (change: LinkChange) => void;
  /** Who is signed in: asked after each loss, because a refused WebSocket does not say why. */
  readonly whoAmI: () => Promise<Result<unknown, Problem>>;
  /** Asked when the socket is silent: a pulled cable closes no socket. */
  readonly health: () => Promise<Result<unknown, Problem>>;
}

export interface RoomLink {
  /** Tries at once instead of when the wait is over. */
  retryNow(): void;
  close(): void;
}

const REFUSALS: ReadonlySet<string> = new Set(['unauthorised', 'forbidden', 'not-found']);

/** Wait before try number `tries` (from 0), ms, with up to a quarter of spread so that rooms do not return all at once. */
export const retryDelay = (tries: number, random: number): number => {
  const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries, 10));
  return Math.round(wait * (0.75 + random * 0.25));
};

const parse = (text: unknown): ServerToDashboard | null => {
  if (typeof text !== 'string') return null;
  try {
    const value = check(ServerToDashboardSchema, JSON.parse(text));
    return value.ok ? value.value : null;
  } catch {
    return null;
  }
};

/** Keeps the room's socket open: reconnects with growing waits, notices silence, and says how it is. */
export const openRoomLink = (options: RoomLinkOptions): RoomLink => {
  const { onMessage, onChange } = options;
  let socket: WebSocket | null = null;
  let live = false;
  let tries = 0;
  let ended = false;
  let lastHeard = 0;
  let probing = false;
  let retryTimer: ReturnType<typeof setTimeout> | null = null;

  const end = (): void => {
    ended = true;
    if (retryTimer !== null) clearTimeout(retryTimer);
    retryTimer = null;
    clearInterval(watch);
    removeEventListener('offline', drop);
    removeEventListener('online', retryNow);
    const old = socket;
    socket = null;
    old?.close();
  };

  const refuse = (problem: Problem): void => {
    if (ended) return;
    end();
    onChange({ kind: 'refused', problem });
  };

  const planRetry = (): void => {
    const retryInMs = retryDelay(tries, Math.random());
    tries += 1;
    onChange({ kind: 'lost', retryInMs });
    if (retryTimer !== null) clearTimeout(retryTimer);
    retryTimer = setTimeout(retryNow, retryInMs);
  };

  /** The connection is gone, whether the browser has noticed or not. */
  function drop(): void {
    const old = socket;
    if (ended || old === null) return;
    socket = null;
    live = false;
    old.close();
    planRetry();
    void options.whoAmI().then((me) => {
      if (!me.ok && REFUSALS.has(me.error.code)) refuse(me.error);
    });
  }

  function retryNow(): void {
    if (ended || socket !== null) return;
    if (retryTimer !== null) clearTimeout(retryTimer);
    retryTimer = null;
    connect();
  }

  const hear = (data: unknown): void => {
    lastHeard = performance.now();
    const message = parse(data);
    // What does not fit cannot be skipped: a fresh snapshot is the only sure state.
    if (message === null) {
      drop();
      return;
    }
    if (message.type === 'refused') {
      refuse(message.problem);
      return;
    }
    if (message.type === 'snapshot') {
      live = true;
      tries = 0;
      onChange({ kind: 'live' });
    }
    onMessage(message);
  };

  const connect = (): void => {
    onChange({ kind: 'connecting' });
    lastHeard = performance.now();
    const mine = new WebSocket(options.url);
    socket = mine;
    mine.addEventListener('message', (event) => {
      if (socket === mine) hear(event.data);
    });
    mine.addEventListener('close', () => {
      if (socket === mine) drop();
    });
  };

  const watch = setInterval(() => {
    if (socket === null) return;
    const silence = performance.now() - lastHeard;
    if (!live) {
      if (silence > SNAPSHOT_WITHIN_MS) drop();
      return;
    }
    if (silence < SILENCE_MS || probing) return;
    probing = true;
    const asked = socket;
    void options.health().then((health) => {
      probing = false;
      if (health.ok) lastHeard = Math.max(lastHeard, performance.now() - SILENCE_MS / 2);
      else if (socket === asked) drop();
    });
  }, WATCH_EVERY_MS);

  addEventListener('offline', drop);
  addEventListener('online', retryNow);
  connect();

  return { retryNow, close: end };
};
