// A child of the ingest bench: the real server, or a bare echo, that tells the CPU time it used.
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

/** @param kind `echo`, or the folder of a build. @returns its port, what the load needs to know, and how to stop it. */
const start = async (kind: string, kiosks: number) => {
  if (kind === 'echo') {
    const echo = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    echo.on('connection', (socket) => {
      socket.on('message', (data) => socket.send(data.toString()));
    });
    await new Promise((resolve) => echo.once('listening', resolve));
    return {
      port: (echo.address() as AddressInfo).port,
      credentials: null,
      stop: async () => {
        for (const client of echo.clients) client.terminate();
        echo.close();
      },
    };
  }
  const { benchServer } = await import(join(kind, 'test/bench/ingest-setup.ts'));
  const { buildApp } = await import(join(kind, 'server/app.ts'));
  const server = await benchServer(kiosks);
  const app = await buildApp({
    ...server.deps,
    limits: {
      messagesPerSecond: 1e9,
      messageBurst: 1e9,
      signInsPerPerson: 1e9,
      signInsPerAddress: 1e9,
      signInsPerDevice: 1e9,
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    port: (app.server.address() as AddressInfo).port,
    credentials: server.credentials,
    stop: async () => {
      await app.close();
      await server.dispose();
    },
  };
};

const running = await start(process.argv[2] ?? 'echo', Number(process.argv[3] ?? 1));
process.on('message', (question: string) => {
  if (question === 'cpu') process.send?.({ cpu: process.cpuUsage() });
  if (question === 'stop') {
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  }
});
process.send?.({ port: running.port, credentials: running.credentials });
