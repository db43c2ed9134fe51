import { fail, ok } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';
import { ErrorBodySchema } from '#shared/wire/http.ts';

/** A request that takes longer is given up as `offline`: the exam goes on and the courier tries again. */
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * Requests to the server that served this page (same origin: the CSP allows no other).
 * @param origin of that server.
 */
export const createFetchApi = (origin: string): ServerApi => ({
  async request(method, path, { token, body, bytes, mime }) {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (bytes !== undefined) headers['content-type'] = mime ?? 'application/octet-stream';
    else if (body !== undefined) headers['content-type'] = 'application/json';
    const payload =
      bytes !== undefined
        ? new Uint8Array(bytes)
        : body === undefined
          ? null
          : JSON.stringify(body);
    try {
      const response = await fetch(new URL(path, origin), {
        method,
        headers,
        body: payload,
        credentials: 'omit',
        cache: 'no-store',
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
