import type { WebSocket } from 'ws';
import type { ServerLog } from '#server/use-cases/chain-state.ts';
import type { KioskSessions } from '#server/use-cases/kiosk-session.ts';
import type { StaffMember } from '#server/use-cases/ports.ts';
import { problem } from '#server/use-cases/problems.ts';
import type { RoomHub } from '#server/use-cases/room-hub.ts';
import type { Rooms } from '#server/use-cases/rooms.ts';
import type { StaffSessions } from '#server/use-cases/staff-sessions.ts';
import type { RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { ServerToDashboard } from '#shared/wire/dashboard.ts';
import { KIOSK_SOCKET_PATH, MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';
import { staffToken } from './access.ts';
import { type Limits, messageBucket } from './limits.ts';
import { type App, RoomSessionParams } from './typed.ts';

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

const sendJson = (socket: WebSocket, message: unknown): void => {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate();
  else socket.send(JSON.stringify(message));
};

/** One kiosk's socket: frames in, frames out, and how fast. */
const kioskSocket = (socket: WebSocket, address: string, deps: SocketDeps): void => {
  const { limits } = deps;
  const wait = messageBucket(limits.messagesPerSecond, limits.messageBurst, performance.now());
  const backlog: string[] = [];
  let answering = false;
  let slowed = false;
  const session = deps.kiosks.open(
    {
      send: (message) => sendJson(socket, message),
      close: (code, reason) => socket.close(code, reason),
    },
    address,
  );
  const unknown = setTimeout(() => socket.close(4401, 'hello-expected'), HELLO_MS).unref();

  const next = (text: string): void => {
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
        for (const waiting of backlog.splice(0)) next(waiting);
      });
  };

  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : data.toString();
    const bytes = Buffer.isBuffer(data) ? data.byteLength : Number.POSITIVE_INFINITY;
    if (bytes > MAX_MESSAGE_BYTES) return session.oversized();
    const pause = wait(performance.now());
    if (pause > 0) {
      if (!slowed) deps.log('warn', 'kiosk socket slowed down', { address });
      slowed = true;
      socket.pause();
      setTimeout(() => socket.resume(), pause);
    }
    if (answering) backlog.push(text);
    else next(text);
  });
  socket.on('error', (error) => deps.log('info', 'kiosk socket failed', { error: error.message }));
  socket.on('close', () => {
    clearTimeout(unknown);
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
  let stop: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('error', (error) => deps.log('info', 'room socket failed', { error: error.message }));
  socket.on('close', () => {
    stop?.();
    if (timer !== null) clearInterval(timer);
  });
  if ((await allowed()) === null || socket.readyState !== socket.OPEN) return;
  stop = await deps.hub.subscribe(place.sessionId, {
    send: (message) => sendJson(socket, message),
  });
  if (socket.readyState !== socket.OPEN) return stop();
  timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
    allowed().catch((error: unknown) => deps.log('error', 'room check failed', { error }));
  }, CHECK_MS).unref();
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
