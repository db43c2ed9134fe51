import type { Kysely } from 'kysely';
import { inParts, insertAll } from '#server/platform/sql/in-parts.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { ExamineeId, RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { SeatMap } from '#shared/wire/dashboard.ts';
import type { PlanStore } from './plan-ports.ts';

/** What was imported under a name is remembered under this key. */
const importKey = (subject: string): string => `imported:${subject}`;

/** The institution's name stands under this key. */
const INSTITUTION = 'institution';

/** The plan of exams in SQL. */
export const kyselyPlanStore = (db: Kysely<Tables>): PlanStore => ({
  isEmpty: async () =>
    (await db.selectFrom('venues').select('id').limit(1).executeTakeFirst()) === undefined,

  wasImported: async (subject) =>
    (await db
      .selectFrom('meta')
      .select('key')
      .where('key', '=', importKey(subject))
      .executeTakeFirst()) !== undefined,

  setTimeZone: async (venueId, timeZone) => {
    const { numUpdatedRows } = await db
      .updateTable('venues')
      .set({ time_zone: timeZone })
      .where('id', '=', venueId)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  institution: async () =>
    (await db.selectFrom('meta').select('value').where('key', '=', INSTITUTION).executeTakeFirst())
      ?.value ?? null,

  setInstitution: async (name) => {
    await db
      .insertInto('meta')
      .values({ key: INSTITUTION, value: name })
      .onConflict((oc) => oc.column('key').doUpdateSet({ value: name }))
      .execute();
  },

  noteImport: async (subject) => {
    await db
      .insertInto('meta')
      .values({ key: importKey(subject), value: 'yes' })
      .onConflict((oc) => oc.column('key').doNothing())
      .execute();
  },

  known: async (kind, ids) => {
    const rows = await inParts(ids, (part) =>
      db.selectFrom(kind).select('id').where('id', 'in', part).execute(),
    );
    return new Set(rows.map(({ id }) => id));
  },

  starts: async (roomIds, from, to) => {
    const rows = await inParts(roomIds, (part) =>
      db
        .selectFrom('sessions')
        .select(['room_id', 'starts_at'])
        .where('room_id', 'in', part)
        .where('starts_at', '>=', from)
        .where('starts_at', '<=', to)
        .execute(),
    );
    return rows.map((row) => ({ roomId: row.room_id as RoomId, startsAt: row.starts_at }));
  },

  shifts: async (examId, venueId, from, to) => {
    const rows = await db
      .selectFrom('sessions as s')
      .innerJoin('rooms as r', 'r.id', 's.room_id')
      .select(['s.starts_at as startsAt', 's.ends_at as endsAt'])
      .distinct()
      .where('s.exam_id', '=', examId)
      .where('r.venue_id', '=', venueId)
      .where('s.starts_at', '>=', from)
      .where('s.starts_at', '<=', to)
      .orderBy('s.starts_at')
      .orderBy('s.ends_at')
      .execute();
    return rows;
  },

  seating: async (sessionIds) => {
    const sessions = await inParts(sessionIds, (part) =>
      db
        .selectFrom('sessions as s')
        .innerJoin('rooms as r', 'r.id', 's.room_id')
        .select(['s.id', 'r.seat_map'])
        .where('s.id', 'in', part)
        .execute(),
    );
    const attempts = await inParts(sessionIds, (part) =>
      db
        .selectFrom('attempts')
        .select(['session_id', 'seat', 'examinee_id'])
        .where('session_id', 'in', part)
        .execute(),
    );
    const taken = Map.groupBy(attempts, (row) => row.session_id);
    return sessions.map(({ id, seat_map: map }) => ({
      sessionId: id as SessionId,
      seats: (JSON.parse(map) as SeatMap).seats.map(({ label }) => label),
      taken: (taken.get(id) ?? []).map((row) => ({
        seat: row.seat,
        examineeId: row.examinee_id as ExamineeId,
      })),
    }));
  },

  latestSessions: async (examId) => {
    const rows = await db
      .selectFrom('sessions')
      .selectAll()
      .where('exam_id', '=', examId)
      .where('starts_at', '=', (eb) =>
        eb
          .selectFrom('sessions')
          .select((max) => max.fn.max('starts_at').as('latest'))
          .where('exam_id', '=', examId),
      )
      .orderBy('room_id')
      .execute();
    return rows.map((row) => ({
      id: row.id as SessionId,
      examId: row.exam_id,
      roomId: row.room_id as RoomId,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      identity: {
        check: row.identity_check === 'face' ? 'face' : 'by-hand',
        challenge: row.challenge === 1,
      },
    }));
  },

  addVenues: (venues) =>
    insertAll(
      db,
      'venues',
      venues.map(({ id, name, timeZone }) => ({ id, name, time_zone: timeZone })),
    ),

  addRooms: (rooms) =>
    insertAll(
      db,
      'rooms',
      rooms.map(({ id, venueId, name, seatMap }) => ({
        id,
        venue_id: venueId,
        name,
        seat_map: JSON.stringify(seatMap),
      })),
    ),

  addExam: async (exam) => {
    await db
      .insertInto('exams')
      .values({
        id: exam.id,
        title: exam.title,
        instructions: exam.instructions,
        question_count: exam.questionCount,
        duration_ms: exam.durationMs,
        rules_version: exam.rulesVersion,
        policy: JSON.stringify(exam.policy),
        bank: exam.bank,
        thumbnails: exam.thumbnails ? 1 : 0,
        form_secret: exam.formSecret,
      })
      .execute();
  },

  addSessions: (sessions) =>
    insertAll(
      db,
      'sessions',
      sessions.map(({ id, examId, roomId, startsAt, endsAt, identity }) => ({
        id,
        exam_id: examId,
        room_id: roomId,
        starts_at: startsAt,
        ends_at: endsAt,
        identity_check: identity.check,
        challenge: identity.challenge ? (1 as const) : (0 as const),
      })),
    ),

  addAttempts: (attempts) =>
    insertAll(
      db,
      'attempts',
      attempts.map(({ id, sessionId, examineeId, seat, extraMs, accommodations }) => ({
        id,
        session_id: sessionId,
        examinee_id: examineeId,
        seat,
        extra_ms: extraMs,
        accommodations: JSON.stringify(accommodations),
        device_id: null,
        broken_reason: null,
        verified_seq: 0,
        address: null,
      })),
    ),
});
