import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { lockDatabase } from '#server/platform/sql/database-lock.ts';
import { StartRefusedError } from '#server/platform/start-refused.ts';
import { StorageLostError } from '#server/platform/unit-of-work.ts';
import { PostgresCluster, postgresPrograms } from '#test/support/postgres-cluster.ts';

// PGlite has one connection, and no second server to ask for it.
describe.skipIf(inject('postgres') === null)('two servers on one PostgreSQL database', () => {
  let cluster: PostgresCluster;
  let url: string;
  beforeAll(async () => {
    cluster = await PostgresCluster.start(postgresPrograms() ?? '');
    for (const name of ['one', 'other']) await cluster.sql('postgres', `CREATE DATABASE ${name}`);
    url = cluster.url('one');
  });
  afterAll(() => cluster?.remove());
  const nobody = (): void => {
    throw new Error('nobody takes it');
  };

  test('the second gets a sentence and no start, until the first has ended', async () => {
    const first = await lockDatabase(url, nobody);
    const second = lockDatabase(url, nobody);
    await expect(second).rejects.toThrow(StartRefusedError);
    await expect(second).rejects.toThrow('Otro servidor trabaja con esta base de datos');
    await first.release();
    await (await lockDatabase(url, nobody)).release();
  });

  test('another database of the same cluster is another one', async () => {
    const first = await lockDatabase(url, nobody);
    const other = await lockDatabase(cluster.url('other'), nobody);
    await other.release();
    await first.release();
  });

  test('a connection that was cut takes it again; whoever came first meanwhile keeps it', async () => {
    const stolen = vi.fn();
    const first = await lockDatabase(url, stolen);
    await cut();
    const held = () =>
      cluster.sql('one', "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted");
    await expect.poll(held, { timeout: 30_000 }).toHaveLength(0);
    await expect.poll(held, { timeout: 30_000 }).toHaveLength(1);
    await expect(lockDatabase(url, nobody)).rejects.toThrow(StartRefusedError);
    expect(stolen).not.toHaveBeenCalled();
    await cut();
    await expect.poll(held, { timeout: 30_000, interval: 5 }).toHaveLength(0);
    const thief = await lockDatabase(url, nobody);
    await vi.waitFor(() => expect(stolen).toHaveBeenCalledOnce(), 30_000);
    await thief.release();
    await first.release();
  });

  test('a database that is not there is a lost storage', async () => {
    await expect(lockDatabase('postgres://x@127.0.0.1:1/none', nobody)).rejects.toThrow(
      StorageLostError,
    );
  });

  const cut = () =>
    cluster.sql(
      'postgres',
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'atalaya-lock'",
    );
});
