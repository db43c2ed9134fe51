import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { spread } from './retry.ts';

/** Sockets in a row that opened and did not last: something in between cuts them. */
const CUT_SOCKETS = 3;
/** While plain requests carry the frames, a socket is tried this often at first, and seldom in the end, ms. */
const SOCKET_AGAIN_MS = 60_000;
const SOCKET_SELDOM_MS = 10 * 60_000;

/** Whether something in between lets no socket through. A server that restarts is no proxy: it has to be up meanwhile. */
export interface SocketBar {
  barred(): boolean;
  /** Asks by a plain request whether the server is up. Never throws. */
  askWhetherUp(): Promise<void>;
  welcomed(): void;
  /** A connection ended. @param welcomed whether it ever was. @param lasted whether it held for a while. */
  ended(viaSocket: boolean, welcomed: boolean, lasted: boolean): void;
  /** When to try a socket beside the requests, ms from now; longer each time. */
  nextTrialMs(): number;
}

export const createSocketBar = (deps: Pick<EngineDeps, 'api' | 'random'>): SocketBar => {
  /** The server answered a plain request since the last welcome. */
  let provenUp = false;
  let barred = false;
  let againMs = SOCKET_AGAIN_MS;
  /** Sockets in a row that were welcomed and did not last. */
  let cut = 0;
  return {
    barred: () => barred,
    askWhetherUp: async () => {
      const health = await deps.api.request('GET', '/api/health', {}).catch(() => null);
      provenUp = health?.ok === true;
    },
    welcomed: () => {
      provenUp = false;
    },
    ended: (viaSocket, welcomed, lasted) => {
      if (!viaSocket) {
        if (!welcomed) barred = false;
        return;
      }
      cut = lasted || !welcomed ? 0 : cut + 1;
      barred = (!welcomed && (provenUp || barred)) || cut >= CUT_SOCKETS;
    },
    nextTrialMs: () => {
      const wait = spread(deps.random, againMs);
      againMs = Math.min(2 * againMs, SOCKET_SELDOM_MS);
      return wait;
    },
  };
};
