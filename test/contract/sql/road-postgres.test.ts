import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { buildApp } from '#server/app.ts';
import { composePostgres } from '#server/compose.ts';
import { createDemo } from '#server/demo/demo.ts';
import { systemRandom } from '#server/platform/system.ts';
import { connect, enrol, kiosk, quickPasswords, type TestServer } from '#test/server/harness.ts';
import { testClock } from '#test/server/test-clock.ts';
import { wholeRoad } from '#test/server/whole-road.ts';
import { PostgresCluster, postgresPrograms } from '#test/support/postgres-cluster.ts';

describe.skipIf(inject('postgres') === null)('the whole road on PostgreSQL', () => {
  let cluster: PostgresCluster;
  let server: TestServer;
  let stop = async (): Promise<void> => {};

  beforeAll(async () => {
    cluster = await PostgresCluster.start(postgresPrograms() ?? '', true);
    await cluster.sql('postgres', 'CREATE DATABASE atalaya');
    const made = await mkdtemp(join(tmpdir(), 'atalaya-pg-server-'));
    // The first start makes the folder of the data, whatever the database.
    const folder = join(made, 'data');
    const clock = testClock();
    const composed = await composePostgres(
      {
        dataFolder: folder,
        pagesFolder: null,
        logger: pino({ level: process.env.TEST_LOG ?? 'silent' }),
        clock,
        random: systemRandom,
        passwords: quickPasswords,
      },
      cluster.url('atalaya'),
    );
    const credentials = await createDemo(composed.demo, { examinees: 6, questionCount: 4 });
    if (credentials === null) throw new Error('the database was not empty');
    const app = await buildApp({ ...composed.deps, exitCodeIterations: 100 });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    server = {
      app,
      deps: composed.deps,
      clock,
      credentials,
      folder,
      url: async () => url,
    } as TestServer;
    stop = async () => {
      await app.close();
      await composed.database.close();
      await rm(made, { recursive: true, force: true });
    };
  });
  afterAll(async () => {
    await stop();
    await cluster?.remove();
  });

  test('enrol, sign in, write, watch, order, obey', () => wholeRoad(server));

  test('the database goes away and comes back: coded answers, nothing lost, the same server', async () => {
    const examinee = await kiosk(server, 1);
    const socket = await connect(server, examinee);
    const opened = examinee.opened();
    socket.send({ type: 'entries', entries: [opened] });
    await socket.until((message) => message.type === 'ack' && message.seq === 1);
    await cluster.stop('SIGQUIT');

    const refused = await server.app.inject({
      method: 'POST',
      url: '/api/staff/sign-in',
      payload: { user: 'x', password: 'x' },
    });
    expect(refused.statusCode).toBe(503);
    expect(refused.json().problem).toEqual({ code: 'storage-failed', retryAfterMs: 1_000 });
    expect(refused.headers['retry-after']).toBe('1');
    const late = examinee.visits(2);
    socket.send({ type: 'entries', entries: late });
    await socket.until(
      (message) => message.type === 'refused' && message.problem.code === 'storage-failed',
    );

    await cluster.run();
    socket.send({ type: 'entries', entries: late });
    await socket.until((message) => message.type === 'ack' && message.seq === 3);
    expect(
      (await server.deps.entryLog.read(examinee.attemptId, 0)).map(({ hash }) => hash),
    ).toEqual([opened, ...late].map(({ hash }) => hash));
    await enrol(server, 3);
    socket.close();
  });

  test('a text with U+0000 is bad input, and not a failure of the server', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/staff/sign-in',
      payload: { user: 'a\u0000b', password: 'x' },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().problem.code).toBe('bad-request');
  });
});
