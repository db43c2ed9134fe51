import { WebSocket } from 'ws';
import { createServerApi, REQUEST_TIMEOUT_MS } from '#shared/kiosk/courier/server-api.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';
import { fetchCarry } from '#shared/wire/fetch-carry.ts';
import { MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';

/** Requests to the central server. @param origin for example `https://atalaya.unemi.edu.ec`. */
export const createNodeApi = (origin: string): ServerApi =>
  createServerApi(
    fetchCarry({
      fetch,
      at: (path) => new URL(path, origin).href,
      credentials: 'omit',
      timeout: (ms) => AbortSignal.timeout(ms),
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
