import Type, { type Static } from 'typebox';
import { ok } from '#shared/kernel/result.ts';
import type { Answer, Ask } from '#shared/wire/ask.ts';
import {
  type AttemptDetail,
  type RoomSummary,
  roomSocketPath,
  type StaffProfile,
} from '#shared/wire/dashboard.ts';
import {
  AttemptDetailResponseSchema,
  type CommandRequest,
  CommandResponseSchema,
  HealthSchema,
  RoomsResponseSchema,
  StaffSignInResponseSchema,
} from '#shared/wire/http.ts';

/** The probe that tells a silent server from a dead connection, ms. */
const HEALTH_TIMEOUT_MS = 4_000;

/** What the dashboard asks the server. Nothing throws: no network is the problem `offline`. */
export interface DashboardApi {
  health(): Answer<Static<typeof HealthSchema>>;
  signIn(user: string, password: string): Answer<StaffProfile>;
  me(): Answer<StaffProfile>;
  signOut(): Answer<unknown>;
  rooms(): Answer<readonly RoomSummary[]>;
  attempt(attemptId: string): Answer<AttemptDetail>;
  /** Stores a command on the server; its id comes back, the same one for the same key. */
  command(attemptId: string, order: CommandRequest): Answer<{ readonly id: string }>;
  evidenceUrl(attemptId: string, hash: string): string;
  /** A picture of the enrolment; each look is on record. */
  identityUrl(attemptId: string, what: 'portrait' | 'document'): string;
  /** The last small picture, where the exam allows it; looks are on record. */
  thumbnailUrl(attemptId: string): string;
  exportUrl(attemptId: string): string;
  socketUrl(roomId: string, sessionId: string): string;
}

const segment = encodeURIComponent;

const addressIn = (root: URL, path: string): string => new URL(path.replace(/^\//, ''), root).href;

/** @param root the address that `api/` lives under, with a slash at the end. */
export const createDashboardApi = (root: URL, request: Ask): DashboardApi => {
  const address = (path: string): string => addressIn(root, path);
  return {
    health: () => request('api/health', HealthSchema, { timeoutMs: HEALTH_TIMEOUT_MS }),
    signIn: (user, password) =>
      request('api/staff/sign-in', StaffSignInResponseSchema, {
        method: 'POST',
        body: { user, password },
      }),
    me: () => request('api/staff/me', StaffSignInResponseSchema),
    signOut: () => request('api/staff/sign-out', Type.Unknown(), { method: 'POST' }),
    rooms: async () => {
      const answer = await request('api/rooms', RoomsResponseSchema);
      return answer.ok ? ok(answer.value.rooms) : answer;
    },
    attempt: (id) => request(`api/attempts/${segment(id)}`, AttemptDetailResponseSchema),
    command: (id, order) =>
      request(`api/attempts/${segment(id)}/commands`, CommandResponseSchema, {
        method: 'POST',
        body: order,
      }),
    evidenceUrl: (id, hash) => address(`api/attempts/${segment(id)}/evidence/${segment(hash)}`),
    identityUrl: (id, what) => address(`api/attempts/${segment(id)}/identity/${what}`),
    thumbnailUrl: (id) => address(`api/attempts/${segment(id)}/thumbnail`),
    exportUrl: (id) => address(`api/attempts/${segment(id)}/export`),
    socketUrl: (roomId, sessionId) => {
      const url = new URL(address(roomSocketPath(roomId, sessionId)));
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      return url.href;
    },
  };
};
