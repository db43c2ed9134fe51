import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyIdentitySetupStore } from '#server/identity/setup.sql.ts';
import type { IdentitySetupStore } from '#server/identity/setup-ports.ts';
import type { Database } from '#server/platform/sql/database.ts';
import type { DatabaseKind } from '../databases.ts';
import { HOUR, ids, T, university } from '../university.ts';

export const identitySetupContract = (kind: DatabaseKind): void => {
  describe('identity set-up', () => {
    let database: Database;
    let store: IdentitySetupStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyIdentitySetupStore(database.db);
    });

    test('what is not over, whole', async () => {
      const { venues, sessions, exams } = await store.setup(T, 10);
      expect(venues).toEqual([
        { id: 'venue-1', name: 'Sede 1', timeZone: 'America/Guayaquil' },
        { id: 'venue-2', name: 'Sede 2', timeZone: 'America/Guayaquil' },
      ]);
      expect(sessions).toEqual([
        {
          id: 'session-1',
          room: 'Aula',
          venue: 'Sede 1',
          timeZone: 'America/Guayaquil',
          examTitle: 'Álgebra',
          startsAt: T + HOUR,
          check: 'by-hand',
          challenge: false,
          // attempt-1 has a device.
          begun: true,
        },
        expect.objectContaining({ id: 'session-2', begun: false }),
      ]);
      expect(exams).toEqual([{ id: 'exam-1', title: 'Álgebra', thumbnails: false, begun: true }]);
      expect((await store.setup(T, 1)).sessions).toHaveLength(1);
      expect(await store.setup(T + 9 * HOUR, 10)).toMatchObject({ sessions: [], exams: [] });
    });

    test('windows for everybody or for a venue that there is', async () => {
      const window = (id: string, venueId: string | null) => ({
        id,
        venueId,
        opensAt: T,
        closesAt: T + HOUR,
      });
      expect(await store.addWindow(window('w1', null))).toBe(true);
      expect(await store.addWindow(window('w2', 'venue-2'))).toBe(true);
      expect(await store.addWindow(window('w3', 'venue-9'))).toBe(false);
      expect((await store.setup(T, 1)).windows).toEqual([
        { ...window('w1', null), venue: null, timeZone: null },
        { ...window('w2', 'venue-2'), venue: 'Sede 2', timeZone: 'America/Guayaquil' },
      ]);
      expect((await store.setup(T + HOUR, 1)).windows).toEqual([]);
      expect(await store.removeWindow('w1')).toBe(true);
      expect(await store.removeWindow('w1')).toBe(false);
    });

    test('a session is set while nobody sits in it', async () => {
      const set = (n: number, now = T) =>
        store.setSession(ids.session(n), { check: 'face', challenge: true }, now);
      expect(await set(1)).toBe('begun');
      expect(await set(2)).toBe('done');
      expect(await set(2, T + 4 * HOUR)).toBe('over');
      expect(await set(9)).toBe('unknown');
      expect((await store.setup(T, 10)).sessions[1]).toMatchObject({
        check: 'face',
        challenge: true,
      });
    });

    test('small pictures are allowed while nobody sits; taking them back is always possible', async () => {
      expect(await store.setThumbnails('exam-1', true, T)).toBe('begun');
      expect(await store.setThumbnails('exam-1', false, T)).toBe('done');
      expect(await store.setThumbnails('exam-2', true, T)).toBe('unknown');
      await database.db.updateTable('attempts').set({ device_id: null }).execute();
      expect(await store.setThumbnails('exam-1', true, T)).toBe('done');
      expect((await store.setup(T, 10)).exams).toMatchObject([{ thumbnails: true }]);
    });
  });
};
