import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyEnrolmentStore } from '#server/identity/enrolment.sql.ts';
import { kyselyAuditTrail } from '#server/platform/sql/audit.sql.ts';
import { cellCipher } from '#server/platform/sql/cell-cipher.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { PrivacyStore, StillRow } from '#server/privacy/ports.ts';
import { kyselyPrivacyStore } from '#server/privacy/privacy.sql.ts';
import { kyselyTimeMarks } from '#server/privacy/time-marks.sql.ts';
import { kyselyRecordStore } from '#server/record/record.sql.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';
import type { DatabaseKind } from '../databases.ts';
import { HOUR, hashOf, ids, T, university } from '../university.ts';

const still = (n: number, name: string): StillRow => ({
  attemptId: ids.attempt(n),
  hash: hashOf(name),
  mime: 'image/jpeg',
  bytes: 10,
  storedAt: T,
});
const certificate = (id: string, items = 1) =>
  ({
    id,
    at: T + 5,
    reason: 'term',
    subject: hashOf('subject'),
    items: Array(items).fill({}),
  }) as unknown as DeletionCertificate;

export const privacyContract = (kind: DatabaseKind): void => {
  describe('privacy', () => {
    let database: Database;
    let store: PrivacyStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyPrivacyStore(database.db);
      const records = kyselyRecordStore(database.db);
      for (const row of [still(1, 'a'), still(1, 'b'), still(2, 'a')]) {
        await records.addStill(row.attemptId, row, T);
      }
    });
    const who = ids.examinee(1);

    test('the time that was certain only goes on', async () => {
      const marks = kyselyTimeMarks(database.db);
      expect(await marks.certain()).toBeNull();
      // As texts, the first would come after the second.
      for (const at of [999, T, T - HOUR, 2_000]) await marks.keepCertain(at);
      expect(await marks.certain()).toBe(T);
      await marks.keepCertain(T + 1);
      expect(await marks.certain()).toBe(T + 1);
    });

    test('a process and its clock', async () => {
      const process = { examId: 'exam-1', title: 'Álgebra', lastShiftEndsAt: T + 4 * HOUR };
      expect(await store.processes()).toEqual([
        { ...process, retentionDays: 180, claimsClosedAt: null, deletedAt: null },
      ]);
      await store.setDeleted('exam-1', T);
      await store.setDeleted('exam-1', T + 1);
      expect((await store.process('exam-1'))?.deletedAt).toBe(T);
      await store.setClock('exam-1', { claimsClosedAt: T, retentionDays: 30 });
      expect(await store.process('exam-1')).toEqual({
        ...process,
        retentionDays: 30,
        claimsClosedAt: T,
        deletedAt: null,
      });
      expect(await store.process('exam-2')).toBeNull();
    });

    test('what is kept of whom, held or not', async () => {
      await store.hold(ids.attempt(1), ids.staff(1), 'reclamo', T);
      await store.hold(ids.attempt(1), ids.staff(1), 'otro', T + 1);
      const kept = await store.keptAttempts('exam-1');
      expect(kept).toHaveLength(4);
      expect(kept.find(({ attemptId }) => attemptId === 'attempt-1')).toEqual({
        attemptId: 'attempt-1',
        examinee: { id: 'examinee-1', name: 'José Peñafiel', document: '0912345671' },
        startsAt: T + HOUR,
        stills: [still(1, 'a'), still(1, 'b')],
        held: true,
      });
      expect(await store.participations(who)).toEqual([
        {
          examId: 'exam-1',
          title: 'Álgebra',
          retentionDays: 180,
          claimsClosedAt: null,
          deletedAt: null,
          lastShiftEndsAt: T + 4 * HOUR,
          attemptId: 'attempt-1',
          startsAt: T + HOUR,
          held: true,
        },
      ]);
      await store.release(ids.attempt(1));
      expect((await store.participations(who))[0]?.held).toBe(false);
    });

    test('pictures and ledgers of a person', async () => {
      expect(await store.stillsOf(who)).toEqual([still(1, 'a'), still(1, 'b')]);
      expect(await store.ledgersOf(who)).toEqual([]);
      const { no } = await database.db
        .selectFrom('attempts')
        .select('no')
        .where('id', '=', ids.attempt(1))
        .executeTakeFirstOrThrow();
      for (const seq of [1, 2]) {
        await database.db
          .insertInto('entries')
          .values({ attempt_no: no, seq, hash: `h${seq}`, received_at: T + seq, body: '{}' })
          .execute();
      }
      expect(await store.ledgersOf(who)).toEqual([
        { attemptId: 'attempt-1', entries: 2, since: T + 1 },
      ]);
    });

    test('a file that another attempt keeps is shared', async () => {
      expect(await store.sharedFile(still(1, 'a'), [still(1, 'a')])).toBe(true);
      expect(await store.sharedFile(still(1, 'a'), [still(1, 'a'), still(2, 'a')])).toBe(false);
      expect(await store.sharedFile(still(1, 'b'), [still(1, 'b')])).toBe(false);
    });

    test('a deletion is all or nothing, with its certificate and its entry in the trail', async () => {
      const enrolments = kyselyEnrolmentStore(database.db, cellCipher(Buffer.alloc(32, 7)));
      await enrolments.save({
        id: 'enrolment-1',
        examineeId: who,
        at: T,
        template: { descriptor: [], captures: 1 } as never,
        documentKind: 'cedula',
        documentQr: null,
        documentDoubt: null,
        consent: { version: '1', locale: 'es' },
        submittedBy: null,
        changeDistance: null,
        portrait: new Uint8Array([1]),
        document: new Uint8Array([2]),
      });
      expect(await store.enrolled()).toEqual([{ examineeId: 'examinee-1', at: T }]);
      await store.remove(certificate('certificate-1', 2), [still(1, 'a')]);
      expect(await store.stillsOf(who)).toEqual([still(1, 'b')]);
      expect(await store.certificate('certificate-1')).toEqual(certificate('certificate-1', 2));
      // A certificate's number is taken: then nothing goes.
      const again = store.remove(certificate('certificate-1', 2), [still(1, 'b')]);
      await expect(again).rejects.toThrow();
      expect(await store.stillsOf(who)).toEqual([still(1, 'b')]);
      // The enrolment is the other store's to forget.
      expect(await store.enrolled()).toEqual([{ examineeId: 'examinee-1', at: T }]);
      await enrolments.remove(who);
      expect(await store.enrolled()).toEqual([]);
      await store.emptyLog();
    });

    test('certificates by time and subject', async () => {
      for (const id of ['x', 'y']) {
        const row = { ...certificate(id), at: id === 'x' ? T : T + 1 };
        await store.remove(row, []);
      }
      expect((await store.certificates(10)).map(({ id, items }) => [id, items])).toEqual([
        ['y', 1],
        ['x', 1],
      ]);
      expect(await store.certificates(1)).toHaveLength(1);
      expect(await store.certificatesOf(hashOf('subject'))).toHaveLength(2);
      expect(await store.certificatesOf(hashOf('nobody'))).toEqual([]);
      expect(await store.certificate('z')).toBeNull();
    });

    test('who looked at what, newest first', async () => {
      const trail = kyselyAuditTrail(database.db);
      const look = (action: string, subject: string, actor = 'staff-1') =>
        trail.audit({ at: T, actor, action, subject, detail: {} });
      await look('still-viewed', 'attempt-1');
      await look('portrait-viewed', 'examinee-1');
      await look('attempt-viewed', 'attempt-1');
      await look('still-viewed', 'attempt-2');
      await look('still-viewed', 'attempt-1', 'server');
      expect(await store.looksAt(who, 10)).toEqual([
        { at: T, role: 'proctor', what: 'portrait' },
        { at: T, role: 'proctor', what: 'still' },
      ]);
      expect(await store.looksAt(who, 1)).toHaveLength(1);
    });
  });
};
