import { type Kysely, sql } from 'kysely';
import type { Scope } from '#server/people/rights.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import { inTransaction } from '#server/platform/sql/transaction.ts';
import type { AttemptId, DeviceId, RoomId } from '#shared/kernel/ids.ts';
import type { Passport } from '#shared/wire/passport.ts';
import type { DeviceRecord, DeviceStore } from './device-ports.ts';

/** The room of the latest session that the device `d` was used in. */
const lastRoom = sql`(SELECT s.room_id FROM attempts a JOIN sessions s ON s.id = a.session_id
  WHERE a.device_id = d.id ORDER BY s.starts_at DESC LIMIT 1)`;

/** Each device with its room (its own, else that of its latest attempt), its venue and its newest passport. */
const devices = (db: Kysely<Tables>) =>
  db
    .with('last_passport', (qb) =>
      qb
        .selectFrom('passports')
        .groupBy('device_id')
        .select('device_id')
        .select((eb) => eb.fn.max('id').as('id')),
    )
    .selectFrom('devices as d')
    .leftJoin('rooms as r', (join) => join.on('r.id', '=', sql`coalesce(d.room_id, ${lastRoom})`))
    .leftJoin('venues as v', (join) => join.on('v.id', '=', sql`coalesce(d.venue_id, r.venue_id)`))
    .leftJoin('last_passport as lp', 'lp.device_id', 'd.id')
    .leftJoin('passports as p', 'p.id', 'lp.id')
    .leftJoin('staff as by', 'by.id', 'd.revoked_by')
    .select([
      'd.id',
      'd.name',
      'd.enrolled_at',
      'd.last_seen_at',
      'd.revoked_at',
      'd.revoked_reason',
      'by.name as revoked_by',
      'v.id as venue_id',
      'v.name as venue',
      'r.id as room_id',
      'r.name as room',
      'p.body',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof devices>['executeTakeFirstOrThrow']>>;

const toRecord = (row: Row): DeviceRecord => ({
  id: row.id as DeviceId,
  name: row.name,
  enrolledAt: row.enrolled_at,
  lastSeenAt: row.last_seen_at,
  revoked:
    row.revoked_at === null
      ? null
      : { at: row.revoked_at, by: row.revoked_by ?? '', reason: row.revoked_reason ?? '' },
  venue: row.venue_id === null || row.venue === null ? null : { id: row.venue_id, name: row.venue },
  room:
    row.room_id === null || row.room === null
      ? null
      : { id: row.room_id as RoomId, name: row.room },
  passport: row.body === null ? null : (JSON.parse(row.body) as Passport),
});

const unusedCodes = (db: Kysely<Tables>, scope: Scope, now: number) =>
  db
    .selectFrom('enrolment_codes')
    .select('code_hash')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .$if(scope !== 'all', (qb) => qb.where('venue_id', '=', scope === 'all' ? '' : scope.venueId));

/** Devices in SQL. */
export const kyselyDeviceStore = (db: Kysely<Tables>): DeviceStore => ({
  list: async (scope) => {
    const all = await devices(db)
      .$if(scope !== 'all', (qb) => qb.where('v.id', '=', scope === 'all' ? '' : scope.venueId))
      .orderBy('d.name')
      .orderBy('d.id')
      .execute();
    return all.map(toRecord);
  },

  device: async (id) => {
    const row = await devices(db).where('d.id', '=', id).executeTakeFirst();
    return row === undefined ? null : toRecord(row);
  },

  seen: async (id, at) => {
    await db
      .updateTable('devices')
      .set({ last_seen_at: at })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('last_seen_at', 'is', null), eb('last_seen_at', '<', at)]))
      .execute();
  },

  addPassport: (id, passport, digest, at, keep) =>
    inTransaction(db, async (tx) => {
      const known = await tx
        .selectFrom('passports')
        .select(['id', 'digest'])
        .where('device_id', '=', id)
        .orderBy('id', 'desc')
        .execute();
      if (known[0]?.digest === digest) return false;
      await tx
        .insertInto('passports')
        .values({ device_id: id, at, body: JSON.stringify(passport), digest })
        .execute();
      const old = known.slice(keep - 1).map((row) => row.id);
      if (old.length > 0) await tx.deleteFrom('passports').where('id', 'in', old).execute();
      return true;
    }),

  passports: async (id) =>
    (
      await db
        .selectFrom('passports')
        .select(['at', 'body'])
        .where('device_id', '=', id)
        .orderBy('id', 'desc')
        .execute()
    ).map(({ at, body }) => ({ at, passport: JSON.parse(body) as Passport })),

  attemptsSince: async (id, since) =>
    (
      await db
        .selectFrom('attempts as a')
        .innerJoin('sessions as s', 's.id', 'a.session_id')
        .select('a.id')
        .where('a.device_id', '=', id)
        .where('s.ends_at', '>=', since)
        .execute()
    ).map((row) => row.id as AttemptId),

  revoke: (id, { at, by, reason }, ends) =>
    inTransaction(db, async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('devices')
        .set({ revoked_at: at, revoked_by: by, revoked_reason: reason })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      if (ends.length > 0) {
        await tx
          .deleteFrom('examinee_tokens')
          .where('device_id', '=', id)
          .where('attempt_id', 'in', ends)
          .execute();
      }
      return true;
    }),

  addCodes: (codes) =>
    inTransaction(db, async (tx) => {
      for (const code of codes) {
        await tx
          .insertInto('enrolment_codes')
          .values({
            code_hash: code.codeHash,
            expires_at: code.expiresAt,
            used_at: null,
            device_id: null,
            venue_id: code.venueId,
            room_id: code.roomId,
            created_at: code.createdAt,
            created_by: code.createdBy,
          })
          .execute();
      }
    }),

  openCodes: async (scope, now) => (await unusedCodes(db, scope, now).execute()).length,

  voidCodes: async (scope, now) => {
    const { numUpdatedRows } = await db
      .updateTable('enrolment_codes')
      .set({ expires_at: now })
      .where('code_hash', 'in', unusedCodes(db, scope, now))
      .executeTakeFirst();
    return Number(numUpdatedRows);
  },

  allowedBuilds: async () =>
    (
      await db
        .selectFrom('allowed_builds as b')
        .leftJoin('staff as s', 's.id', 'b.added_by')
        .select(['b.build', 'b.label', 'b.added_at', 's.name'])
        .orderBy('b.added_at', 'desc')
        .execute()
    ).map((row) => ({
      build: row.build,
      label: row.label,
      addedAt: row.added_at,
      addedBy: row.name ?? '',
    })),

  allowBuild: async ({ build, label, addedAt, addedBy }) => {
    await db
      .insertInto('allowed_builds')
      .values({ build, label, added_at: addedAt, added_by: addedBy })
      .onConflict((oc) => oc.column('build').doUpdateSet({ label }))
      .execute();
  },

  forbidBuild: async (build) => {
    const { numDeletedRows } = await db
      .deleteFrom('allowed_builds')
      .where('build', '=', build)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  },
});
