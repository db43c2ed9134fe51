import type { Kysely } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import { inTransaction } from '#server/platform/sql/transaction.ts';
import type { SessionId } from '#shared/kernel/ids.ts';
import type { IdentitySetupStore } from './setup-ports.ts';

/** Sessions that are not over, with their exam; `device_id` says that somebody signed in. */
const openSessions = (db: Kysely<Tables>, now: number) =>
  db.selectFrom('sessions as s').where('s.ends_at', '>', now);

const begunSessions = (db: Kysely<Tables>, now: number) =>
  openSessions(db, now)
    .innerJoin('attempts as t', 't.session_id', 's.id')
    .select(['s.id', 's.exam_id'])
    .where('t.device_id', 'is not', null)
    .distinct();

/** What is decided about identity before an exam, in SQL. */
export const kyselyIdentitySetupStore = (db: Kysely<Tables>): IdentitySetupStore => ({
  setup: async (now, limit) => {
    const venues = await db
      .selectFrom('venues')
      .select(['id', 'name', 'time_zone as timeZone'])
      .orderBy('name')
      .execute();
    const windows = await db
      .selectFrom('enrolment_windows as w')
      .leftJoin('venues as v', 'v.id', 'w.venue_id')
      .select(['w.id', 'w.venue_id', 'v.name as venue', 'v.time_zone', 'w.opens_at', 'w.closes_at'])
      .where('w.closes_at', '>', now)
      .orderBy('w.opens_at')
      .orderBy('w.id')
      .execute();
    const sessions = await openSessions(db, now)
      .innerJoin('rooms as r', 'r.id', 's.room_id')
      .innerJoin('venues as v', 'v.id', 'r.venue_id')
      .innerJoin('exams as e', 'e.id', 's.exam_id')
      .select(['s.id', 'r.name as room', 'v.name as venue', 'v.time_zone', 'e.title'])
      .select(['s.starts_at', 's.identity_check', 's.challenge'])
      .orderBy('s.starts_at')
      .orderBy('v.name')
      .orderBy('r.name')
      .limit(limit)
      .execute();
    const begun = await begunSessions(db, now).execute();
    const begunIds = new Set(begun.map(({ id }) => id));
    const begunExams = new Set(begun.map(({ exam_id }) => exam_id));
    // Exams whose sessions are all over have nothing left to decide.
    const exams = await db
      .selectFrom('exams as e')
      .select(['e.id', 'e.title', 'e.thumbnails'])
      .where((eb) =>
        eb.or([
          eb('e.id', 'in', openSessions(db, now).select('s.exam_id')),
          eb('e.id', 'not in', db.selectFrom('sessions as o').select('o.exam_id')),
        ]),
      )
      .orderBy('e.title')
      .execute();
    return {
      venues,
      windows: windows.map((row) => ({
        id: row.id,
        venueId: row.venue_id,
        venue: row.venue,
        timeZone: row.time_zone,
        opensAt: row.opens_at,
        closesAt: row.closes_at,
      })),
      sessions: sessions.map((row) => ({
        id: row.id as SessionId,
        room: row.room,
        venue: row.venue,
        timeZone: row.time_zone,
        examTitle: row.title,
        startsAt: row.starts_at,
        check: row.identity_check === 'face' ? 'face' : 'by-hand',
        challenge: row.challenge === 1,
        begun: begunIds.has(row.id),
      })),
      exams: exams.map(({ id, title, thumbnails }) => ({
        id,
        title,
        thumbnails: thumbnails === 1,
        begun: begunExams.has(id),
      })),
    };
  },

  addWindow: ({ id, venueId, opensAt, closesAt }) =>
    inTransaction(db, async (tx) => {
      if (venueId !== null) {
        const venue = tx.selectFrom('venues').select('id').where('id', '=', venueId);
        if ((await venue.executeTakeFirst()) === undefined) return false;
      }
      await tx
        .insertInto('enrolment_windows')
        .values({ id, venue_id: venueId, opens_at: opensAt, closes_at: closesAt })
        .execute();
      return true;
    }),

  removeWindow: async (id) => {
    const { numDeletedRows } = await db
      .deleteFrom('enrolment_windows')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  },

  setSession: (sessionId, { check, challenge }, now) =>
    inTransaction(db, async (tx) => {
      const session = await tx
        .selectFrom('sessions')
        .select('ends_at')
        .where('id', '=', sessionId)
        .executeTakeFirst();
      if (session === undefined) return 'unknown';
      if (session.ends_at <= now) return 'over';
      const seated = begunSessions(tx, now).where('s.id', '=', sessionId);
      if ((await seated.executeTakeFirst()) !== undefined) return 'begun';
      await tx
        .updateTable('sessions')
        .set({ identity_check: check, challenge: challenge ? 1 : 0 })
        .where('id', '=', sessionId)
        .execute();
      return 'done';
    }),

  setThumbnails: (examId, allowed, now) =>
    inTransaction(db, async (tx) => {
      const exam = tx.selectFrom('exams').select('id').where('id', '=', examId);
      if ((await exam.executeTakeFirst()) === undefined) return 'unknown';
      const seated = begunSessions(tx, now).where('s.exam_id', '=', examId);
      if (allowed && (await seated.executeTakeFirst()) !== undefined) return 'begun';
      await tx
        .updateTable('exams')
        .set({ thumbnails: allowed ? 1 : 0 })
        .where('id', '=', examId)
        .execute();
      return 'done';
    }),
});
