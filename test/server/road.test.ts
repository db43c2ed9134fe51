import { afterEach, beforeEach, test } from 'vitest';
import { startServer, type TestServer } from './harness.ts';
import { wholeRoad } from './whole-road.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

test('the whole road: enrol, sign in, write, watch, order, obey', () => wholeRoad(server));
