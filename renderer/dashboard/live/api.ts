import type { Static } from 'typebox';
import { type Server, segment } from '#renderer/dashboard/shell/desk-ask.ts';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import type { Answer } from '#shared/wire/ask.ts';
import { roomSocketPath, ServerToDashboardSchema } from '#shared/wire/dashboard.ts';
import { type CommandRequest, CommandResponseSchema, HealthSchema } from '#shared/wire/http.ts';
import { pollAnswer, roomFramesPath } from '#shared/wire/polled.ts';
import type { PolledClientOptions } from '#shared/wire/polled-client.ts';

/** `randomUUID` is only there over HTTPS. */
const newLink = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** The probe that tells a silent server from a dead connection, ms. */
const HEALTH_TIMEOUT_MS = 4_000;

/** What the live room needs of the server beside its socket. */
export interface LiveApi {
  health(): Answer<Static<typeof HealthSchema>>;
  /** Stores a command on the server; its id comes back, the same one for the same key. */
  command(attemptId: string, order: CommandRequest): Answer<{ readonly id: string }>;
  socketUrl(place: Place): string;
  /** What the socket says, by plain requests. A new connection each time. */
  frames(place: Place): PolledClientOptions['ask'];
}

export const createLiveApi = ({ ask, at }: Server): LiveApi => ({
  health: () => ask('api/health', HealthSchema, { timeoutMs: HEALTH_TIMEOUT_MS }),
  command: (id, body) =>
    ask(`api/attempts/${segment(id)}/commands`, CommandResponseSchema, { method: 'POST', body }),
  frames: ({ roomId, sessionId }) => {
    const link = newLink();
    const path = roomFramesPath(roomId, sessionId).replace(/^\//, '');
    return (body) =>
      ask(path, pollAnswer(ServerToDashboardSchema), { method: 'POST', body: { link, ...body } });
  },
  socketUrl: ({ roomId, sessionId }) => {
    const url = new URL(at(roomSocketPath(roomId, sessionId).replace(/^\//, '')));
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  },
});
