import type { Kysely } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { SeatMap } from '#shared/wire/dashboard.ts';
import { readRegistration, registrations, toRegistration } from './registration.sql.ts';
import type { RegistryStore } from './registry-ports.ts';

/** Rooms, sessions and attempts in SQL. */
export const kyselyRegistryStore = (db: Kysely<Tables>): RegistryStore => ({
  registration: readRegistration(db),

  registrationsOfSession: async (sessionId) =>
    (
      await registrations(db)
        .where('a.session_id', '=', sessionId)
        .orderBy('a.seat')
        .orderBy('a.no')
        .execute()
    ).map(toRegistration),

  registrationsOfExaminee: async (examineeId, from, to) =>
    (
      await registrations(db)
        .where('a.examinee_id', '=', examineeId)
        .where('s.ends_at', '>=', from)
        .where('s.starts_at', '<=', to)
        .orderBy('s.starts_at')
        .execute()
    ).map(toRegistration),

  session: async (sessionId) => {
    const row = await db
      .selectFrom('sessions as s')
      .innerJoin('rooms as r', 'r.id', 's.room_id')
      .select(['s.id', 's.room_id', 'r.venue_id'])
      .where('s.id', '=', sessionId)
      .executeTakeFirst();
    return row === undefined
      ? null
      : {
          sessionId: row.id as SessionId,
          roomId: row.room_id as RoomId,
          venueId: row.venue_id,
        };
  },

  rooms: async (from, to) => {
    const rooms = await db
      .selectFrom('rooms as r')
      .innerJoin('venues as v', 'v.id', 'r.venue_id')
      .select(['r.id', 'r.name', 'r.venue_id', 'v.name as venue', 'v.time_zone', 'r.seat_map'])
      .orderBy('v.name')
      .orderBy('r.name')
      .execute();
    const sessions = await db
      .selectFrom('sessions as s')
      .innerJoin('exams as e', 'e.id', 's.exam_id')
      .leftJoin('attempts as a', (join) =>
        join.onRef('a.session_id', '=', 's.id').on('a.carried_on_by', 'is', null),
      )
      .select(['s.id', 's.room_id', 's.starts_at', 's.ends_at', 'e.title'])
      .select((eb) => eb.fn.count<number>('a.id').as('expected'))
      .where('s.ends_at', '>=', from)
      .where('s.starts_at', '<=', to)
      .groupBy(['s.id', 's.room_id', 's.starts_at', 's.ends_at', 'e.title'])
      .orderBy('s.starts_at')
      .execute();
    return rooms.map((room) => ({
      id: room.id as RoomId,
      name: room.name,
      venueId: room.venue_id,
      venue: room.venue,
      timeZone: room.time_zone,
      seatMap: JSON.parse(room.seat_map) as SeatMap,
      sessions: sessions
        .filter((session) => session.room_id === room.id)
        .map((session) => ({
          id: session.id as SessionId,
          examTitle: session.title,
          startsAt: session.starts_at,
          endsAt: session.ends_at,
          expected: Number(session.expected),
        })),
    }));
  },

  markBroken: async (attemptId, reason) => {
    await db
      .updateTable('attempts')
      .set({ broken_reason: reason })
      .where('id', '=', attemptId)
      .where('broken_reason', 'is', null)
      .execute();
  },

  markFull: async (attemptId, what) => {
    await db
      .updateTable('attempts')
      .set({ full_of: what })
      .where('id', '=', attemptId)
      .where('full_of', 'is', null)
      .execute();
  },

  setContradictions: async (attemptId, all) => {
    await db
      .updateTable('attempts')
      .set({ contradictions: JSON.stringify(all) })
      .where('id', '=', attemptId)
      .execute();
  },

  carryOn: async ({ from, durationMs, copyAttempts, carried }, next) => {
    const left = await db
      .updateTable('attempts')
      .set({ carried_on_by: next })
      .where('id', '=', from)
      .where('carried_on_by', 'is', null)
      .executeTakeFirst();
    if (left.numUpdatedRows === 0n) return false;
    await db
      .insertInto('attempts')
      .columns([
        'id',
        'session_id',
        'examinee_id',
        'seat',
        'extra_ms',
        'accommodations',
        'verified_seq',
        'carries',
        'own_ms',
        'copy_attempts_before',
        'carried',
      ])
      .expression((eb) =>
        eb
          .selectFrom('attempts')
          .select(({ val, lit, cast }) => [
            cast<string>(val(next), 'text').as('id'),
            'session_id',
            'examinee_id',
            'seat',
            'extra_ms',
            'accommodations',
            lit(0).as('verified_seq'),
            'id as carries',
            cast<number | null>(val(durationMs), 'bigint').as('own_ms'),
            cast<number>(val(copyAttempts), 'integer').as('copy_attempts_before'),
            cast<string | null>(val(carried === null ? null : JSON.stringify(carried)), 'text').as(
              'carried',
            ),
          ])
          .where('id', '=', from),
      )
      .execute();
    return true;
  },

  setAddress: async (attemptId, address) => {
    await db.updateTable('attempts').set({ address }).where('id', '=', attemptId).execute();
  },
});
