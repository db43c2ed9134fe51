import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyReleaseStore } from '#server/fleet/release.sql.ts';
import type { ReleaseStore, Stage } from '#server/fleet/release-ports.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { ReleaseManifest } from '#shared/wire/release.ts';
import type { DatabaseKind } from '../databases.ts';
import { ids, T, university } from '../university.ts';

const target = { platform: 'linux', arch: 'x64' } as const;
const release = (version: string, addedAt: number) => {
  const manifest = { version } as unknown as ReleaseManifest;
  const signed = { text: JSON.stringify(manifest), signature: 'signed' };
  return { ...target, version, signed, manifest, addedAt, addedBy: ids.staff(1) };
};
const stage = (change: Partial<Stage>): Stage => ({
  ...target,
  scope: 'all',
  scopeId: '',
  version: '1.0.0',
  permit: null,
  setAt: T,
  setBy: ids.staff(1),
  ...change,
});

export const releaseContract = (kind: DatabaseKind): void => {
  describe('releases', () => {
    let database: Database;
    let store: ReleaseStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyReleaseStore(database.db);
    });

    test('a release is added once and withdrawn once', async () => {
      const first = release('1.0.0', T);
      expect(await store.add(first)).toBe(true);
      expect(await store.add({ ...first, addedAt: T + 9 })).toBe(false);
      expect(await store.add(release('1.1.0', T + 1))).toBe(true);
      expect(await store.withdraw(target, '1.0.0', { at: T + 2, reason: 'roto' })).toBe(true);
      expect(await store.withdraw(target, '1.0.0', { at: T + 3, reason: 'otra' })).toBe(false);
      expect(await store.withdraw(target, '9.0.0', { at: T, reason: 'x' })).toBe(false);
      expect(await store.list()).toEqual([
        { ...release('1.1.0', T + 1), withdrawn: null },
        { ...first, withdrawn: { at: T + 2, reason: 'roto' } },
      ]);
    });

    test('a scope has one stage, of a release that there is', async () => {
      await expect(store.setStage(stage({}))).rejects.toThrow();
      for (const version of ['1.0.0', '1.1.0']) await store.add(release(version, T));
      await store.setStage(stage({}));
      const room = stage({
        scope: 'room',
        scopeId: 'room-1',
        permit: { text: 'p', signature: 's' },
      });
      await store.setStage(room);
      await store.setStage(stage({ version: '1.1.0', setAt: T + 1 }));
      const stages = await store.stages();
      expect(stages).toHaveLength(2);
      expect(stages).toEqual(
        expect.arrayContaining([room, stage({ version: '1.1.0', setAt: T + 1 })]),
      );
      expect(await store.clearStage(target, 'room', 'room-1')).toBe(true);
      expect(await store.clearStage(target, 'room', 'room-1')).toBe(false);
    });

    test('where a device stands, and whose a scope is', async () => {
      expect(await store.placeOf(ids.device(1), null)).toEqual({
        roomId: 'room-1',
        venueId: 'venue-1',
      });
      expect(await store.placeOf(ids.device(2), null)).toBeNull();
      expect(await store.placeOf(ids.device(2), 'room-2')).toEqual({
        roomId: 'room-2',
        venueId: 'venue-2',
      });
      // Both venues have an "Aula": the name says nothing.
      expect(await store.placeOf(ids.device(2), 'Aula')).toBeNull();
      expect(await store.venueOf('venue', 'venue-2')).toBe('venue-2');
      expect(await store.venueOf('room', 'room-2')).toBe('venue-2');
      expect(await store.venueOf('device', 'device-1')).toBe('venue-1');
      expect(await store.venueOf('device', 'device-2')).toBeNull();
      expect(await store.venueOf('all', '')).toBeNull();
    });

    test('what a device last said of itself', async () => {
      const seen = {
        ...target,
        deviceId: ids.device(1),
        version: '1.0.0',
        offered: null,
        askedAt: T,
      };
      await store.note(seen);
      await store.note({ ...seen, version: '1.1.0', offered: '1.2.0', askedAt: T + 1 });
      expect(await store.seen()).toEqual([
        { ...seen, name: 'PC-1', version: '1.1.0', offered: '1.2.0', askedAt: T + 1 },
      ]);
    });
  });
};
