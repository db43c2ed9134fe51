import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { CoverageByKind } from '#shared/incident/coverage.ts';
import type { AttemptId, CommandId } from '#shared/kernel/ids.ts';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { check } from '#shared/kernel/schema.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { AttemptIdentity } from '#shared/wire/attempt-identity.ts';
import type { Command, CommandState } from '#shared/wire/command.ts';
import {
  type AttemptDetail,
  AttemptDetailSchema,
  type CommandView,
  type IncidentView,
  type RoomSummary,
  type ServerToDashboard,
  ServerToDashboardSchema,
  type StaffProfile,
  type Tile,
} from '#shared/wire/dashboard.ts';
import { CommandRequestSchema, StaffSignInRequestSchema } from '#shared/wire/http.ts';
import { PROTOCOL } from '#shared/wire/kiosk-socket.ts';
import { CONTENT_SECURITY_POLICY } from '#shared/wire/page-policy.ts';
import type { Role } from '#shared/wire/roles.ts';
import {
  type RefusedDismissal,
  type RoomDismissalRequest,
  RoomDismissalRequestSchema,
} from '#shared/wire/room-dismissal.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import { everyEntry } from './ledger-data.ts';
import { denseRoom, hashOf, IDENTITY_BY_HAND, ROOM, roomSummary, SESSION } from './room-data.ts';
import { type ScriptedDevices, scriptedDevices } from './scripted-devices.ts';
import { type ScriptedPrivacy, scriptedPrivacy } from './scripted-privacy.ts';
import { type ScriptedSetup, scriptedSetup } from './scripted-setup.ts';
import { still } from './still.ts';

const STATUS: Partial<Record<ProblemCode, number>> = {
  unauthorised: 401,
  'wrong-credentials': 401,
  forbidden: 403,
  'not-found': 404,
  'rate-limited': 429,
};

/** Something at each level, and one with a reason. */
const COVERAGE: CoverageByKind = {
  clipboard: { level: 'enforced' },
  print: { level: 'enforced' },
  'focus-lost': { level: 'detected' },
  'forbidden-app': { level: 'detected', reason: 'wayland' },
  peripheral: { level: 'not-watched', reason: 'sensor-failed' },
  'remote-session': { level: 'not-watched', reason: 'page-only' },
};

const NO_DOUBTS: AttemptDetail['doubts'] = {
  broken: null,
  contradictions: [],
  missingPictures: 0,
};

export const PASSWORD = 'torre-vigía-42';
export const INSTITUTION = 'Universidad Estatal de Milagro';

/** A server that says what the test tells it to say, in the product's own schemas. */
export interface ScriptedServer {
  readonly address: string;
  /** Somebody has signed in before. @returns what their cookie `staff` holds. */
  newSession(): string;
  readonly devices: ScriptedDevices;
  readonly privacy: ScriptedPrivacy;
  readonly setup: ScriptedSetup;
  rooms: readonly RoomSummary[];
  tiles: Tile[];
  incidents: IncidentView[];
  commands: CommandView[];
  roomEvents: RoomEventView[];
  /** What was asked of whole events, and what is refused of the next. */
  readonly dismissals: RoomDismissalRequest[];
  refusedDismissals: RefusedDismissal[];
  entries: readonly LedgerEntry[];
  /** What is known of who sits there, per attempt; by hand for all others. The status is the tile's. */
  readonly identities: Map<string, AttemptIdentity>;
  /** Why a chain is not as it should be, per attempt. */
  readonly doubts: Map<string, AttemptDetail['doubts']>;
  /** Who came late, per attempt. */
  readonly late: Map<string, AttemptDetail['late']>;
  /** Whether the exam lets staff see small pictures. */
  thumbnails: boolean;
  role: Role;
  /** What the next requests to these paths answer instead; kept until deleted. */
  readonly refusals: Map<string, Problem>;
  /** Commands that were taken, oldest first: one per key. */
  readonly received: {
    readonly attemptId: string;
    readonly command: Command;
    readonly cutOff?: true;
  }[];
  /** The id of the command that was taken under each key. */
  readonly keys: Map<string, string>;
  /** False: orders are taken, but their answers are lost on the way. */
  answersOrders: boolean;
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
  /** Sends one frame to every open dashboard, and keeps what it says for later snapshots. */
  frame(change: {
    readonly tiles?: readonly Tile[];
    readonly incidents?: readonly IncidentView[];
    readonly commands?: readonly CommandView[];
    readonly roomEvents?: readonly RoomEventView[];
  }): void;
  /** Takes a command one step on its road. */
  advance(id: string, state: CommandState): void;
  /** Sends text as it is. */
  raw(text: string): void;
  /** Cuts all connections; requests and sockets fail until it is put back. */
  cable(connected: boolean): void;
  openSockets(): number;
  reset(): void;
  stop(): Promise<void>;
}

