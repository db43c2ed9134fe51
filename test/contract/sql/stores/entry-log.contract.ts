import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyAuditTrail } from '#server/platform/sql/audit.sql.ts';
import type { Database } from '#server/platform/sql/database.ts';
import { sqlUnitOfWork } from '#server/platform/sql/transaction.ts';
import { TransactionMisuseError } from '#server/platform/unit-of-work.ts';
import type { EntryLog } from '#server/record/ports.ts';
import { kyselyRecordStore } from '#server/record/record.sql.ts';
import type { CommandId } from '#shared/kernel/ids.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { DatabaseKind } from '../databases.ts';
import { hashOf, ids, T, university } from '../university.ts';

const sealed = (n: number, seq: number, name = 'e') => {
  const entry: LedgerEntry = {
    attemptId: ids.attempt(n),
    seq,
    t: seq,
    wall: T + seq,
    type: 'observation',
    data: {
      text: `"ñ" \\ {a,b} NULL \u0000 ${seq}`,
      big: Number.MAX_SAFE_INTEGER,
      half: 0.1 + 0.2,
    },
    previous: GENESIS,
    hash: hashOf(`${name}-${n}-${seq}`),
  };
  return { entry, text: JSON.stringify(entry) };
};
const command = (n: number): IssuedCommand => ({
  id: `command-${n}` as CommandId,
  attemptId: ids.attempt(n),
  issuedAt: T,
  issuedBy: { id: ids.staff(1), name: 'x', role: 'proctor' },
  command: { type: 'message', text: 'x' },
});
const audit = { at: T, actor: 'x', action: 'x', subject: 'x', detail: {} };

export const entryLogContract = (kind: DatabaseKind): void => {
  describe('entry log', () => {
    let database: Database;
    let log: EntryLog;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      log = kind.entryLog(database);
    });
    const count = async (n: number) => (await log.read(ids.attempt(n), 0)).length;

    test('entries of many attempts in one turn come back as they came, in their order', async () => {
      const all = [sealed(1, 1), sealed(2, 1), sealed(1, 2), sealed(2, 2), sealed(1, 10)];
      await log.append(all, [], T);
      expect(await log.read(ids.attempt(1), 0)).toEqual(
        [1, 2, 10].map((seq) => sealed(1, seq).entry),
      );
      expect(await log.read(ids.attempt(1), 2)).toEqual([sealed(1, 10).entry]);
      expect(await log.hashAt(ids.attempt(2), 2)).toBe(hashOf('e-2-2'));
      expect(await log.hashAt(ids.attempt(2), 3)).toBeNull();
      const last = sealed(1, 10).entry;
      expect(await log.head(ids.attempt(1))).toEqual({ seq: last.seq, hash: last.hash });
      expect(await log.head(ids.attempt(3))).toBeNull();
      const texts = all.filter(({ entry }) => entry.attemptId === ids.attempt(1));
      const weightOf = (of: typeof texts) => of.reduce((sum, { text }) => sum + text.length, 0);
      expect(await log.weight(ids.attempt(1), 0)).toBe(weightOf(texts));
      expect(await log.weight(ids.attempt(1), 1)).toBe(weightOf(texts.slice(1)));
      expect(await log.weight(ids.attempt(1), 10)).toBe(0);
      expect(await log.weight(ids.attempt(3), 0)).toBe(0);
      await expect(log.read(ids.attempt(9), 0)).rejects.toThrow('no such attempt');
    });

    test('what is stored already is passed over, another entry in its place takes the turn with it', async () => {
      await log.append([sealed(1, 1), sealed(1, 2)], [], T);
      await log.append([sealed(1, 1), sealed(1, 2), sealed(1, 3)], [], T + 1);
      expect(await count(1)).toBe(3);
      const wrong = log.append([sealed(2, 1), sealed(1, 3, 'another'), sealed(1, 4)], [], T);
      await expect(wrong).rejects.toThrow();
      expect(await count(1)).toBe(3);
      expect(await count(2)).toBe(0);
      await expect(log.append([sealed(9, 1), sealed(2, 1)], [], T)).rejects.toThrow(
        'no such attempt',
      );
      expect(await count(2)).toBe(0);
    });

    test('commands are settled with the entries that answer them, once, of their attempt only', async () => {
      const records = kyselyRecordStore(database.db);
      for (const n of [1, 2]) await records.addCommand(command(n), `k${n}`, audit);
      const outcome = (n: number, of: number, state: 'applied' | 'rejected') => ({
        commandId: command(n).id,
        attemptId: ids.attempt(of),
        state,
      });
      const state = async (n: number) => (await records.commandsOf(ids.attempt(n)))[0]?.state;
      await log.append([sealed(1, 1)], [outcome(1, 1, 'applied'), outcome(2, 1, 'applied')], T);
      expect([await state(1), await state(2)]).toEqual(['applied', 'sent']);
      await log.append([], [outcome(1, 1, 'rejected'), outcome(2, 2, 'rejected')], T);
      expect([await state(1), await state(2)]).toEqual(['applied', 'rejected']);
      // Nothing of a turn that failed.
      await database.db.updateTable('commands').set({ state: 'sent' }).execute();
      await expect(
        log.append([sealed(1, 1, 'another')], [outcome(2, 2, 'applied')], T),
      ).rejects.toThrow();
      expect(await state(2)).toBe('sent');
    });

    test('how far was verified, and what was not', async () => {
      await log.append([sealed(1, 1), sealed(1, 2), sealed(2, 1)], [], T);
      expect(await log.unverified(null, 1_000)).toEqual({
        found: ['attempt-1', 'attempt-2'],
        last: null,
      });
      expect(await log.unverified(null, 1)).toEqual({ found: ['attempt-1'], last: 'attempt-1' });
      const second = await log.unverified(ids.attempt(1), 1);
      expect(second).toEqual({ found: ['attempt-2'], last: 'attempt-2' });
      await log.saveVerified([
        { attemptId: ids.attempt(1), seq: 2 },
        { attemptId: ids.attempt(2), seq: 1 },
      ]);
      expect((await log.unverified(null, 1_000)).found).toEqual([]);
      expect(await log.unverified(null, 1)).toEqual({ found: [], last: 'attempt-1' });
      await log.saveVerified([]);
      await log.append([], [], T);
    });

    test('inside a unit of work it is refused: it would only look durable', async () => {
      const unit = sqlUnitOfWork(database.db, (db) => ({ trail: kyselyAuditTrail(db) }));
      for (const write of [
        () => log.append([sealed(1, 1)], [], T),
        () => log.saveVerified([{ attemptId: ids.attempt(1), seq: 1 }]),
      ]) {
        await expect(unit.transaction(write)).rejects.toThrow(TransactionMisuseError);
      }
      expect(await count(1)).toBe(0);
    });

    test('it waits for a unit of work that is open, and is not undone with it', async () => {
      const unit = sqlUnitOfWork(database.db, (db) => ({ trail: kyselyAuditTrail(db) }));
      const half = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const failing = unit.transaction(async (tx) => {
        await tx.trail.audit(audit);
        half.resolve();
        await gate.promise;
        throw new Error('given up');
      });
      await half.promise;
      const appended = log.append([sealed(1, 1)], [], T);
      gate.resolve();
      await expect(failing).rejects.toThrow('given up');
      await appended;
      expect(await count(1)).toBe(1);
      expect(await database.db.selectFrom('audit').selectAll().execute()).toEqual([]);
    });
  });
};
