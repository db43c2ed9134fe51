import { createServerApi } from '#shared/kiosk/courier/server-api.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';
import type { Carry } from '#shared/wire/ask.ts';
import { fetchCarry } from '#shared/wire/fetch-carry.ts';
import { pageFault } from './page-fault.ts';

/**
 * Carries a page's requests to the server that served it (same origin: the CSP allows no other).
 * @param root the address that `api/` lives under, with a slash at the end.
 * @param credentials `same-origin` where the session is a cookie.
 */
export const createPageCarry = (root: URL, credentials: 'omit' | 'same-origin'): Carry =>
  fetchCarry({
    fetch,
    at: (path) => new URL(path.replace(/^\//, ''), root).href,
    credentials,
    timeout: (ms) => AbortSignal.timeout(ms),
    faultOf: pageFault,
  });

/** The engine's requests, in a page. @param origin of the server. */
export const createFetchApi = (origin: string): ServerApi =>
  createServerApi(createPageCarry(new URL(origin), 'omit'));

/** The live connection over a WebSocket of the same origin. */
export const createSocketLink = (address: string): LiveLink => ({
  open({ onOpen, onMessage, onClose }) {
    const url = new URL(address, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    let closed = false;
    const closeOnce = () => {
      if (closed) return;
      closed = true;
      onClose();
    };
    socket.addEventListener('open', onOpen);
    socket.addEventListener('close', closeOnce);
    socket.addEventListener('message', (event) => {
      try {
        onMessage(JSON.parse(String(event.data)));
      } catch {
        socket.close(1003);
      }
    });
    return {
      send: (message) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
      },
      close: () => {
        socket.close();
        // The closing handshake may never end on a dead network; the courier must not wait for it.
        closeOnce();
      },
    };
  },
});
