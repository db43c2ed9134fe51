import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyAccessStore } from '#server/people/access.sql.ts';
import type { AccessStore } from '#server/people/ports.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { DatabaseKind } from '../databases.ts';
import { HOUR, hashOf, ids, T, university } from '../university.ts';

export const accessContract = (kind: DatabaseKind): void => {
  describe('access', () => {
    let database: Database;
    let store: AccessStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyAccessStore(database.db);
    });
    const code = (name: string, expires = T + HOUR) =>
      database.db
        .insertInto('enrolment_codes')
        .values({
          code_hash: hashOf(name),
          expires_at: expires,
          used_at: null,
          device_id: null,
          venue_id: 'venue-1',
          room_id: ids.room(1),
          created_at: T,
          created_by: null,
        })
        .execute();
    const device = (n: number) => ({
      id: ids.device(n),
      name: `PC-${n}`,
      publicKey: 'k',
      tokenHash: hashOf(`t${n}`),
    });

    test('two devices never share a code, also at the same time', async () => {
      await code('c');
      const results = await Promise.all(
        [10, 11, 12, 13].map((n) => store.enrol(hashOf('c'), device(n), T)),
      );
      expect([...results].sort()).toEqual(['enrolled', 'used', 'used', 'used']);
      const enrolled = await Promise.all(
        [10, 11, 12, 13].map((n) => store.deviceByToken(hashOf(`t${n}`))),
      );
      expect(enrolled.filter((found) => found !== null)).toHaveLength(1);
    });

    test('a code that is over or was never made enrols nobody', async () => {
      await code('old', T);
      expect(await store.enrol(hashOf('old'), device(10), T)).toBe('unknown');
      expect(await store.enrol(hashOf('none'), device(10), T)).toBe('unknown');
      expect(await store.deviceByToken(hashOf('t10'))).toBeNull();
    });

    test('an enrolment that cannot be stored leaves the code unused', async () => {
      await code('c');
      await expect(store.enrol(hashOf('c'), device(1), T)).rejects.toThrow();
      expect(await store.enrol(hashOf('c'), device(10), T)).toBe('enrolled');
    });

    test('a revoked device has no token', async () => {
      expect(await store.deviceByToken(hashOf('token-1'))).toEqual({
        id: 'device-1',
        name: 'PC-1',
        publicKey: 'key-1',
      });
      await database.db
        .updateTable('devices')
        .set({ revoked_at: T })
        .where('id', '=', ids.device(1))
        .execute();
      expect(await store.deviceByToken(hashOf('token-1'))).toBeNull();
    });

    test('an attempt belongs to the device that opened it last', async () => {
      const open = (name: string, n: number) =>
        store.openAttempt({
          tokenHash: hashOf(name),
          attemptId: ids.attempt(1),
          deviceId: ids.device(n),
          expiresAt: T + HOUR,
          now: T,
        });
      await open('a', 1);
      await open('b', 1);
      expect(await store.attemptByToken(hashOf('a'), T)).toBe('attempt-1');
      await open('c', 2);
      expect(await store.attemptByToken(hashOf('a'), T)).toBeNull();
      expect(await store.attemptByToken(hashOf('b'), T)).toBeNull();
      expect(await store.attemptByToken(hashOf('c'), T)).toBe('attempt-1');
      expect(await store.attemptByToken(hashOf('c'), T + HOUR)).toBeNull();
    });

    test('hours are those of the venue, or those that most venues have', async () => {
      expect(await store.timeZone('venue-1')).toBe('America/Guayaquil');
      for (const n of [3, 4]) {
        await database.db
          .insertInto('venues')
          .values({ id: `venue-${n}`, name: 'Sede', time_zone: 'Pacific/Galapagos' })
          .execute();
      }
      expect(await store.timeZone('venue-3')).toBe('Pacific/Galapagos');
      expect(await store.timeZone(null)).toBe('America/Guayaquil');
      await database.db.deleteFrom('staff_rooms').execute();
      await database.db
        .updateTable('venues')
        .set({ time_zone: 'Pacific/Galapagos' })
        .where('id', '=', 'venue-2')
        .execute();
      expect(await store.timeZone(null)).toBe('Pacific/Galapagos');
      expect(await store.timeZone('venue-9')).toBe('Pacific/Galapagos');
    });

    test('people and sessions of staff', async () => {
      expect(await store.examineeByDocument('0912345671')).toEqual({
        id: 'examinee-1',
        secretHash: 'hash-1',
      });
      expect(await store.examineeByDocument("0' OR '1'='1")).toBeNull();
      expect(await store.staffByUser('proctor')).toEqual({ id: 'staff-1', passwordHash: 'argon' });
      expect(await store.staffByUser('Proctor')).toBeNull();
      expect(await store.staff(ids.staff(1))).toEqual({
        id: 'staff-1',
        name: 'Vigilante',
        role: 'proctor',
        venueId: 'venue-1',
        roomIds: ['room-1'],
      });
      await store.openStaffSession(hashOf('s'), ids.staff(1), T);
      await store.touchStaffSession(hashOf('s'), T + 1);
      // Numbers, not texts that look like them.
      expect(await store.staffSession(hashOf('s'))).toEqual({
        staffId: 'staff-1',
        openedAt: T,
        lastSeenAt: T + 1,
      });
      await store.closeStaffSession(hashOf('s'));
      expect(await store.staffSession(hashOf('s'))).toBeNull();
    });
  });
};
