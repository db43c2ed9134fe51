import type { WebSocket } from 'ws';
import { staffToken } from '#server/people/access.http.ts';
import type { StaffMember } from '#server/people/ports.ts';
import type { StaffSessions } from '#server/people/staff-sessions.ts';
import { problem } from '#server/platform/problems.ts';
import { drained, sendJson, sendText } from '#server/platform/send-text.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import { type App, RoomSessionParams } from '#server/platform/typed.ts';
import type { RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { ServerToDashboard } from '#shared/wire/dashboard.ts';
import type { RoomHub } from './room-hub.ts';
import type { Rooms } from './rooms.ts';

/** How often open dashboards are asked whether they are still there and still allowed, ms. */
const CHECK_MS = 30_000;

export interface RoomSocketDeps {
  readonly sessions: StaffSessions;
  readonly rooms: Rooms;
  readonly hub: RoomHub;
  readonly log: ServerLog;
}

/** One dashboard's socket on one session. */
const roomSocket = async (
  socket: WebSocket,
  place: { readonly roomId: RoomId; readonly sessionId: SessionId },
  token: string | null,
  deps: RoomSocketDeps,
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
    drained: () => drained(socket),
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

/** Where dashboards watch a session. */
export const roomSocketRoutes = (app: App, deps: RoomSocketDeps): void => {
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
