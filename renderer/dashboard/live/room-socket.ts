import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import { type ServerToDashboard, ServerToDashboardSchema } from '#shared/wire/dashboard.ts';
import { openPolledClient, type PolledClientOptions } from '#shared/wire/polled-client.ts';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** A connection that said nothing for this long is probed, ms. */
const SILENCE_MS = 10_000;
const WATCH_EVERY_MS = 2_500;
/** A connection that has not brought its snapshot by then is given up, ms. */
const SNAPSHOT_WITHIN_MS = 10_000;

/** Sockets in a row that never brought a snapshot while the server answered: something lets none through. */
const REFUSED_SOCKETS = 2;
/** Beside plain requests a socket is tried this often, ms. */
const SOCKET_AGAIN_MS = 60_000;

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
  /** The socket's frames by plain requests, where no socket gets through; asked for each connection. */
  readonly frames: () => PolledClientOptions['ask'];
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

const read = (value: unknown): ServerToDashboard | null => {
  const message = check(ServerToDashboardSchema, value);
  return message.ok ? message.value : null;
};

const parse = (text: unknown): ServerToDashboard | null => {
  if (typeof text !== 'string') return null;
  try {
    return read(JSON.parse(text));
  } catch {
    return null;
  }
};

/** What carries the room's frames: a socket, or plain requests. */
interface Carrier {
  close(): void;
}

/** Keeps the room's socket open: reconnects with growing waits, notices silence, and says how it is. */
export const openRoomLink = (options: RoomLinkOptions): RoomLink => {
  const { onMessage, onChange } = options;
  let socket: Carrier | null = null;
  /** A socket that is tried beside plain requests. */
  let trial: WebSocket | null = null;
  let trialTimer: ReturnType<typeof setTimeout> | null = null;
  let barred = false;
  let refusedSockets = 0;
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
    if (trialTimer !== null) clearTimeout(trialTimer);
    const old = socket;
    socket = null;
    old?.close();
    trial?.close();
    trial = null;
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
    const unheard = !live && !barred;
    socket = null;
    live = false;
    old.close();
    planRetry();
    void options.whoAmI().then((me) => {
      if (!me.ok && REFUSALS.has(me.error.code)) return refuse(me.error);
      if (!unheard) return;
      // The server answers and its socket does not: a proxy.
      refusedSockets = me.ok ? refusedSockets + 1 : 0;
      if (refusedSockets < REFUSED_SOCKETS || ended || barred) return;
      barred = true;
      retryNow();
    });
  }

  function retryNow(): void {
    if (ended || socket !== null) return;
    if (retryTimer !== null) clearTimeout(retryTimer);
    retryTimer = null;
    connect();
  }

  const hear = (message: ServerToDashboard | null): void => {
    lastHeard = performance.now();
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

  const openSocket = (): WebSocket => {
    const mine = new WebSocket(options.url);
    mine.addEventListener('message', (event) => {
      if (mine === trial) {
        // It gets through again: the requests have had their time.
        trial = null;
        barred = false;
        refusedSockets = 0;
        socket?.close();
        socket = mine;
      }
      if (socket === mine) hear(parse(event.data));
    });
    mine.addEventListener('close', () => {
      if (mine === trial) {
        trial = null;
        trySocketLater();
      } else if (socket === mine) drop();
    });
    return mine;
  };

  function trySocketLater(): void {
    if (trialTimer !== null) clearTimeout(trialTimer);
    trialTimer = setTimeout(
      () => {
        if (!ended && barred && trial === null) trial = openSocket();
      },
      SOCKET_AGAIN_MS * (0.5 + Math.random() / 2),
    );
  }

  const openRequests = (): Carrier => {
    const exchange = options.frames();
    const mine: Carrier = openPolledClient({
      ask: async (body) => {
        const answer = await exchange(body);
        if (answer.ok && socket === mine) lastHeard = performance.now();
        return answer;
      },
      after: (ms, task) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      monotonicMs: () => performance.now(),
      speaksFirst: false,
      onMessage: (message) => {
        if (socket === mine) hear(read(message));
      },
      onClose: (problem) => {
        if (socket !== mine) return;
        // `not-found` may be the link alone: a server that was restarted.
        const refused = problem?.code === 'unauthorised' || problem?.code === 'forbidden';
        if (refused) refuse(problem);
        else drop();
      },
    });
    return mine;
  };

  const connect = (): void => {
    onChange({ kind: 'connecting' });
    lastHeard = performance.now();
    socket = barred ? openRequests() : openSocket();
    if (barred) trySocketLater();
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
