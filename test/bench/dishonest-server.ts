// A child of the dishonest bench: the server of one build with the limits that it has, but for sign-ins.
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const [, , root = '', kiosks = '1'] = process.argv;
const { benchServer } = await import(join(root, 'test/bench/ingest-setup.ts'));
const { buildApp } = await import(join(root, 'server/app.ts'));
const server = await benchServer(Number(kiosks));
const app = await buildApp({
  ...server.deps,
  limits: {
    messagesPerSecond: 50,
    messageBurst: 200,
    signInsPerPerson: 1e9,
    signInsPerAddress: 1e9,
    signInsPerDevice: 1e9,
  },
});
await app.listen({ port: 0, host: '127.0.0.1' });
process.on('message', () => {
  server.dispose().finally(() => process.exit(0));
});
process.send?.({
  port: (app.server.address() as AddressInfo).port,
  credentials: server.credentials,
});
