import { beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '#server/platform/sql/database.ts';
import { kyselyRegistryStore } from '#server/record/registry.sql.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { IncidentId } from '#shared/kernel/ids.ts';
import type { DatabaseKind } from '../databases.ts';
import { HOUR, ids, T, university } from '../university.ts';

export const registryContract = (kind: DatabaseKind): void => {
  describe('registry', () => {
    let database: Database;
    let store: RegistryStore;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      store = kyselyRegistryStore(database.db);
    });

    test('who, what, where, when, in numbers and truths', async () => {
      expect(await store.registration(ids.attempt(2))).toEqual({
        attemptId: 'attempt-2',
        sessionId: 'session-1',
        seat: 'A2',
        extraMs: HOUR / 2,
        accommodations: new Set(['camera-exempt', 'extra-time']),
        device: null,
        brokenReason: null,
        verifiedSeq: 0,
        contradictions: [],
        full: null,
        carries: null,
        carriedOnBy: null,
        address: null,
        examinee: { id: 'examinee-2', name: 'Ana Ñúñez', document: '0912345672' },
        room: { id: 'room-1', name: 'Aula', venueId: 'venue-1', timeZone: 'America/Guayaquil' },
        exam: {
          id: 'exam-1',
          title: 'Álgebra',
          instructions: 'Lea.',
          questionCount: 10,
          durationMs: HOUR,
          policy: { kind: 'test' },
          rulesVersion: '1',
          retentionDays: 180,
          thumbnails: false,
        },
        identity: { check: 'by-hand', challenge: false },
        shift: { startsAt: T + HOUR, endsAt: T + 3 * HOUR },
      });
      expect((await store.registration(ids.attempt(1)))?.device).toEqual({
        id: 'device-1',
        name: 'PC-1',
        publicKey: 'key-1',
      });
      expect(await store.registration(ids.attempt(9))).toBeNull();
    });

    test('by session and by examinee', async () => {
      const session = await store.registrationsOfSession(ids.session(1));
      expect(session.map(({ seat }) => seat)).toEqual(['A1', 'A2']);
      const of = async (from: number, to: number) =>
        (await store.registrationsOfExaminee(ids.examinee(1), from, to)).map(
          ({ attemptId }) => attemptId,
        );
      expect(await of(T, T + HOUR)).toEqual(['attempt-1']);
      expect(await of(T + 3 * HOUR, T + 9 * HOUR)).toEqual(['attempt-1']);
      expect(await of(T, T + HOUR - 1)).toEqual([]);
      expect(await of(T + 3 * HOUR + 1, T + 9 * HOUR)).toEqual([]);
    });

    test('rooms with their sessions', async () => {
      const rooms = await store.rooms(T, T + HOUR);
      expect(rooms.map(({ id, venue, sessions }) => ({ id, venue, sessions }))).toEqual([
        {
          id: 'room-1',
          venue: 'Sede 1',
          sessions: [
            {
              id: 'session-1',
              examTitle: 'Álgebra',
              startsAt: T + HOUR,
              endsAt: T + 3 * HOUR,
              expected: 2,
            },
          ],
        },
        { id: 'room-2', venue: 'Sede 2', sessions: [] },
      ]);
      expect(await store.session(ids.session(2))).toEqual({
        sessionId: 'session-2',
        roomId: 'room-2',
        venueId: 'venue-2',
      });
      expect(await store.session(ids.session(9))).toBeNull();
    });

    test('an attempt is carried on once, by the same person on the same seat', async () => {
      const carried = {
        highest: 3,
        attempts: [
          {
            id: 'carried-1' as IncidentId,
            attemptId: ids.attempt(2),
            incidentId: 'focus-lost:1' as IncidentId,
            kind: 'focus-lost',
            at: T,
          },
        ],
      };
      const carries = { from: ids.attempt(2), durationMs: 1_234, copyAttempts: 1, carried };
      expect(await store.carryOn(carries, ids.attempt(7))).toBe(true);
      expect(await store.carryOn(carries, ids.attempt(8))).toBe(false);
      expect(await store.registration(ids.attempt(8))).toBeNull();
      const before = await store.registration(ids.attempt(2));
      expect(before?.carriedOnBy).toBe('attempt-7');
      expect(await store.registration(ids.attempt(7))).toEqual({
        ...before,
        attemptId: 'attempt-7',
        carriedOnBy: null,
        carries,
      });
      const session = await store.registrationsOfSession(ids.session(1));
      expect(session.map(({ attemptId }) => attemptId)).toEqual([
        'attempt-1',
        'attempt-2',
        'attempt-7',
      ]);
      const [room] = await store.rooms(T, T + HOUR);
      expect(room?.sessions[0]?.expected, 'one person, expected once').toBe(2);
      // Nothing was known of the time, and it goes on once more.
      const again = { from: ids.attempt(7), durationMs: null, copyAttempts: 0, carried: null };
      expect(await store.carryOn(again, ids.attempt(8))).toBe(true);
      expect((await store.registration(ids.attempt(8)))?.carries).toEqual(again);
    });

    test('the first reason for a broken chain stays', async () => {
      await store.markBroken(ids.attempt(1), 'first');
      await store.markBroken(ids.attempt(1), 'second');
      await store.markFull(ids.attempt(1), 'bytes');
      await store.markFull(ids.attempt(1), 'entries');
      await store.setAddress(ids.attempt(1), '10.0.0.1');
      expect(await store.registration(ids.attempt(1))).toMatchObject({
        brokenReason: 'first',
        full: 'bytes',
        address: '10.0.0.1',
      });
    });
  });
};
