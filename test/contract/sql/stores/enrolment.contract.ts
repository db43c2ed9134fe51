import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyEnrolmentStore } from '#server/identity/enrolment.sql.ts';
import type { EnrolmentStore, NewEnrolment } from '#server/identity/ports.ts';
import { cellCipher } from '#server/platform/sql/cell-cipher.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { Template } from '#shared/identity/face-capture.ts';
import type { DatabaseKind } from '../databases.ts';
import { HOUR, hashOf, ids, T, university } from '../university.ts';

const template: Template = {
  model: 'face-api-128',
  descriptor: [0.1, -0.2],
  captures: 3,
} as unknown as Template;
const enrolment = (n: number, change: Partial<NewEnrolment> = {}): NewEnrolment => ({
  id: `enrolment-${n}`,
  examineeId: ids.examinee(1),
  at: T + n,
  template,
  documentKind: 'cedula',
  documentQr: `qr ${n}`,
  consent: { version: '1', locale: 'es' },
  submittedBy: null,
  // Half of the digits are lost in a column of four bytes.
  changeDistance: 0.123_456_789_012_345,
  documentDoubt: null,
  portrait: new Uint8Array([0xff, 0xd8, 0, n]),
  document: new Uint8Array([0xff, 0xd8, 1, n]),
  ...change,
});

