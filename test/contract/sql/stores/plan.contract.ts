import { beforeEach, describe, expect, test } from 'vitest';
import { kyselyBankStore } from '#server/exam/bank.sql.ts';
import { kyselyPlanStore } from '#server/exam/plan.sql.ts';
import type { PlanStore } from '#server/exam/plan-ports.ts';
import type { Database } from '#server/platform/sql/database.ts';
import { kyselyRegistryStore } from '#server/record/registry.sql.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { DatabaseKind } from '../databases.ts';
import { HOUR, ids, T, university } from '../university.ts';

export const planContract = (kind: DatabaseKind): void => {
  describe('plan', () => {
    let database: Database;
    let store: PlanStore;
    beforeEach(async () => {
      database = await kind.fresh();
      store = kyselyPlanStore(database.db);
    });
    const session = (n: number, room: number, startsAt: number) => ({
      id: ids.session(n),
      examId: 'exam-1',
      roomId: ids.room(room),
      startsAt,
      endsAt: startsAt + HOUR,
      identity: { check: 'face' as const, challenge: true },
    });
    const seatMap = {
      rows: 1,
      columns: 2,
      seats: [
        { label: 'Ñ1', row: 0, column: 0 },
        { label: 'Ñ2', row: 0, column: 1 },
      ],
    };

    test('is empty until there is a venue', async () => {
      expect(await store.isEmpty()).toBe(true);
      await store.addVenues([{ id: 'venue-1', name: 'Sede', timeZone: 'UTC' }]);
      expect(await store.isEmpty()).toBe(false);
    });

    test('remembers imports by their names, also when noted twice', async () => {
      await store.noteImport('demo');
      await store.noteImport('demo');
      expect(await store.wasImported('demo')).toBe(true);
      expect(await store.wasImported('other')).toBe(false);
    });

    test('what it knows of each kind', async () => {
      await university(database);
      const known = async (...[what, wanted]: Parameters<PlanStore['known']>) =>
        [...(await store.known(what, wanted))].sort();
      expect(await known('venues', ['venue-1', 'room-1'])).toEqual(['venue-1']);
      expect(await known('rooms', ['room-2', 'room-3'])).toEqual(['room-2']);
      expect(await known('exams', ['exam-1', 'x'])).toEqual(['exam-1']);
      expect(await known('sessions', ['session-1', 'session-2'])).toEqual([
        'session-1',
        'session-2',
      ]);
      expect(await known('examinees', ['examinee-4', 'examinee-5'])).toEqual(['examinee-4']);
      expect(await known('attempts', ['attempt-1'])).toEqual(['attempt-1']);
      const many = Array.from({ length: 1_100 }, (_, i) => `attempt-${i}`);
      expect(await known('attempts', many)).toHaveLength(4);
      expect(await known('attempts', [])).toEqual([]);
    });

    test('a whole exam, read as the registry reads it', async () => {
      await university(database);
      await store.addVenues([{ id: 'venue-9', name: 'Sede Ñ', timeZone: 'Pacific/Galapagos' }]);
      await store.addRooms([{ id: ids.room(9), venueId: 'venue-9', name: 'Aula', seatMap }]);
      await store.addExam({
        id: 'exam-9',
        title: 'Física',
        instructions: '',
        questionCount: 12,
        durationMs: HOUR,
        rulesVersion: '1',
        policy: DEFAULT_POLICY,
        thumbnails: true,
        bank: '{"id":"exam-9"}',
        formSecret: 'secret-9',
      });
      await store.addSessions([{ ...session(9, 9, T), examId: 'exam-9' }]);
      await store.addAttempts([
        {
          id: ids.attempt(9),
          sessionId: ids.session(9),
          examineeId: ids.examinee(1),
          seat: 'Ñ1',
          extraMs: HOUR / 2,
          accommodations: ['camera-exempt'],
        },
      ]);
      expect(await kyselyRegistryStore(database.db).registration(ids.attempt(9))).toMatchObject({
        seat: 'Ñ1',
        extraMs: HOUR / 2,
        accommodations: new Set(['camera-exempt', 'extra-time']),
        device: null,
        brokenReason: null,
        examinee: { id: 'examinee-1' },
        room: { id: 'room-9', venueId: 'venue-9', timeZone: 'Pacific/Galapagos' },
        exam: { id: 'exam-9', durationMs: HOUR, policy: DEFAULT_POLICY, thumbnails: true },
        identity: { check: 'face', challenge: true },
        shift: { startsAt: T, endsAt: T + HOUR },
      });
      expect(await kyselyBankStore(database.db).bank('exam-9')).toEqual({
        bank: '{"id":"exam-9"}',
        secret: 'secret-9',
      });
      expect(await store.seating([ids.session(9), ids.session(99)])).toEqual([
        {
          sessionId: 'session-9',
          seats: ['Ñ1', 'Ñ2'],
          taken: [{ seat: 'Ñ1', examineeId: 'examinee-1' }],
        },
      ]);
    });

    test('a venue gets another time zone', async () => {
      await university(database);
      expect(await store.setTimeZone('venue-1', 'Pacific/Galapagos')).toBe(true);
      expect(await store.setTimeZone('venue-9', 'UTC')).toBe(false);
      const rooms = await kyselyRegistryStore(database.db).rooms(0, T);
      expect(rooms.map(({ timeZone }) => timeZone)).toEqual([
        'Pacific/Galapagos',
        'America/Guayaquil',
      ]);
    });

    test('nobody is named as the institution until somebody is, and then the last one', async () => {
      expect(await store.institution()).toBeNull();
      await store.setInstitution('Universidad A');
      await store.setInstitution('Universidad Ñ «B»');
      expect(await store.institution()).toBe('Universidad Ñ «B»');
    });

    test('starts of the rooms asked for, both ends included, as numbers', async () => {
      await university(database);
      const first = T + HOUR;
      expect(await store.starts([ids.room(1), ids.room(2)], first, first)).toEqual([
        { roomId: 'room-1', startsAt: first },
      ]);
      expect(await store.starts([ids.room(2)], T, first)).toEqual([]);
      expect(await store.starts([], 0, T * 2)).toEqual([]);
    });

    test('shifts of an exam at a venue, each once', async () => {
      await university(database);
      const shift = { startsAt: T + HOUR, endsAt: T + 3 * HOUR };
      expect(await store.shifts('exam-1', 'venue-1', T + HOUR, T + HOUR)).toEqual([shift]);
      await store.addRooms([{ id: ids.room(9), venueId: 'venue-1', name: 'Aula', seatMap }]);
      const beside = { ...session(9, 9, shift.startsAt), endsAt: shift.endsAt };
      await store.addSessions([beside, session(20, 9, T)]);
      expect(await store.shifts('exam-1', 'venue-1', T, T + 9 * HOUR)).toEqual([
        { startsAt: T, endsAt: T + HOUR },
        shift,
      ]);
      expect(await store.shifts('exam-1', 'venue-1', T + 1, T + HOUR - 1)).toEqual([]);
      expect(await store.shifts('exam-2', 'venue-1', 0, 2 * T)).toEqual([]);
      expect(await store.shifts('exam-1', 'venue-2', T, T + 9 * HOUR)).toHaveLength(1);
    });

    test('the sessions of the latest start, and of this exam alone', async () => {
      await university(database);
      expect(await store.latestSessions('exam-2')).toEqual([]);
      expect(await store.latestSessions('exam-1')).toMatchObject([{ id: 'session-2' }]);
      const late = [session(21, 2, T + 9 * HOUR), session(20, 1, T + 9 * HOUR)];
      await store.addSessions(late);
      expect(await store.latestSessions('exam-1')).toEqual([late[1], late[0]]);
    });

    test('what names nothing that is there is not added', async () => {
      await university(database);
      await expect(store.addSessions([session(20, 77, T)])).rejects.toThrow();
      const attempt = {
        id: ids.attempt(20),
        sessionId: ids.session(1),
        examineeId: ids.examinee(99),
        seat: 'A1',
        extraMs: 0,
        accommodations: [],
      };
      await expect(store.addAttempts([attempt])).rejects.toThrow();
    });
  });
};
