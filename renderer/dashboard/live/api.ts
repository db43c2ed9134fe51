import type { Static } from 'typebox';
import { type Server, segment } from '#renderer/dashboard/shell/desk-ask.ts';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import type { Answer } from '#shared/wire/ask.ts';
import { roomSocketPath } from '#shared/wire/dashboard.ts';
import { type CommandRequest, CommandResponseSchema, HealthSchema } from '#shared/wire/http.ts';

/** The probe that tells a silent server from a dead connection, ms. */
const HEALTH_TIMEOUT_MS = 4_000;

/** What the live room needs of the server beside its socket. */
export interface LiveApi {
  health(): Answer<Static<typeof HealthSchema>>;
  /** Stores a command on the server; its id comes back, the same one for the same key. */
  command(attemptId: string, order: CommandRequest): Answer<{ readonly id: string }>;
  socketUrl(place: Place): string;
}

export const createLiveApi = ({ ask, at }: Server): LiveApi => ({
  health: () => ask('api/health', HealthSchema, { timeoutMs: HEALTH_TIMEOUT_MS }),
  command: (id, body) =>
    ask(`api/attempts/${segment(id)}/commands`, CommandResponseSchema, { method: 'POST', body }),
  socketUrl: ({ roomId, sessionId }) => {
    const url = new URL(at(roomSocketPath(roomId, sessionId).replace(/^\//, '')));
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  },
});
