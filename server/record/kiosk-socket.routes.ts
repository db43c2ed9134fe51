import type { WebSocket } from 'ws';
import { type Limits, messageBucket } from '#server/platform/limits.ts';
import { sendJson } from '#server/platform/send-text.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { App } from '#server/platform/typed.ts';
import { CLOSE, KIOSK_SOCKET_PATH, MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';
import type { KioskSessions } from './kiosk-session.ts';

/** A socket that does not say who it is within this time is closed, ms. */
const HELLO_MS = 10_000;

export interface KioskSocketDeps {
  readonly limits: Limits;
  readonly kiosks: KioskSessions;
  readonly log: ServerLog;
}

/** One kiosk's socket: frames in, frames out, and how fast. */
const kioskSocket = (socket: WebSocket, address: string, deps: KioskSocketDeps): void => {
  const { limits } = deps;
  const turnIn = messageBucket(limits.messagesPerSecond, limits.messageBurst, performance.now());
  /** Came in and waits: for the answer to hello, or for its turn when the kiosk is too fast. */
  const waiting: string[] = [];
  let answering = false;
  let slowed: NodeJS.Timeout | null = null;
  const session = deps.kiosks.open(
    {
      send: (message) => sendJson(socket, message),
      close: (code, reason) => socket.close(code, reason),
    },
    address,
  );
  let saidHello = false;
  const unknown = setTimeout(() => {
    // On a busy server what it said lies there unread: it is heard before anybody is called silent.
    setImmediate(() => {
      if (!saidHello) socket.close(CLOSE.unauthorised, 'hello-expected');
    });
  }, HELLO_MS).unref();

  const slowDown = (ms: number): void => {
    if (!socket.isPaused) deps.log('warn', 'kiosk socket slowed down', { address });
    socket.pause();
    slowed = setTimeout(() => {
      slowed = null;
      handle();
      if (slowed === null && !answering) socket.resume();
    }, ms);
  };

  const hear = (text: string): void => {
    const pending = session.receive(text);
    if (pending === null) return;
    answering = true;
    // How long the answer takes is the server's affair.
    saidHello = true;
    clearTimeout(unknown);
    pending
      .catch((error: unknown) => {
        deps.log('error', 'hello failed', { error });
        socket.close(1011, 'server-failed');
      })
      .finally(() => {
        answering = false;
        handle();
        if (!answering && slowed === null) socket.resume();
      });
  };

  const handle = (): void => {
    while (waiting.length > 0 && !answering && slowed === null) {
      const pause = turnIn(performance.now());
      if (pause > 0) slowDown(pause);
      else hear(waiting.shift() ?? '');
    }
  };

  socket.on('message', (data, isBinary) => {
    const bytes = Buffer.isBuffer(data) ? data.byteLength : Number.POSITIVE_INFINITY;
    if (bytes > MAX_MESSAGE_BYTES) {
      session.oversized();
      return;
    }
    const text = isBinary ? '' : data.toString();
    const free = waiting.length === 0 && !answering && slowed === null;
    if (free && turnIn(performance.now()) === 0) {
      hear(text);
      return;
    }
    waiting.push(text);
    // What waits is bounded by what came in already.
    if (answering) socket.pause();
    handle();
  });
  socket.on('error', (error) => deps.log('info', 'kiosk socket failed', { error: error.message }));
  socket.on('close', () => {
    clearTimeout(unknown);
    if (slowed !== null) clearTimeout(slowed);
    waiting.length = 0;
    session.closed();
  });
};

/** Where kiosks connect. */
export const kioskSocketRoutes = (app: App, deps: KioskSocketDeps): void => {
  app.get(KIOSK_SOCKET_PATH, { websocket: true }, (socket, request) =>
    kioskSocket(socket, request.ip, deps),
  );
};
