import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyAuditTrail } from '#server/platform/sql/audit.sql.ts';
import type { Database } from '#server/platform/sql/database.ts';
import { sqlUnitOfWork } from '#server/platform/sql/transaction.ts';
import type { RecordStore } from '#server/record/ports.ts';
import { kyselyRecordStore } from '#server/record/record.sql.ts';
import type { CommandId } from '#shared/kernel/ids.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { DatabaseKind } from '../databases.ts';
import { hashOf, ids, T, university } from '../university.ts';

const issued = (n: number): IssuedCommand => ({
  id: `command-${n}` as CommandId,
  attemptId: ids.attempt(1),
  issuedAt: T + n,
  issuedBy: { id: ids.staff(1), name: 'Vigilante', role: 'proctor' },
  command: { type: 'message', text: `línea ${n}\n"uno" \u0000 \ud83d\ude00` },
});
const audit = {
  at: T,
  actor: 'staff-1',
  action: 'ordered',
  subject: 'attempt-1',
  detail: { n: 1, ok: true },
};

export const recordContract = (kind: DatabaseKind): void => {
  describe('record', () => {
    let database: Database;
    let store: RecordStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyRecordStore(database.db);
    });
    const audits = () => database.db.selectFrom('audit').selectAll().orderBy('id').execute();

    test('an order is stored once per key, with its audit entry', async () => {
      const tries = await Promise.all(
        [1, 2, 3].map((n) => store.addCommand(issued(n), 'key', audit)),
      );
      expect([...tries].sort()).toEqual([false, false, true]);
      expect(await audits()).toHaveLength(1);
      expect(await store.addCommand(issued(4), 'other', audit)).toBe(true);
      const kept = await store.commandsOf(ids.attempt(1));
      expect(kept).toHaveLength(2);
      expect(kept.at(-1)).toEqual({ issued: issued(4), state: 'sent' });
      expect(await store.commandByKey(ids.staff(1), 'other')).toEqual(issued(4));
      expect(await store.commandByKey(ids.staff(2), 'other')).toBeNull();
    });

    test('orders under one key are found by it, and no other ones', async () => {
      const names = ['ab:x:1', 'ab:x:2', 'ab', 'abc', 'ab;', 'a_', 'a%:x', 'AB:x:1'];
      for (const [i, name] of names.entries()) await store.addCommand(issued(i), name, audit);
      const found = await store.commandsByKey(ids.staff(1), 'ab');
      expect([...found.keys()].sort()).toEqual(['ab', 'ab:x:1', 'ab:x:2']);
      expect(found.get('ab:x:2')).toEqual(issued(1));
      expect((await store.commandsByKey(ids.staff(1), 'a_')).size).toBe(1);
      expect((await store.commandsByKey(ids.staff(1), 'a%')).size).toBe(1);
      expect((await store.commandsByKey(ids.staff(2), 'ab')).size).toBe(0);
    });

    test('an order that ends an attempt says how it stood', async () => {
      const stood = [
        {},
        { ended: { no: 1, seq: 7, leftMs: 3_600_000 } },
        { ended: { no: 2, seq: 9, leftMs: null } },
      ];
      for (const [n, stands] of stood.entries())
        await store.addCommand(issued(n), `key-${n}`, audit, stands);
      expect(await store.commandsOf(ids.attempt(1))).toEqual(
        stood.map((stands, n) => ({ issued: issued(n), state: 'sent', ...stands })),
      );
      // As a server of before kept it: how far the ledger had come, and no more.
      await database.db
        .updateTable('commands')
        .set({ ended_no: null, ended_left_ms: null })
        .execute();
      expect((await store.commandsOf(ids.attempt(1))).map(({ ended }) => ended)).toEqual([
        undefined,
        { no: 0, seq: 7 },
        { no: 0, seq: 9 },
      ]);
    });

    test('a dismissal of an exam that was ended says what it leaves', async () => {
      await store.addCommand(issued(1), 'key', audit, { leftMs: 60_000 });
      expect(await store.commandsOf(ids.attempt(1))).toEqual([
        { issued: issued(1), state: 'sent', leftMs: 60_000 },
      ]);
    });

    test('orders of one unit are stored together with its audit entry, or none of them', async () => {
      const unit = sqlUnitOfWork(database.db, (db) => ({
        records: kyselyRecordStore(db),
        trail: kyselyAuditTrail(db),
      }));
      const order = (fails: boolean) =>
        unit.transaction(async ({ records, trail }) => {
          for (const n of [1, 2, 3]) await records.addCommand(issued(n), `key:${n}`, audit);
          await trail.audit({ ...audit, action: 'all' });
          if (fails) throw new Error('planted');
        });
      await expect(order(true)).rejects.toThrow('planted');
      expect([await store.commandsOf(ids.attempt(1)), await audits()]).toEqual([[], []]);
      await order(false);
      expect(await store.commandsOf(ids.attempt(1))).toHaveLength(3);
      expect((await audits()).map(({ action }) => action)).toEqual([
        'ordered',
        'ordered',
        'ordered',
        'all',
      ]);
    });

    test('delivered only from sent', async () => {
      await store.addCommand(issued(1), 'key', audit);
      await store.markDelivered(issued(1).id, T);
      expect(await store.commandsOf(ids.attempt(1))).toMatchObject([{ state: 'delivered' }]);
      await database.db.updateTable('commands').set({ state: 'applied' }).execute();
      await store.markDelivered(issued(1).id, T);
      expect(await store.commandsOf(ids.attempt(1))).toMatchObject([{ state: 'applied' }]);
    });

    test('notices by time, stills by hash and once', async () => {
      const notice = (n: number) => ({
        id: `notice-${n}`,
        attemptId: ids.attempt(1),
        kind: 'second-login' as never,
        at: T + n,
        facts: { address: '10.0.0.1', n },
      });
      for (const n of [2, 1]) await store.addNotice(notice(n));
      expect(await store.noticesOf(ids.attempt(1))).toEqual([notice(1), notice(2)]);
      const still = { hash: hashOf('still'), mime: 'image/jpeg', bytes: 5_000 } as const;
      await store.addStill(ids.attempt(1), still, T);
      await store.addStill(ids.attempt(1), still, T + 1);
      expect(await store.stillsOf(ids.attempt(1))).toEqual([still]);
      expect(await store.still(ids.attempt(1), still.hash)).toEqual(still);
      expect(await store.still(ids.attempt(2), still.hash)).toBeNull();
    });

    test('the audit trail keeps the order in which it was written', async () => {
      const trail = kyselyAuditTrail(database.db);
      for (const action of ['one', 'two', 'three']) await trail.audit({ ...audit, action });
      const rows = await audits();
      expect(rows.map(({ action }) => action)).toEqual(['one', 'two', 'three']);
      expect(rows[0]).toMatchObject({ at: T, detail: '{"n":1,"ok":true}' });
    });

    test('nothing hangs in the air', async () => {
      await expect(
        store.addStill(ids.attempt(9), { hash: 'x', mime: 'image/png', bytes: 1 }, T),
      ).rejects.toThrow();
      await expect(
        store.addNotice({
          id: 'n',
          attemptId: ids.attempt(9),
          kind: 'x' as never,
          at: T,
          facts: {},
        }),
      ).rejects.toThrow();
    });
  });
};
