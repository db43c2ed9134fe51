import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyDeviceStore } from '#server/fleet/device.sql.ts';
import type { DeviceStore } from '#server/fleet/device-ports.ts';
import { kyselyAccessStore } from '#server/people/access.sql.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { Passport } from '#shared/wire/passport.ts';
import type { DatabaseKind } from '../databases.ts';
import { HOUR, hashOf, ids, T, university } from '../university.ts';

const passport = (name: string) => ({ name }) as unknown as Passport;

export const deviceContract = (kind: DatabaseKind): void => {
  describe('devices', () => {
    let database: Database;
    let store: DeviceStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyDeviceStore(database.db);
    });
    const code = (name: string, venueId: string | null, expiresAt = T + HOUR) => ({
      codeHash: hashOf(name),
      expiresAt,
      venueId,
      roomId: null,
      createdAt: T,
      createdBy: ids.staff(1),
    });

    test('a device stands where it was used last, unless it was enrolled for a room', async () => {
      expect(await store.device(ids.device(1))).toEqual({
        id: 'device-1',
        name: 'PC-1',
        enrolledAt: T,
        lastSeenAt: null,
        revoked: null,
        venue: { id: 'venue-1', name: 'Sede 1' },
        room: { id: 'room-1', name: 'Aula' },
        passport: null,
      });
      await database.db
        .updateTable('devices')
        .set({ room_id: ids.room(2), venue_id: 'venue-2' })
        .where('id', '=', ids.device(1))
        .execute();
      const of = async (scope: Parameters<DeviceStore['list']>[0]) =>
        (await store.list(scope)).map(({ id }) => id);
      expect(await of({ venueId: 'venue-2' })).toEqual(['device-1']);
      expect(await of({ venueId: 'venue-1' })).toEqual([]);
      expect(await of('all')).toEqual(['device-1', 'device-2', 'device-3', 'device-4']);
      expect(await store.device(ids.device(9))).toBeNull();
    });

    test('the latest time that it was seen stays', async () => {
      await store.seen(ids.device(1), T + 2);
      await store.seen(ids.device(1), T + 1);
      expect((await store.device(ids.device(1)))?.lastSeenAt).toBe(T + 2);
    });

    test('passports: the same twice is one, the newest few are kept, the newest is shown', async () => {
      const add = (name: string, at: number) =>
        store.addPassport(ids.device(1), passport(name), hashOf(name), at, 2);
      expect(await add('a', T)).toBe(true);
      expect(await add('a', T + 1)).toBe(false);
      for (const [i, name] of ['b', 'c', 'a'].entries())
        expect(await add(name, T + 2 + i)).toBe(true);
      expect(await store.passports(ids.device(1))).toEqual([
        { at: T + 4, passport: passport('a') },
        { at: T + 3, passport: passport('c') },
      ]);
      expect((await store.device(ids.device(1)))?.passport).toEqual(passport('a'));
      expect(await store.passports(ids.device(2))).toEqual([]);
    });

    test('revoked once, with the sign-ins that it names', async () => {
      const access = kyselyAccessStore(database.db);
      for (const n of [1, 2]) {
        await access.openAttempt({
          tokenHash: hashOf(`s${n}`),
          attemptId: ids.attempt(n),
          deviceId: ids.device(1),
          expiresAt: T + HOUR,
          now: T,
        });
      }
      expect(await store.attemptsSince(ids.device(1), T + 3 * HOUR)).toHaveLength(2);
      expect(await store.attemptsSince(ids.device(1), T + 3 * HOUR + 1)).toEqual([]);
      const revocation = { at: T, by: ids.staff(1), reason: 'perdido' };
      const tries = await Promise.all([
        store.revoke(ids.device(1), revocation, [ids.attempt(2)]),
        store.revoke(ids.device(1), { ...revocation, reason: 'otra vez' }, []),
      ]);
      expect(tries.filter(Boolean)).toHaveLength(1);
      const found = await store.device(ids.device(1));
      expect(found?.revoked).toMatchObject({ at: T, by: 'Vigilante' });
      expect(await access.attemptByToken(hashOf('s1'), T)).toBe('attempt-1');
      if (tries[0]) expect(await access.attemptByToken(hashOf('s2'), T)).toBeNull();
      expect(await store.revoke(ids.device(9), revocation, [])).toBe(false);
    });

    test('codes by venue; ended ones enrol nobody', async () => {
      await store.addCodes([
        code('a', 'venue-1'),
        code('b', 'venue-2'),
        code('c', null),
        code('d', 'venue-1', T),
      ]);
      expect(await store.openCodes('all', T)).toBe(3);
      expect(await store.openCodes({ venueId: 'venue-1' }, T)).toBe(1);
      expect(await store.voidCodes({ venueId: 'venue-1' }, T)).toBe(1);
      expect(await store.openCodes('all', T)).toBe(2);
      expect(await store.voidCodes('all', T)).toBe(2);
      await store.addCodes([]);
      await expect(store.addCodes([code('e', 'venue-1'), code('a', 'venue-1')])).rejects.toThrow();
      expect(await store.openCodes('all', T)).toBe(0);
    });

    test('allowed builds', async () => {
      const build = (label: string, at: number) => ({
        build: hashOf('build'),
        label,
        addedAt: at,
        addedBy: ids.staff(1),
      });
      await store.allowBuild(build('1.0', T));
      await store.allowBuild(build('1.0 bis', T + 1));
      const [only, ...more] = await store.allowedBuilds();
      expect(more).toEqual([]);
      expect(only).toMatchObject({ label: '1.0 bis', addedBy: 'Vigilante' });
      expect(await store.forbidBuild(hashOf('build'))).toBe(true);
      expect(await store.forbidBuild(hashOf('build'))).toBe(false);
    });
  });
};