export const enrolmentContract = (kind: DatabaseKind): void => {
  describe('enrolments', () => {
    let database: Database;
    let store: EnrolmentStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyEnrolmentStore(database.db, cellCipher(Buffer.alloc(32, 7)));
    });
    const who = ids.examinee(1);

    test('the first counts at once, the next waits and takes the place of one that waited', async () => {
      expect(await store.save(enrolment(1))).toBe('active');
      expect(await store.save(enrolment(2))).toBe('waiting');
      expect(await store.save(enrolment(3, { documentQr: null }))).toBe('waiting');
      expect([...(await store.slots(who))].sort()).toEqual(['active', 'waiting']);
      expect(await store.enrolment(who, 'active')).toMatchObject({
        at: T + 1,
        template,
        changeDistance: null,
      });
      expect(await store.enrolment(who, 'waiting')).toEqual({
        at: T + 3,
        template,
        documentKind: 'cedula',
        documentQr: null,
        consent: { version: '1', locale: 'es' },
        submittedBy: null,
        changeDistance: 0.123_456_789_012_345,
        documentDoubt: null,
      });
      expect([...((await store.picture(who, 'waiting', 'portrait')) ?? [])]).toEqual([
        0xff, 0xd8, 0, 3,
      ]);
      expect([...((await store.picture(who, 'active', 'document')) ?? [])]).toEqual([
        0xff, 0xd8, 1, 1,
      ]);
      expect(await store.picture(ids.examinee(2), 'active', 'document')).toBeNull();
    });

    test('a first one whose photo may show no document waits too, until a good one or a person comes', async () => {
      expect(await store.save(enrolment(1, { documentDoubt: 3 }))).toBe('waiting');
      expect(await store.enrolment(who, 'active')).toBeNull();
      expect((await store.enrolment(who, 'waiting'))?.documentDoubt).toBe(3);
      expect(await store.save(enrolment(2))).toBe('active');
      expect([...(await store.slots(who))]).toEqual(['active']);
      expect(await store.save(enrolment(3, { documentDoubt: 0 }))).toBe('waiting');
      expect(await store.approve(who, ids.staff(1), T)).toBe(true);
      expect((await store.enrolment(who, 'active'))?.documentDoubt).toBe(0);
    });

    test('several that come at the same time: one counts, one waits', async () => {
      const slots = await Promise.all([1, 2, 3].map((n) => store.save(enrolment(n))));
      expect([...slots].sort()).toEqual(['active', 'waiting', 'waiting']);
      expect([...(await store.slots(who))]).toHaveLength(2);
    });

    test('approved or turned away, once', async () => {
      expect(await store.approve(who, ids.staff(1), T)).toBe(false);
      for (const n of [1, 2]) await store.save(enrolment(n));
      expect(await store.approve(who, ids.staff(1), T)).toBe(true);
      expect(await store.enrolment(who, 'active')).toMatchObject({ at: T + 2, documentQr: 'qr 2' });
      expect(await store.approve(who, ids.staff(1), T)).toBe(false);
      await store.save(enrolment(3));
      expect(await store.reject(who, ids.staff(1), 'borrosa', T + 9)).toBe(true);
      expect(await store.reject(who, ids.staff(1), 'otra', T + 9)).toBe(false);
      expect(await store.rejection(who)).toEqual({ at: T + 9, reason: 'borrosa' });
      await store.save(enrolment(4));
      expect(await store.rejection(who)).toBeNull();
    });

    test('what a deletion would take, in bytes', async () => {
      await store.save(enrolment(1));
      const [sealed, portrait, document] = await store.removable(who);
      expect(sealed?.what).toBe('template');
      expect(sealed?.bytes).toBe(JSON.stringify(template).length + 12 + 16);
      expect(portrait).toMatchObject({ what: 'portrait', bytes: 4 });
      expect(document).toMatchObject({ what: 'document', bytes: 4 });
    });

    test('a value that was changed or moved does not open', async () => {
      await store.save(enrolment(1));
      await database.db
        .updateTable('enrolments')
        .set({ template: Buffer.alloc(40) })
        .execute();
      await expect(store.enrolment(who, 'active')).rejects.toThrow('does not open');
    });

    test('a token ends the one before; a room code opens one page', async () => {
      const token = (name: string) => ({
        tokenHash: hashOf(name),
        examineeId: who,
        roomStaffId: ids.staff(1),
        expiresAt: T + HOUR,
      });
      await store.openToken(token('a'));
      await store.openToken(token('b'));
      expect(await store.tokenOwner(hashOf('a'), T)).toBeNull();
      expect(await store.tokenOwner(hashOf('b'), T)).toEqual({
        examineeId: who,
        roomStaffId: 'staff-1',
      });
      expect(await store.tokenOwner(hashOf('b'), T + HOUR)).toBeNull();
      const code = (name: string) => ({
        codeHash: hashOf(name),
        examineeId: who,
        expiresAt: T + HOUR,
        createdBy: ids.staff(1),
      });
      await store.addRoomCode(code('c'));
      await store.addRoomCode(code('d'));
      expect(await store.takeRoomCode(hashOf('c'), T)).toBe('unknown');
      const takes = await Promise.all([1, 2, 3].map(() => store.takeRoomCode(hashOf('d'), T)));
      expect(takes.filter((taken) => taken === 'used')).toHaveLength(2);
      expect(takes).toContainEqual({ examineeId: who, createdBy: 'staff-1' });
    });

    test('people are found without accents and case, by document, and only within reach', async () => {
      const find = async (search: string, reach: Parameters<EnrolmentStore['people']>[1] = 'all') =>
        (await store.people({ search }, reach, 10)).map(({ id }) => id);
      expect(await find('penafiel')).toEqual(['examinee-1']);
      expect(await find('JOSÉ peña')).toEqual(['examinee-1']);
      expect(await find('nunez')).toEqual(['examinee-2']);
      expect(await find('OMAR')).toEqual(['examinee-3']);
      expect(await find('avila zoila')).toEqual(['examinee-4']);
      expect(await find('%')).toEqual([]);
      expect(await find('_')).toEqual([]);
      expect(await find('091234567')).toHaveLength(4);
      expect(await find('0912345673')).toEqual(['examinee-3']);
      const venue = { venueId: 'venue-2', endedAfter: T };
      expect(await find('091234567', venue)).toEqual(
        expect.arrayContaining(['examinee-3', 'examinee-4']),
      );
      expect(await find('091234567', venue)).toHaveLength(2);
      expect(await find('091234567', { ...venue, endedAfter: T + 9 * HOUR })).toEqual([]);
      expect(await find('091234567', { roomIds: [ids.room(1)], endedAfter: T })).toHaveLength(2);
      expect(await find('091234567', { roomIds: [], endedAfter: T })).toEqual([]);
      expect(await store.people({ search: '091234567' }, 'all', 2)).toHaveLength(2);
    });

    test('who waits, oldest first, with their sittings', async () => {
      for (const n of [1, 2]) await store.save(enrolment(n));
      for (const n of [3, 4])
        await store.save(enrolment(n, { examineeId: ids.examinee(2), at: T - n }));
      const waiting = await store.people({ waiting: true }, 'all', 10);
      expect(waiting.map(({ id, waiting: row }) => [id, row?.at])).toEqual([
        ['examinee-2', T - 4],
        ['examinee-1', T + 2],
      ]);
      expect(waiting[1]).toMatchObject({
        active: { at: T + 1, documentKind: 'cedula' },
        rejectedAt: null,
        sittings: [{ roomId: 'room-1', venueId: 'venue-1', endsAt: T + 3 * HOUR }],
      });
      expect(await store.sittings(ids.examinee(9))).toEqual([]);
      expect(await store.person(ids.examinee(2))).toEqual({
        id: 'examinee-2',
        name: 'Ana Ñúñez',
        document: '0912345672',
      });
    });
  });
};
