import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { kyselyDeviceStore } from '#server/fleet/device.sql.ts';
import { kyselyAuditTrail } from '#server/platform/sql/audit.sql.ts';
import type { Database } from '#server/platform/sql/database.ts';
import { openPostgres } from '#server/platform/sql/postgres.ts';
import { sqlUnitOfWork } from '#server/platform/sql/transaction.ts';
import { StorageLostError, UnstorableTextError } from '#server/platform/unit-of-work.ts';
import { postgresEntryLog } from '#server/record/entry-log.postgres.ts';
import { PostgresCluster, postgresPrograms } from '#test/support/postgres-cluster.ts';
import { hashOf, ids, T, university } from './university.ts';

const row = (action: string) => ({ at: T, actor: 'staff-1', action, subject: 'x', detail: {} });
const sealed = (seq: number) => ({
  entry: { attemptId: ids.attempt(1), seq, hash: hashOf(`e${seq}`) } as never,
  text: '{}',
});

// PGlite has no connection that could be lost, and no second one.
describe.skipIf(inject('postgres') === null)('PostgreSQL that goes away', () => {
  let cluster: PostgresCluster;
  let database: Database;
  const lost: string[] = [];
  beforeAll(async () => {
    cluster = await PostgresCluster.start(postgresPrograms() ?? '', true);
    await cluster.sql('postgres', 'CREATE DATABASE atalaya');
    database = await openPostgres(cluster.url('atalaya'), ({ message }) => lost.push(message));
    await university(database);
  });
  afterAll(async () => {
    await database?.close();
    await cluster?.remove();
  });
  beforeEach(async () => {
    lost.length = 0;
    await sql`DELETE FROM audit`.execute(database.db);
  });

  const unit = (on = database) =>
    sqlUnitOfWork(on.db, (db) => ({
      trail: kyselyAuditTrail(db),
      devices: kyselyDeviceStore(db),
      db,
    }));
  const audits = async () =>
    (await database.db.selectFrom('audit').select('action').orderBy('id').execute()).map(
      ({ action }) => action,
    );
  /** Ends the server's own connections, as an administrator or a failing disk does. */
  const endConnections = () =>
    cluster.sql(
      'postgres',
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'atalaya'",
    );

  test('a connection that ends between two statements of a unit', async () => {
    const work = unit().transaction(async (tx) => {
      await tx.trail.audit(row('before'));
      await endConnections();
      // Nobody reads from the connection now: what it has to say comes as an event.
      await expect.poll(() => lost.length).toBeGreaterThan(0);
      await tx.trail.audit(row('after'));
    });
    await expect(work).rejects.toThrow(StorageLostError);
    expect(await audits()).toEqual([]);
    await unit().transaction((tx) => tx.trail.audit(row('again')));
    expect(await audits()).toEqual(['again']);
  });

  test('a connection that ends in the middle of a statement', async () => {
    const work = unit().transaction(async (tx) => {
      await tx.trail.audit(row('before'));
      const sleeping = sql`SELECT pg_sleep(30)`.execute(tx.db);
      setTimeout(() => void endConnections(), 50);
      await sleeping;
    });
    await expect(work).rejects.toThrow(StorageLostError);
    expect(await audits()).toEqual([]);
  });

  test('connections that wait in the pool may end unseen', async () => {
    await audits();
    await endConnections();
    await expect.poll(() => lost.length).toBeGreaterThan(0);
    await unit().transaction((tx) => tx.trail.audit(row('good')));
    expect(await audits()).toEqual(['good']);
  });

  test.each(['SIGQUIT', 'SIGINT'] as const)(
    'the whole server ends (%s) and comes back',
    async (signal) => {
      const log = postgresEntryLog(database.db);
      const first = signal === 'SIGQUIT' ? 1 : 2;
      const work = unit().transaction(async (tx) => {
        await tx.trail.audit(row('half'));
        await cluster.stop(signal);
        await tx.devices.openCodes('all', T);
      });
      await expect(work).rejects.toThrow(StorageLostError);
      // And whoever asks while there is none.
      await expect(audits()).rejects.toThrow(StorageLostError);
      await expect(unit().transaction((tx) => tx.trail.audit(row('none')))).rejects.toThrow(
        StorageLostError,
      );
      await expect(log.append([sealed(first)], [], T)).rejects.toThrow(StorageLostError);
      await cluster.run();
      expect(await audits()).toEqual([]);
      await log.append([sealed(first)], [], T);
      expect(await log.hashAt(ids.attempt(1), first)).toBe(hashOf(`e${first}`));
    },
  );

  test('nobody is let in at the start either', async () => {
    await expect(openPostgres('postgres://x@/x?host=/nowhere', () => {})).rejects.toThrow(
      StorageLostError,
    );
  });

  test('units of two servers run one after the other', async () => {
    const other = await openPostgres(cluster.url('atalaya'), () => {});
    try {
      const add = (on: Database, name: string) =>
        unit(on).transaction(async (tx) => {
          const before = await tx.devices.openCodes('all', T);
          await new Promise((resolve) => setTimeout(resolve, 5));
          await tx.devices.addCodes([
            {
              codeHash: hashOf(name),
              expiresAt: T + 1,
              venueId: null,
              roomId: null,
              createdAt: T,
              createdBy: ids.staff(1),
            },
          ]);
          return before;
        });
      const seen = await Promise.all(
        [1, 2, 3, 4].flatMap((n) => [add(database, `a${n}`), add(other, `b${n}`)]),
      );
      expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    } finally {
      await other.close();
    }
  });

  test('many units wait in a queue and not on all the connections', async () => {
    const gate = Promise.withResolvers<void>();
    const units = Array.from({ length: 30 }, (_, i) =>
      unit().transaction(async (tx) => {
        if (i === 0) await gate.promise;
        await tx.trail.audit(row(`u${i}`));
      }),
    );
    // Whoever only reads is served meanwhile.
    expect(await audits()).toEqual([]);
    gate.resolve();
    await Promise.all(units);
    expect(await audits()).toHaveLength(30);
  });

  test('a text that PostgreSQL cannot hold is the input’s fault, and a number that is not exact nobody’s', async () => {
    await expect(kyselyAuditTrail(database.db).audit(row('a\u0000b'))).rejects.toThrow(
      UnstorableTextError,
    );
    await expect(sql`SELECT 9007199254740993::bigint`.execute(database.db)).rejects.toThrow(
      RangeError,
    );
    const { rows } = await sql<{ n: number }>`SELECT 9007199254740991::bigint AS n`.execute(
      database.db,
    );
    expect(rows).toEqual([{ n: Number.MAX_SAFE_INTEGER }]);
    expect(await audits()).toEqual([]);
  });
});
