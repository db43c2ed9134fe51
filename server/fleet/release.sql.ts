import type { Kysely } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { DeviceId, RoomId } from '#shared/kernel/ids.ts';
import type { Arch, Platform, ReleaseManifest } from '#shared/wire/release.ts';
import type {
  ReleaseStore,
  ReleaseTarget,
  Stage,
  StageScope,
  StoredRelease,
} from './release-ports.ts';

const targetOf = (row: { platform: string; arch: string }): ReleaseTarget => ({
  platform: row.platform as Platform,
  arch: row.arch as Arch,
});

/** Releases, their stages and what the devices run, in SQL. */
export const kyselyReleaseStore = (db: Kysely<Tables>): ReleaseStore => {
  const lastRoom = async (deviceId: string): Promise<{ id: string; venue: string } | null> => {
    const row = await db
      .selectFrom('attempts as a')
      .innerJoin('sessions as s', 's.id', 'a.session_id')
      .innerJoin('rooms as r', 'r.id', 's.room_id')
      .select(['r.id', 'r.venue_id'])
      .where('a.device_id', '=', deviceId)
      .orderBy('s.starts_at', 'desc')
      .executeTakeFirst();
    return row === undefined ? null : { id: row.id, venue: row.venue_id };
  };

  return {
    add: async ({ platform, arch, version, signed, addedAt, addedBy }) => {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('releases')
        .values({
          platform,
          arch,
          version,
          manifest: signed.text,
          signature: signed.signature,
          added_at: addedAt,
          added_by: addedBy,
          withdrawn_at: null,
          withdrawn_reason: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return Number(numInsertedOrUpdatedRows ?? 0) === 1;
    },

    list: async () =>
      (await db.selectFrom('releases').selectAll().orderBy('added_at', 'desc').execute()).map(
        (row): StoredRelease => ({
          ...targetOf(row),
          version: row.version,
          signed: { text: row.manifest, signature: row.signature },
          manifest: JSON.parse(row.manifest) as ReleaseManifest,
          addedAt: row.added_at,
          addedBy: row.added_by,
          withdrawn:
            row.withdrawn_at === null
              ? null
              : { at: row.withdrawn_at, reason: row.withdrawn_reason ?? '' },
        }),
      ),

    withdraw: async ({ platform, arch }, version, { at, reason }) => {
      const { numUpdatedRows } = await db
        .updateTable('releases')
        .set({ withdrawn_at: at, withdrawn_reason: reason })
        .where('platform', '=', platform)
        .where('arch', '=', arch)
        .where('version', '=', version)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    stages: async () =>
      (await db.selectFrom('release_stages').selectAll().execute()).map(
        (row): Stage => ({
          ...targetOf(row),
          scope: row.scope as StageScope,
          scopeId: row.scope_id,
          version: row.version,
          permit:
            row.permit === null || row.permit_signature === null
              ? null
              : { text: row.permit, signature: row.permit_signature },
          setAt: row.set_at,
          setBy: row.set_by,
        }),
      ),

    setStage: async (stage) => {
      const values = {
        version: stage.version,
        permit: stage.permit?.text ?? null,
        permit_signature: stage.permit?.signature ?? null,
        set_at: stage.setAt,
        set_by: stage.setBy,
      };
      await db
        .insertInto('release_stages')
        .values({
          platform: stage.platform,
          arch: stage.arch,
          scope: stage.scope,
          scope_id: stage.scopeId,
          ...values,
        })
        .onConflict((conflict) =>
          conflict.columns(['platform', 'arch', 'scope', 'scope_id']).doUpdateSet(values),
        )
        .execute();
    },

    clearStage: async ({ platform, arch }, scope, scopeId) => {
      const { numDeletedRows } = await db
        .deleteFrom('release_stages')
        .where('platform', '=', platform)
        .where('arch', '=', arch)
        .where('scope', '=', scope)
        .where('scope_id', '=', scopeId)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    placeOf: async (deviceId, room) => {
      const named =
        room === null
          ? []
          : await db
              .selectFrom('rooms')
              .select(['id', 'venue_id'])
              .where((eb) => eb.or([eb('id', '=', room), eb('name', '=', room)]))
              .execute();
      const [only] = named;
      // Two venues may have a room of the same name.
      if (only !== undefined && named.length === 1)
        return { roomId: only.id as RoomId, venueId: only.venue_id };
      const last = await lastRoom(deviceId);
      return last === null ? null : { roomId: last.id as RoomId, venueId: last.venue };
    },

    venueOf: async (scope, scopeId) => {
      if (scope === 'venue') {
        const venue = await db
          .selectFrom('venues')
          .select('id')
          .where('id', '=', scopeId)
          .executeTakeFirst();
        return venue?.id ?? null;
      }
      if (scope === 'room') {
        const room = await db
          .selectFrom('rooms')
          .select('venue_id')
          .where('id', '=', scopeId)
          .executeTakeFirst();
        return room?.venue_id ?? null;
      }
      return scope === 'device' ? ((await lastRoom(scopeId))?.venue ?? null) : null;
    },

    note: async (seen) => {
      const values = {
        platform: seen.platform,
        arch: seen.arch,
        version: seen.version,
        offered: seen.offered,
        asked_at: seen.askedAt,
      };
      await db
        .insertInto('device_versions')
        .values({ device_id: seen.deviceId, ...values })
        .onConflict((conflict) => conflict.column('device_id').doUpdateSet(values))
        .execute();
    },

    seen: async () =>
      (
        await db
          .selectFrom('device_versions as v')
          .innerJoin('devices as d', 'd.id', 'v.device_id')
          .select(['d.name', 'v.device_id', 'v.platform', 'v.arch', 'v.version'])
          .select(['v.offered', 'v.asked_at'])
          .orderBy('d.name')
          .execute()
      ).map((row) => ({
        ...targetOf(row),
        deviceId: row.device_id as DeviceId,
        name: row.name,
        version: row.version,
        offered: row.offered,
        askedAt: row.asked_at,
      })),
  };
};
