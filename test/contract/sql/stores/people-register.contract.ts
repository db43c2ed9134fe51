import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyAccessStore } from '#server/people/access.sql.ts';
import { kyselyPeopleRegister } from '#server/people/register.sql.ts';
import type { PeopleRegister } from '#server/people/register-ports.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { DatabaseKind } from '../databases.ts';
import { ids, university } from '../university.ts';

export const peopleRegisterContract = (kind: DatabaseKind): void => {
  describe('people’s register', () => {
    let database: Database;
    let store: PeopleRegister;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyPeopleRegister(database.db);
    });
    const examinee = (n: number) => ({
      id: ids.examinee(n),
      name: `Íñigo ${n}`,
      document: `X-${n}`,
      secretHash: `hash-${n}`,
    });
    const staff = (n: number, roomIds = [ids.room(1), ids.room(2)]) => ({
      id: ids.staff(n),
      user: `user-${n}`,
      name: 'Ángela',
      role: 'supervisor' as const,
      venueId: n === 2 ? null : 'venue-1',
      roomIds,
      passwordHash: 'argon-2',
    });

    test('what is taken, by id and by the other name, and nothing else', async () => {
      const taken = await store.takenExaminees([
        { id: ids.examinee(1), document: 'new' },
        { id: ids.examinee(90), document: '0912345672' },
        { id: ids.examinee(91), document: 'new too' },
      ]);
      expect(taken.ids.has('examinee-1')).toBe(true);
      expect(taken.ids.has('examinee-91')).toBe(false);
      expect(taken.documents.has('0912345672')).toBe(true);
      expect(taken.documents.has('new')).toBe(false);
      const busy = await store.takenStaff([{ id: ids.staff(9), user: 'proctor' }]);
      expect([busy.users.has('proctor'), busy.ids.has('staff-9')]).toEqual([true, false]);
      expect((await store.takenStaff([])).ids.size).toBe(0);
    });

    test('places are venues and rooms', async () => {
      const known = await store.knownPlaces(['venue-1', 'room-2', 'room-9', 'exam-1']);
      expect([...known].sort()).toEqual(['room-2', 'venue-1']);
      expect((await store.knownPlaces([])).size).toBe(0);
    });

    test('staff sign in and work where they were put', async () => {
      await store.addStaff([staff(2), staff(3, [])]);
      const access = kyselyAccessStore(database.db);
      expect(await access.staffByUser('user-2')).toEqual({
        id: 'staff-2',
        passwordHash: 'argon-2',
      });
      const found = await access.staff(ids.staff(2));
      expect({ ...found, roomIds: [...(found?.roomIds ?? [])].sort() }).toEqual({
        id: 'staff-2',
        name: 'Ángela',
        role: 'supervisor',
        venueId: null,
        roomIds: ['room-1', 'room-2'],
      });
      expect(await access.staff(ids.staff(3))).toMatchObject({ venueId: 'venue-1', roomIds: [] });
    });

    test('more examinees than fit into one statement; a code of one changes that one', async () => {
      const many = Array.from({ length: 1_201 }, (_, i) => examinee(100 + i));
      await store.addExaminees(many);
      const taken = await store.takenExaminees(many);
      expect([taken.ids.size, taken.documents.size]).toEqual([1_201, 1_201]);
      await store.setSecret(ids.examinee(100), 'another');
      const access = kyselyAccessStore(database.db);
      expect(await access.examineeByDocument('X-100')).toMatchObject({ secretHash: 'another' });
      expect(await access.examineeByDocument('X-101')).toMatchObject({ secretHash: 'hash-101' });
      await store.addExaminees([]);
    });

    test('what is there already is not added twice', async () => {
      await expect(store.addExaminees([examinee(50), examinee(1)])).rejects.toThrow();
      await expect(store.addStaff([{ ...staff(2), user: 'proctor' }])).rejects.toThrow();
    });
  });
};
