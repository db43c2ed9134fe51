import type { RawData } from 'ws';
import { WebSocket } from 'ws';
import { fail, ok } from '#shared/kernel/result.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';
import { KIOSK_SOCKET_PATH } from '#shared/wire/kiosk-socket.ts';
import type { HostCapabilities } from '#shared/wire/kiosk-view.ts';
import type { TestServer } from '#test/server/harness.ts';
import type { FakeExam } from '#test/support/fake/fake-exam.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';

/** Long enough for a message on the loopback and what the server makes of it, ms. */
const BREATH_MS = 3;

/** A kiosk in virtual time whose server is a real one, with the clock of that time. */
export interface ServerWorld extends FakeWorld {
  /** The kiosk's connection ends and none is made any more: it is off line from the next turn on. */
  unplug(): void;
}

/**
 * A world around a real engine that talks with a real server: requests are injected, the socket is a
 * real one. The server's clock follows the world's.
 */
export const serverWorld = async (
  server: TestServer,
  host: HostCapabilities,
  stills: readonly Uint8Array[],
  exam: FakeExam = {},
): Promise<ServerWorld> => {
  const url = (await server.url()).replace('http', 'ws');
  const pending = new Set<Promise<unknown>>();
  const sockets = new Set<WebSocket>();
  let plugged = true;
  const begin = server.clock.now();

  const api: ServerApi = {
    request: (method, path, { token, body, bytes, mime }) => {
      const asked = server.app
        .inject({
          method,
          url: path,
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(bytes === undefined ? {} : { 'content-type': mime ?? 'image/jpeg' }),
          },
          ...(bytes !== undefined
            ? { payload: Buffer.from(bytes) }
            : body !== undefined
              ? { payload: body as object }
              : {}),
        })
        .then((answer) => {
          if (!plugged) return fail({ code: 'offline' as const });
          const value = answer.json();
          return answer.statusCode < 300 ? ok(value) : fail(value.problem);
        });
      pending.add(asked);
      void asked.finally(() => pending.delete(asked));
      return asked;
    },
  };
  const live: LiveLink = {
    open: ({ onOpen, onMessage, onClose }) => {
      const socket = new WebSocket(`${url}${KIOSK_SOCKET_PATH}`);
      sockets.add(socket);
      socket.on('open', onOpen);
      socket.on('message', (data: RawData) => onMessage(JSON.parse(data.toString())));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        onClose();
      });
      return {
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
        },
        close: () => socket.close(),
      };
    },
  };

  let offered = 0;
  class World extends FakeWorld {
    override deps(): EngineDeps {
      return { ...super.deps(), api, live, capabilities: host };
    }
    override async revive(): Promise<void> {
      await super.revive();
      takePictures(this);
    }
    unplug(): void {
      plugged = false;
      for (const socket of sockets) socket.terminate();
    }
  }
  /** The fake camera's stills are text, which the server does not take for pictures. */
  const takePictures = ({ engine }: FakeWorld): void => {
    const { offerStill } = engine;
    (engine as { offerStill: typeof offerStill }).offerStill = () => {
      const picture = stills[offered++ % stills.length];
      if (picture !== undefined) offerStill(picture);
    };
  };
  const world = new World(exam) as ServerWorld;
  takePictures(world);
  // Both clocks show the server's time; nothing goes on before requests are answered and messages heard.
  world.time.moveWallClock(begin - world.time.now());
  const first = world.time.now();
  const { idle } = world.time;
  world.time.idle = async () => {
    server.clock.set(Math.max(server.clock.now(), begin + world.time.now() - first));
    await idle.call(world.time);
    await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
    while (pending.size > 0) await Promise.all(pending);
    await idle.call(world.time);
  };
  return world;
};
