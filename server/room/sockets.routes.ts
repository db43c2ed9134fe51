import type { WebSocket } from 'ws';
import { staffToken } from '#server/people/access.http.ts';
import type { StaffMember } from '#server/people/ports.ts';
import type { StaffSessions } from '#server/people/staff-sessions.ts';
import { type Limits, messageBucket } from '#server/platform/limits.ts';
import { problem } from '#server/platform/problems.ts';
import { type App, RoomSessionParams } from '#server/platform/typed.ts';
import type { ServerLog } from '#server/record/chain-state.ts';
import type { KioskSessions } from '#server/record/kiosk-session.ts';
import type { RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { ServerToDashboard } from '#shared/wire/dashboard.ts';
import { KIOSK_SOCKET_PATH, MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';
import type { RoomHub } from './room-hub.ts';
import type { Rooms } from './rooms.ts';

/** A reader that lets this much pile up is cut off, bytes. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;
/** A socket that does not say who it is within this time is closed, ms. */
const HELLO_MS = 10_000;
/** How often open dashboards are asked whether they are still there and still allowed, ms. */
const CHECK_MS = 30_000;

export interface SocketDeps {
  readonly limits: Limits;
  readonly kiosks: KioskSessions;
  readonly sessions: StaffSessions;
  readonly rooms: Rooms;
  readonly hub: RoomHub;
  readonly log: ServerLog;
}

const sendText = (socket: WebSocket, text: string): void => {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate();
  else socket.send(text);
};

const sendJson = (socket: WebSocket, message: unknown): void =>
  sendText(socket, JSON.stringify(message));

/** One kiosk's socket: frames in, frames out, and how fast. */
const kioskSocket = (socket: WebSocket, address: string, deps: SocketDeps): void => {
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
  const unknown = setTimeout(() => socket.close(4401, 'hello-expected'), HELLO_MS).unref();

  const slowDown = (ms: number): void => {
    if (!socket.isPaused) deps.log('warn', 'kiosk socket slowed down', { address });
    socket.pause();
    slowed = setTimeout(() => {
      slowed = null;
      handle();
      if (slowed === null) socket.resume();
    }, ms);
  };

  const hear = (text: string): void => {
    const pending = session.receive(text);
    if (pending === null) return;
    answering = true;
    pending
      .catch((error: unknown) => {
        deps.log('error', 'hello failed', { error });
        socket.close(1011, 'server-failed');
      })
      .finally(() => {
        clearTimeout(unknown);
        answering = false;
        handle();
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

/** One dashboard's socket on one session. */
const roomSocket = async (
  socket: WebSocket,
  place: { readonly roomId: RoomId; readonly sessionId: SessionId },
  token: string | null,
  deps: SocketDeps,
): Promise<void> => {
  const refuse = (code: number, refusal: Problem): void => {
    deps.log('info', 'room socket refused', { code: refusal.code });
    sendJson(socket, { type: 'refused', problem: refusal } satisfies ServerToDashboard);
    socket.close(code, refusal.code);
  };
  /** Not a use of the session: a dashboard left alone does not stay signed in for ever. */
  const allowed = async (): Promise<StaffMember | null> => {
    const staff = token === null ? null : await deps.sessions.whoIs(token, { use: false });
    if (staff === null) {
      refuse(4401, problem('unauthorised'));
      return null;
    }
    const watch = await deps.rooms.mayWatch(staff, place);
    if (watch.ok) return staff;
    refuse(watch.error.code === 'forbidden' ? 4403 : 4404, watch.error);
    return null;
  };
  let alive = true;
  const endings: (() => void)[] = [];
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('error', (error) => deps.log('info', 'room socket failed', { error: error.message }));
  socket.on('close', () => {
    for (const end of endings) end();
  });
  if ((await allowed()) === null || token === null) return;
  const stop = await deps.hub.subscribe(place.sessionId, {
    send: (text) => sendText(socket, text),
  });
  if (socket.readyState !== socket.OPEN) {
    stop();
    return;
  }
  const check = (): void => {
    allowed().catch((error: unknown) => deps.log('error', 'room check failed', { error }));
  };
  const timer = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
    check();
  }, CHECK_MS).unref();
  endings.push(stop, () => clearInterval(timer), deps.sessions.onSignOut(token, check));
};

/** The two WebSockets: kiosks and dashboards. */
export const socketRoutes = (app: App, deps: SocketDeps): void => {
  app.get(KIOSK_SOCKET_PATH, { websocket: true }, (socket, request) =>
    kioskSocket(socket, request.ip, deps),
  );
  app.get(
    '/api/rooms/:roomId/sessions/:sessionId/socket',
    { websocket: true, schema: { params: RoomSessionParams } },
    (socket, request) => {
      roomSocket(socket, request.params, staffToken(request), deps).catch((error: unknown) => {
        deps.log('error', 'room socket failed', { error });
        socket.close(1011, 'server-failed');
      });
    },
  );
};
