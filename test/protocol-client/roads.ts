import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { JsonObject } from './canonical.ts';
import { ask, Refused } from './http.ts';

/** What comes from the server. */
export type Frame = JsonObject & { readonly type: string };

/** A connection, whichever way its frames go. */
export interface Road {
  say(frame: JsonObject): void;
  /** Ends it. */
  close(): void;
}

/** Opens a road whose first frame is `hello`. @param hear gets what the server says, in order. */
export type OpenRoad = (
  origin: string,
  hello: JsonObject,
  hear: (frame: Frame) => void,
) => Promise<Road>;

export const bySocket: OpenRoad = async (origin, hello, hear) => {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/kiosk/socket`);
  socket.on('message', (data) => hear(JSON.parse(String(data)) as Frame));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.send(JSON.stringify(hello));
  return {
    say: (frame) => socket.send(JSON.stringify(frame)),
    close: () => socket.close(),
  };
};

/** Frames in one request. */
const FRAMES = 20;
const WAIT_MS = 8_000;

interface Answer {
  readonly first: number;
  readonly frames: readonly Frame[];
  readonly closed?: { readonly code: number };
}

/** The same frames by `POST /api/kiosk/frames`: one request waits for the server, others send. */
export const byRequests: OpenRoad = async (origin, hello, hear) => {
  const link = randomUUID();
  /** Said and not known to have come in; the first of them is number `first`. */
  let saying: JsonObject[] = [hello];
  let first = 1;
  let heard = 0;
  let over = false;
  let sending = false;

  const exchange = async (frames: readonly JsonObject[], waitMs: number): Promise<void> => {
    const body = { link, first, frames, have: heard, waitMs };
    const answer = await ask<Answer>(origin, 'POST', '/api/kiosk/frames', null, body);
    for (const [i, frame] of answer.frames.entries()) {
      if (answer.first + i !== heard + 1) continue;
      heard += 1;
      hear(frame);
    }
    if (answer.closed !== undefined) over = true;
  };

  const send = async (): Promise<void> => {
    while (saying.length > 0 && !over) {
      const frames = saying.slice(0, FRAMES);
      await exchange(frames, 0);
      saying = saying.slice(frames.length);
      first += frames.length;
    }
  };

  const listen = async (): Promise<void> => {
    while (!over) await exchange([], WAIT_MS);
  };

  await send();
  listen().catch((failure: unknown) => {
    if (!(over || failure instanceof Refused)) throw failure;
  });
  return {
    say: (frame) => {
      saying.push(frame);
      if (sending) return;
      sending = true;
      void send().finally(() => {
        sending = false;
      });
    },
    close: () => {
      over = true;
    },
  };
};
