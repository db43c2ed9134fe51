import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyDeviceStore } from '#server/fleet/device.sql.ts';
import { kyselyAuditTrail } from '#server/platform/sql/audit.sql.ts';
import type { Database } from '#server/platform/sql/database.ts';
import { inTransaction, sqlUnitOfWork } from '#server/platform/sql/transaction.ts';
import { TransactionMisuseError } from '#server/platform/unit-of-work.ts';
import type { StaffId } from '#shared/kernel/ids.ts';
import type { DatabaseKind } from './databases.ts';

const row = (action: string) => ({ at: 1, actor: 'staff-1', action, subject: 'x', detail: {} });
const code = (codeHash: string) => ({
  codeHash,
  expiresAt: 10,
  venueId: null,
  roomId: null,
  createdAt: 1,
  createdBy: 'staff-1' as StaffId,
});

/** What a unit of work promises on every database. */
export const unitOfWorkContract = (kind: DatabaseKind): void => {
  describe('unit of work', () => {
    let database: Database;
    beforeEach(async () => {
      database = await kind.fresh();
    });

    const unit = () =>
      sqlUnitOfWork(database.db, (db) => ({
        trail: kyselyAuditTrail(db),
        devices: kyselyDeviceStore(db),
      }));
    const stored = async () => ({
      audits: (await database.db.selectFrom('audit').select('action').orderBy('id').execute()).map(
        ({ action }) => action,
      ),
      codes: await kyselyDeviceStore(database.db).openCodes('all', 5),
    });

    test('what it returns is committed, whatever it is', async () => {
      const result = await unit().transaction(async (tx) => {
        await tx.devices.addCodes([code('a'), code('b')]);
        await tx.trail.audit(row('codes'));
        return 'not-found';
      });
      expect(result).toBe('not-found');
      expect(await stored()).toEqual({ audits: ['codes'], codes: 2 });
    });

    test('what throws leaves nothing, also of a store that has transactions of its own', async () => {
      const failure = new Error('the disk said no');
      const work = unit().transaction(async (tx) => {
        await tx.devices.addCodes([code('a')]);
        await tx.trail.audit(row('codes'));
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await stored()).toEqual({ audits: [], codes: 0 });
    });

    test('it sees what it wrote, and nobody else does before the end', async () => {
      const inside = await unit().transaction(async (tx) => {
        await tx.devices.addCodes([code('a')]);
        return tx.devices.openCodes('all', 5);
      });
      expect(inside).toBe(1);
      const gate = Promise.withResolvers<void>();
      const half = Promise.withResolvers<void>();
      const slow = unit().transaction(async (tx) => {
        await tx.devices.addCodes([code('b')]);
        half.resolve();
        await gate.promise;
        throw new Error('given up');
      });
      await half.promise;
      const outside = stored();
      gate.resolve();
      await expect(slow).rejects.toThrow('given up');
      expect(await outside).toMatchObject({ codes: 1 });
    });

    test('units run one after the other: none decides on what another one is changing', async () => {
      const add = (name: string) =>
        unit().transaction(async (tx) => {
          const before = await tx.devices.openCodes('all', 5);
          await new Promise((resolve) => setTimeout(resolve, 2));
          await tx.devices.addCodes([code(`${name}-${before}`)]);
          return before;
        });
      const seen = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(add));
      expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    });

    test('a second unit inside is refused, and takes the first with it unless caught', async () => {
      const inner = () => unit().transaction(async (tx) => tx.trail.audit(row('inner')));
      const outer = unit().transaction(async (tx) => {
        await tx.trail.audit(row('outer'));
        await inner();
      });
      await expect(outer).rejects.toThrow(TransactionMisuseError);
      expect(await stored()).toMatchObject({ audits: [] });
      // The refusal itself is no statement that failed.
      await unit().transaction(async (tx) => {
        await tx.trail.audit(row('outer'));
        await inner().catch(() => {});
      });
      expect(await stored()).toMatchObject({ audits: ['outer'] });
    });

    test('a store of elsewhere used inside is refused instead of waiting for itself', async () => {
      const trail = kyselyAuditTrail(database.db);
      const devices = kyselyDeviceStore(database.db);
      for (const stray of [
        () => trail.audit(row('stray')),
        () => devices.openCodes('all', 5),
        () => devices.addCodes([code('stray')]),
      ]) {
        const work = unit().transaction(async (tx) => {
          await tx.trail.audit(row('outer'));
          await stray();
        });
        await expect(work).rejects.toThrow(TransactionMisuseError);
      }
      expect(await stored()).toEqual({ audits: [], codes: 0 });
    });

    test('what is only begun inside may use the database once the unit is over', async () => {
      let later: Promise<number> | undefined;
      await unit().transaction(async (tx) => {
        await tx.devices.addCodes([code('a')]);
        later = new Promise((resolve, reject) => {
          setTimeout(() => {
            kyselyDeviceStore(database.db).openCodes('all', 5).then(resolve, reject);
          }, 20);
        });
      });
      expect(await later).toBe(1);
    });

    test('a store of the unit is refused after its end', async () => {
      const kept = await unit().transaction(async (tx) => ({ tx }));
      await expect(kept.tx.trail.audit(row('late'))).rejects.toThrow('already');
      await expect(kept.tx.devices.addCodes([code('late')])).rejects.toThrow('already');
      let lost: typeof kept | undefined;
      const failed = unit().transaction(async (tx) => {
        lost = { tx };
        throw new Error('given up');
      });
      await expect(failed).rejects.toThrow('given up');
      await expect(lost?.tx.trail.audit(row('late'))).rejects.toThrow('already');
      expect(await stored()).toEqual({ audits: [], codes: 0 });
    });

    test('a statement that failed dooms the unit, also when its error is caught', async () => {
      await kyselyDeviceStore(database.db).addCodes([code('taken')]);
      const work = unit().transaction(async (tx) => {
        await tx.trail.audit(row('before'));
        await tx.devices.addCodes([code('taken')]).catch(() => {});
        return 'done';
      });
      await expect(work).rejects.toThrow();
      const next = unit().transaction(async (tx) => {
        await tx.devices.addCodes([code('taken')]).catch(() => {});
        await tx.trail.audit(row('after'));
      });
      await expect(next).rejects.toThrow();
      expect(await stored()).toEqual({ audits: [], codes: 1 });
      // The connection is whole again.
      await unit().transaction((tx) => tx.trail.audit(row('good')));
      expect(await stored()).toMatchObject({ audits: ['good'] });
    });

    test('a store that is used alone has transactions of its own, and these are as strict', async () => {
      const devices = kyselyDeviceStore(database.db);
      await expect(devices.addCodes([code('a'), code('b'), code('a')])).rejects.toThrow();
      expect(await stored()).toMatchObject({ codes: 0 });
      const stray = inTransaction(database.db, () => devices.openCodes('all', 5));
      await expect(stray).rejects.toThrow(TransactionMisuseError);
    });
  });
};
