import type { Kysely } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import { inTransaction } from '#server/platform/sql/transaction.ts';
import { DEFAULT_ZONE } from '#shared/exam/venue-time.ts';
import type { AttemptId, DeviceId, ExamineeId, RoomId, StaffId } from '#shared/kernel/ids.ts';
import type { Role } from '#shared/wire/roles.ts';
import type { AccessStore } from './ports.ts';

/** Sign-ins, tokens and devices in SQL. */
export const kyselyAccessStore = (db: Kysely<Tables>): AccessStore => ({
  enrol: (codeHash, device, now) =>
    inTransaction(db, async (tx) => {
      const code = await tx
        .selectFrom('enrolment_codes')
        .select(['expires_at', 'used_at', 'venue_id', 'room_id'])
        .where('code_hash', '=', codeHash)
        .executeTakeFirst();
      if (code?.used_at != null) return 'used';
      if (code === undefined || code.expires_at <= now) return 'unknown';
      await tx
        .insertInto('devices')
        .values({
          id: device.id,
          name: device.name,
          public_key: device.publicKey,
          token_hash: device.tokenHash,
          enrolled_at: now,
          venue_id: code.venue_id,
          room_id: code.room_id,
          last_seen_at: now,
          revoked_at: null,
          revoked_by: null,
          revoked_reason: null,
        })
        .execute();
      await tx
        .updateTable('enrolment_codes')
        .set({ used_at: now, device_id: device.id })
        .where('code_hash', '=', codeHash)
        .execute();
      return 'enrolled';
    }),

  deviceByToken: async (tokenHash) => {
    const row = await db
      .selectFrom('devices')
      .select(['id', 'name', 'public_key'])
      .where('token_hash', '=', tokenHash)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return row === undefined
      ? null
      : { id: row.id as DeviceId, name: row.name, publicKey: row.public_key };
  },

  examineeByDocument: async (document) => {
    const row = await db
      .selectFrom('examinees')
      .select(['id', 'secret_hash'])
      .where('document', '=', document)
      .executeTakeFirst();
    return row === undefined ? null : { id: row.id as ExamineeId, secretHash: row.secret_hash };
  },

  openAttempt: ({ tokenHash, attemptId, deviceId, expiresAt, now }) =>
    inTransaction(db, async (tx) => {
      await tx
        .deleteFrom('examinee_tokens')
        .where('attempt_id', '=', attemptId)
        .where('device_id', '!=', deviceId)
        .execute();
      await tx
        .insertInto('examinee_tokens')
        .values({
          token_hash: tokenHash,
          attempt_id: attemptId,
          device_id: deviceId,
          issued_at: now,
          expires_at: expiresAt,
        })
        .execute();
      await tx
        .updateTable('attempts')
        .set({ device_id: deviceId })
        .where('id', '=', attemptId)
        .execute();
    }),

  attemptByToken: async (tokenHash, now) => {
    const row = await db
      .selectFrom('examinee_tokens')
      .select('attempt_id')
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return row === undefined ? null : (row.attempt_id as AttemptId);
  },

  staffByUser: async (user) => {
    const row = await db
      .selectFrom('staff')
      .select(['id', 'password_hash'])
      .where('user', '=', user)
      .executeTakeFirst();
    return row === undefined ? null : { id: row.id as StaffId, passwordHash: row.password_hash };
  },

  timeZone: async (venueId) => {
    const zones = () => db.selectFrom('venues').select('time_zone');
    const own =
      venueId === null ? undefined : await zones().where('id', '=', venueId).executeTakeFirst();
    const most =
      own ??
      (await zones()
        .groupBy('time_zone')
        .orderBy((eb) => eb.fn.countAll(), 'desc')
        .orderBy('time_zone')
        .limit(1)
        .executeTakeFirst());
    return most?.time_zone ?? DEFAULT_ZONE;
  },

  staff: async (id) => {
    const row = await db
      .selectFrom('staff')
      .select(['id', 'name', 'role', 'venue_id'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return null;
    const rooms = await db
      .selectFrom('staff_rooms')
      .select('room_id')
      .where('staff_id', '=', id)
      .execute();
    return {
      id: row.id as StaffId,
      name: row.name,
      role: row.role as Role,
      venueId: row.venue_id,
      roomIds: rooms.map((room) => room.room_id as RoomId),
    };
  },

  openStaffSession: async (tokenHash, staffId, now) => {
    await db
      .insertInto('staff_sessions')
      .values({ token_hash: tokenHash, staff_id: staffId, opened_at: now, last_seen_at: now })
      .execute();
  },

  staffSession: async (tokenHash) => {
    const row = await db
      .selectFrom('staff_sessions')
      .select(['staff_id', 'opened_at', 'last_seen_at'])
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    return row === undefined
      ? null
      : {
          staffId: row.staff_id as StaffId,
          openedAt: row.opened_at,
          lastSeenAt: row.last_seen_at,
        };
  },

  touchStaffSession: async (tokenHash, now) => {
    await db
      .updateTable('staff_sessions')
      .set({ last_seen_at: now })
      .where('token_hash', '=', tokenHash)
      .execute();
  },

  closeStaffSessions: async (staffId) => {
    const rows = await db
      .deleteFrom('staff_sessions')
      .where('staff_id', '=', staffId)
      .returning('token_hash')
      .execute();
    return rows.map((row) => row.token_hash);
  },

  closeStaffSession: async (tokenHash) => {
    await db.deleteFrom('staff_sessions').where('token_hash', '=', tokenHash).execute();
  },
});
