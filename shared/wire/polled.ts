import Type, { type Static, type TSchema } from 'typebox';
import { MANY, MOST } from '#shared/kernel/bounds.ts';

/** Where a kiosk exchanges the frames of its socket by plain requests, on networks that let no socket through. */
export const KIOSK_FRAMES_PATH = '/api/kiosk/frames';
/** Where the frames of a room's socket come by plain requests. */
export const roomFramesPath = (roomId: string, sessionId: string): string =>
  `/api/rooms/${encodeURIComponent(roomId)}/sessions/${encodeURIComponent(sessionId)}/frames`;
/** The longest that the server keeps a request waiting for something to say, ms. */
export const POLL_MS = 8_000;
/** A polled connection that asks for nothing for so long is gone, ms. */
export const POLL_SILENCE_MS = 20_000;
/** Frames in one request. */
export const MAX_FRAMES = 20;

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const CountSchema = Type.Integer({ minimum: 0, maximum: MOST });
/** Made up by whoever connects, anew for each connection; nobody else can guess it. */
const LinkIdSchema = Type.String({ pattern: '^[A-Za-z0-9-]{16,64}$' });

/** One exchange: what the other side says in `frames`, and what it has of the server's already. */
export const pollRequest = <S extends TSchema>(frame: S) =>
  object({
    link: LinkIdSchema,
    /** The place of the first of `frames` among all that were sent on this link, from 1. */
    first: CountSchema,
    frames: Type.Array(frame, { maxItems: MAX_FRAMES }),
    /** How many of the server's frames came in. They are kept until then. */
    have: CountSchema,
    /** How long the answer may wait for something to say, ms; 0 to be answered at once. */
    waitMs: Type.Integer({ minimum: 0, maximum: POLL_MS }),
  });

const closed = Type.Optional(
  object({ code: CountSchema, reason: Type.String({ maxLength: 120 }) }),
);

/** The answer: the server's frames that did not come in yet. */
export const pollAnswer = <S extends TSchema>(frame: S) =>
  object({
    first: CountSchema,
    frames: Type.Array(frame, { maxItems: MANY }),
    /** The server ended the link after these frames, as it would a socket. */
    closed,
  });

/** The same, whatever the frames are. */
export interface PollAnswer {
  readonly first: number;
  readonly frames: readonly unknown[];
  readonly closed?: Static<typeof closed>;
}
