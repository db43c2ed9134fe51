import { WebSocket } from 'ws';
import { fail, ok } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';
import { ErrorBodySchema } from '#shared/wire/http.ts';
import { MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';

/** A request that takes longer is given up as `offline`: the exam goes on and the courier tries again. */
const REQUEST_TIMEOUT_MS = 15_000;

/** Requests to the central server. @param origin for example `https://atalaya.unemi.edu.ec`. */
export const createNodeApi = (origin: string): ServerApi => ({
  async request(method, path, { token, body, bytes, mime }) {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (bytes !== undefined) headers['content-type'] = mime ?? 'application/octet-stream';
    else if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      const response = await fetch(new URL(path, origin), {
        method,
        headers,
        body:
          bytes !== undefined
            ? Buffer.from(bytes)
            : body === undefined
              ? null
              : JSON.stringify(body),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const answer: unknown = await response.json().catch(() => null);
      if (response.ok) return ok(answer);
      const problem = check(ErrorBodySchema, answer);
      return fail(
        problem.ok
          ? problem.value.problem
          : { code: 'server-failed', detail: `HTTP ${response.status}` },
      );
    } catch {
      return fail({ code: 'offline' });
    }
  },
});

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
