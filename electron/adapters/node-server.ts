import { WebSocket } from 'ws';
import { type ConnectionFault, connectionFault } from '#shared/kernel/connection-fault.ts';
import { createServerApi, REQUEST_TIMEOUT_MS } from '#shared/kiosk/courier/server-api.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';
import { faultOf } from '#shared/wire/fault-of.ts';
import { fetchCarry } from '#shared/wire/fetch-carry.ts';
import { MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';

/**
 * `fetch` turns a 407 into an error without a word; every other failure of a request as we make them has a code or a
 * message.
 */
const nodeFault = (failure: unknown): ConnectionFault => {
  const { cause } = failure instanceof TypeError ? failure : {};
  const wordless = cause instanceof Error && cause.message === '' && !('code' in cause);
  return wordless ? connectionFault('proxy', 'HTTP 407') : faultOf(failure);
};

/**
 * `fetch` that goes on only within the server's own host: an address written as http in front of a server that speaks
 * https. Anywhere else leads a network's own sign-in, and the answer says so.
 */
const withinHost: typeof fetch = async (address, init) => {
  const answer = await fetch(address, init);
  const location = answer.headers.get('location');
  if (answer.status !== 307 && answer.status !== 308) return answer;
  const next = location === null ? null : URL.parse(location, answer.url);
  if (next === null || next.hostname !== new URL(answer.url).hostname) return answer;
  await answer.body?.cancel();
  return fetch(next, init);
};

/** Requests to the central server. @param origin for example `https://atalaya.unemi.edu.ec`. */
export const createNodeApi = (origin: string): ServerApi =>
  createServerApi(
    fetchCarry({
      fetch: withinHost,
      at: (path) => new URL(path, origin).href,
      credentials: 'omit',
      timeout: (ms) => AbortSignal.timeout(ms),
      faultOf: nodeFault,
    }),
  );

/** The live connection to the central server. */
export const createNodeLink = (origin: string, path: string): LiveLink => ({
  open({ onOpen, onMessage, onClose }) {
    const url = new URL(path, origin);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handshakeTimeout: REQUEST_TIMEOUT_MS,
    });
    let closed = false;
    const closeOnce = () => {
      if (closed) return;
      closed = true;
      onClose();
    };
    socket.on('open', onOpen);
    socket.on('close', closeOnce);
    // `close` follows; without a listener an `error` would end the process.
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      try {
        onMessage(JSON.parse(String(data)));
      } catch {
        socket.close(1003);
      }
    });
    return {
      send: (message) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
      },
      close: () => {
        socket.terminate();
        closeOnce();
      },
    };
  },
});
