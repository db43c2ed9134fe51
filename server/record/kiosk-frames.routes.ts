import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '#server/platform/http-problems.ts';
import { type Limits, messageBucket } from '#server/platform/limits.ts';
import { type PolledLink, polledLinks } from '#server/platform/polled-links.ts';
import { problem } from '#server/platform/problems.ts';
import { type App, answers } from '#server/platform/typed.ts';
import {
  CLOSE,
  KioskToServerSchema,
  MAX_MESSAGE_BYTES,
  ServerToKioskSchema,
} from '#shared/wire/kiosk-socket.ts';
import { KIOSK_FRAMES_PATH, pollAnswer, pollRequest } from '#shared/wire/polled.ts';
import type { KioskSession, KioskSessions } from './kiosk-session.ts';

export interface KioskFramesDeps {
  readonly limits: Limits;
  readonly kiosks: KioskSessions;
}

interface PolledKiosk {
  readonly link: PolledLink;
  readonly session: KioskSession;
  readonly turnIn: (nowMs: number) => number;
  /** Frames are handled in their order, also those of requests that overtook one another. */
  turn: Promise<void>;
}

/** The kiosk's socket by plain requests: the same frames, the same session. */
export const kioskFramesRoutes = (app: App, { limits, kiosks }: KioskFramesDeps): void => {
  const links = polledLinks();
  const polled = new Map<string, PolledKiosk>();
  app.addHook('preClose', async () => links.close());

  const open = (id: string, address: string): PolledKiosk => {
    const link = links.open(id, () => {
      polled.delete(id);
      session.closed();
    });
    if (link === null) throw new ProblemError(problem('rate-limited'));
    const session = kiosks.open(
      { send: (message) => link.send(JSON.stringify(message)), close: link.close },
      address,
    );
    const { messagesPerSecond, messageBurst } = limits;
    const turnIn = messageBucket(messagesPerSecond, messageBurst, performance.now());
    const kiosk = { link, session, turnIn, turn: Promise.resolve() };
    polled.set(id, kiosk);
    return kiosk;
  };

  const hear = async (
    { link, session, turnIn }: PolledKiosk,
    first: number,
    frames: readonly unknown[],
  ) => {
    for (const [i, frame] of frames.entries()) {
      // Said before: the answer to it was lost on its way.
      if (first + i <= link.received) continue;
      if (first + i !== link.received + 1 || link.ended) return;
      link.received += 1;
      const pause = turnIn(performance.now());
      if (pause > 0) await sleep(pause);
      await session.receive(JSON.stringify(frame));
    }
  };

  app.post(
    KIOSK_FRAMES_PATH,
    {
      bodyLimit: 2 * MAX_MESSAGE_BYTES,
      schema: {
        summary: "The frames of the kiosk's socket by plain requests; the first is always hello",
        body: pollRequest(KioskToServerSchema),
        response: answers(pollAnswer(ServerToKioskSchema)),
      },
    },
    async (request, reply) => {
      const { link: id, first, frames, have, waitMs } = request.body;
      const known = polled.get(id);
      if (known === undefined && (first !== 1 || frames[0]?.type !== 'hello')) {
        throw new ProblemError(problem('not-found', 'no such link'));
      }
      const kiosk = known ?? open(id, request.ip);
      kiosk.turn = kiosk.turn
        .then(() => hear(kiosk, first, frames))
        .catch(() => kiosk.link.close(CLOSE.goingAway, 'server-failed'));
      await kiosk.turn;
      // The frames are JSON already: they are not read and written again.
      const body: unknown = await kiosk.link.answer(have, waitMs);
      return reply.type('application/json; charset=utf-8').send(body as never);
    },
  );
};