/** @param folder the built pages. @param page where in it the dashboard's page lies. */
export const startScriptedServer = async (
  folder: string,
  page: string,
): Promise<ScriptedServer> => {
  const app = fastify({ forceCloseConnections: true });
  await app.register(fastifyCookie);
  await app.register(fastifyWebsocket);
  await app.register(fastifyStatic, { root: folder });
  app.get('/dashboard/', (_request, reply) => reply.sendFile(page));
  const sockets = new Set<WebSocket>();
  const sessions = new Set<string>();
  let connected = true;

  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    if (connected) {
      server.asked.set(request.url, (server.asked.get(request.url) ?? 0) + 1);
      return;
    }
    reply.hijack();
    request.raw.socket.destroy();
  });

  const refuse = (reply: FastifyReply, problem: Problem) =>
    reply.code(STATUS[problem.code] ?? 500).send({ problem });
  const profile = (): StaffProfile => ({
    id: 'staff-1',
    name: 'Mónica Andrade',
    role: server.role,
    timeZone: 'America/Guayaquil',
  });
  const isIn = (request: FastifyRequest): boolean => sessions.has(request.cookies.staff ?? '');
  const guard = async (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.routeOptions.url ?? '';
    const refusal = server.refusals.get(path);
    if (refusal !== undefined) return refuse(reply, refusal);
    if (!isIn(request)) return refuse(reply, { code: 'unauthorised' });
    return undefined;
  };

  app.get('/api/health', async () => ({
    status: 'ok',
    serverTime: Date.now(),
    protocol: PROTOCOL,
  }));
  app.get('/api/institution', async () => ({ name: INSTITUTION }));
  app.post('/api/staff/sign-in', async (request, reply) => {
    const refusal = server.refusals.get('/api/staff/sign-in');
    if (refusal !== undefined) return refuse(reply, refusal);
    const body = check(StaffSignInRequestSchema, request.body);
    if (!body.ok) return refuse(reply, { code: 'bad-request' });
    if (body.value.password !== PASSWORD) return refuse(reply, { code: 'wrong-credentials' });
    reply.setCookie('staff', server.newSession(), {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
    });
    return profile();
  });
  app.post('/api/staff/sign-out', async (request, reply) => {
    sessions.delete(request.cookies.staff ?? '');
    reply.clearCookie('staff', { path: '/' });
    return {};
  });
  app.get('/api/staff/me', { preHandler: guard }, async () => profile());
  app.get('/api/rooms', { preHandler: guard }, async () => ({ rooms: server.rooms }));
  app.get<{ Params: { id: string } }>(
    '/api/attempts/:id',
    { preHandler: guard },
    async (request, reply): Promise<AttemptDetail | FastifyReply> => {
      const { id } = request.params;
      const tile = server.tiles.find((t) => t.attemptId === id);
      if (tile === undefined) return refuse(reply, { code: 'not-found' });
      const detail = {
        tile,
        coverage: COVERAGE,
        doubts: server.doubts.get(id) ?? NO_DOUBTS,
        late: server.late.get(id) ?? null,
        identity: { ...(server.identities.get(id) ?? IDENTITY_BY_HAND), status: tile.identity },
        entries: [...server.entries],
        incidents: server.incidents.filter((i) => i.attemptId === id),
        commands: server.commands.filter((c) => c.attemptId === id),
      };
      const fits = check(AttemptDetailSchema, detail);
      if (!fits.ok) throw new Error(`${fits.error.path} ${fits.error.message}`);
      return detail;
    },
  );
  app.get('/api/attempts/:id/thumbnail', { preHandler: guard }, async (_request, reply) => {
    if (!server.thumbnails) return refuse(reply, { code: 'not-found' });
    return reply
      .header('content-type', 'image/jpeg')
      .header('cache-control', 'no-store')
      .send(await still(hashOf('thumbnail')));
  });
  app.get<{ Params: { what: string } }>(
    '/api/attempts/:id/identity/:what',
    { preHandler: guard },
    async (request, reply) => {
      const body = await still(hashOf(request.params.what));
      return reply
        .header('content-type', 'image/jpeg')
        .header('cache-control', 'no-store')
        .send(body);
    },
  );
  app.get<{ Params: { hash: string } }>(
    '/api/attempts/:id/evidence/:hash',
    { preHandler: guard },
    async (request, reply) => {
      const body = await still(request.params.hash);
      return reply
        .header('content-type', 'image/jpeg')
        .header('cache-control', 'no-store')
        .send(body);
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/attempts/:id/commands',
    { preHandler: guard },
    async (request, reply) => {
      const body = check(CommandRequestSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const attemptId = request.params.id;
      const { key, ...order } = body.value;
      const { command } = order;
      const first = server.keys.get(key);
      if (first !== undefined) return { id: first };
      server.received.push({ attemptId, ...order });
      const view: CommandView = {
        id: `command-${server.received.length}` as CommandId,
        attemptId: attemptId as AttemptId,
        issuedAt: Date.now(),
        issuedBy: profile().name,
        command,
        state: 'sent',
      };
      server.keys.set(key, view.id);
      server.frame({ commands: [view] });
      if (server.answersOrders) return { id: view.id };
      // Half an answer: without any, a browser may send the request again by itself.
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': '60' });
      reply.raw.write('{"id":');
      setTimeout(() => request.raw.socket.destroy(), 20);
      return undefined;
    },
  );
  app.post(
    `/api/rooms/${ROOM}/sessions/${SESSION}/dismissals`,
    { preHandler: guard },
    async (request, reply) => {
      const body = check(RoomDismissalRequestSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const { attempts, reason, extraMs } = body.value;
      server.dismissals.push(body.value);
      if (server.refusedDismissals.length > 0)
        return { orders: [], refused: server.refusedDismissals };
      const views = attempts.map(
        ({ attemptId, incidentId }, i): CommandView => ({
          id: `dismissal-${server.dismissals.length}-${i}` as CommandId,
          attemptId,
          issuedAt: Date.now(),
          issuedBy: profile().name,
          command: {
            type: 'dismiss',
            incidentId,
            reason,
            ...(extraMs > 0 ? { extraMs } : {}),
          },
          state: 'sent',
        }),
      );
      server.frame({ commands: views });
      return { orders: attempts.map((one, i) => ({ ...one, id: views[i]?.id })), refused: [] };
    },
  );
  app.get(
    `/api/rooms/${ROOM}/sessions/${SESSION}/socket`,
    { websocket: true },
    (socket, request) => {
      if (!isIn(request)) {
        socket.send(JSON.stringify({ type: 'refused', problem: { code: 'unauthorised' } }));
        socket.close(4401);
        return;
      }
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      send(socket, {
        type: 'snapshot',
        serverTime: Date.now(),
        sessionId: SESSION,
        tiles: server.tiles,
        incidents: server.incidents,
        commands: server.commands,
        roomEvents: server.roomEvents,
      });
    },
  );

  const send = (socket: WebSocket, message: ServerToDashboard): void => {
    const fits = check(ServerToDashboardSchema, message);
    if (!fits.ok)
      throw new Error(`The test's own message is wrong: ${fits.error.path} ${fits.error.message}`);
    socket.send(JSON.stringify(message));
  };
  const replace = <T>(list: readonly T[], changed: readonly T[], key: (item: T) => string): T[] => {
    const keys = new Set(changed.map(key));
    return [...changed, ...list.filter((item) => !keys.has(key(item)))];
  };

  const devices = scriptedDevices(app, guard, refuse);
  const privacy = scriptedPrivacy(app, guard, refuse);
  const setup = scriptedSetup(app, guard, refuse);
  const server: ScriptedServer = {
    devices,
    privacy,
    setup,
    address: '',
    newSession: () => {
      const token = randomUUID();
      sessions.add(token);
      return token;
    },
    rooms: [],
    tiles: [],
    incidents: [],
    commands: [],
    roomEvents: [],
    dismissals: [],
    refusedDismissals: [],
    entries: [],
    identities: new Map(),
    doubts: new Map(),
    late: new Map([['attempt-7', { leftMs: 1_500_000, lastShiftAt: Date.now() + 10_800_000 }]]),
    thumbnails: false,
    role: 'proctor',
    refusals: new Map(),
    received: [],
    keys: new Map(),
    answersOrders: true,
    asked: new Map(),
    frame: ({ tiles = [], incidents = [], commands = [], roomEvents }) => {
      server.tiles = replace(server.tiles, tiles, (t) => t.attemptId);
      server.incidents = replace(server.incidents, incidents, (i) => `${i.attemptId} ${i.id}`);
      server.commands = replace(server.commands, commands, (c) => c.id);
      server.roomEvents = [...(roomEvents ?? server.roomEvents)];
      const message: ServerToDashboard = {
        type: 'frame',
        serverTime: Date.now(),
        tiles: [...tiles],
        incidents: [...incidents],
        commands: [...commands],
        ...(roomEvents === undefined ? {} : { roomEvents: [...roomEvents] }),
      };
      for (const socket of sockets) send(socket, message);
    },
    advance: (id, state) => {
      const command = server.commands.find((c) => c.id === id);
      if (command === undefined) throw new Error(`There is no command ${id}`);
      server.frame({ commands: [{ ...command, state }] });
    },
    raw: (text) => {
      for (const socket of sockets) socket.send(text);
    },
    cable: (put) => {
      connected = put;
      if (put) return;
      for (const socket of sockets) socket.terminate();
    },
    openSockets: () => sockets.size,
    reset: () => {
      const now = Date.now();
      const room = denseRoom(now);
      connected = true;
      for (const socket of sockets) socket.terminate();
      sessions.clear();
      server.refusals.clear();
      server.identities.clear();
      server.thumbnails = false;
      devices.reset();
      privacy.reset();
      setup.reset();
      server.asked.clear();
      server.received.length = 0;
      server.roomEvents = [];
      server.dismissals.length = 0;
      server.refusedDismissals = [];
      server.keys.clear();
      server.answersOrders = true;
      server.rooms = [roomSummary(now)];
      server.tiles = [...room.tiles];
      server.incidents = [...room.incidents];
      server.commands = [];
      server.entries = everyEntry('attempt-1', now);
      server.role = 'proctor';
    },
    stop: async () => {
      for (const socket of sockets) socket.terminate();
      await app.close();
    },
  };
  server.reset();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return Object.assign(server, { address: `http://127.0.0.1:${port}` });
};
