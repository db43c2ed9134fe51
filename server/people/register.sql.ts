import type { Kysely } from 'kysely';
import { inParts, insertAll } from '#server/platform/sql/in-parts.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { PeopleRegister } from './register-ports.ts';

const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id);

/** The register of staff and examinees in SQL. */
export const kyselyPeopleRegister = (db: Kysely<Tables>): PeopleRegister => ({
  takenStaff: async (wanted) => {
    const rows = await inParts(wanted, (part) =>
      db
        .selectFrom('staff')
        .select(['id', 'user'])
        .where((eb) =>
          eb.or([
            eb('id', 'in', idsOf(part)),
            eb(
              'user',
              'in',
              part.map(({ user }) => user),
            ),
          ]),
        )
        .execute(),
    );
    return { ids: new Set(idsOf(rows)), users: new Set(rows.map(({ user }) => user)) };
  },

  takenExaminees: async (wanted) => {
    const rows = await inParts(wanted, (part) =>
      db
        .selectFrom('examinees')
        .select(['id', 'document'])
        .where((eb) =>
          eb.or([
            eb('id', 'in', idsOf(part)),
            eb(
              'document',
              'in',
              part.map(({ document }) => document),
            ),
          ]),
        )
        .execute(),
    );
    return { ids: new Set(idsOf(rows)), documents: new Set(rows.map(({ document }) => document)) };
  },

  knownPlaces: async (ids) => {
    const rows = await inParts(ids, (part) =>
      db
        .selectFrom('venues')
        .select('id')
        .where('id', 'in', part)
        .union(db.selectFrom('rooms').select('id').where('id', 'in', part))
        .execute(),
    );
    return new Set(idsOf(rows));
  },

  addStaff: async (staff) => {
    await insertAll(
      db,
      'staff',
      staff.map(({ id, user, name, role, venueId, passwordHash }) => ({
        id,
        user,
        name,
        role,
        venue_id: venueId,
        password_hash: passwordHash,
      })),
    );
    await insertAll(
      db,
      'staff_rooms',
      staff.flatMap(({ id, roomIds }) =>
        roomIds.map((roomId) => ({ staff_id: id, room_id: roomId })),
      ),
    );
  },

  addExaminees: (examinees) =>
    insertAll(
      db,
      'examinees',
      examinees.map(({ id, name, document, secretHash }) => ({
        id,
        name,
        document,
        secret_hash: secretHash,
      })),
    ),

  setSecret: async (id, secretHash) => {
    await db
      .updateTable('examinees')
      .set({ secret_hash: secretHash })
      .where('id', '=', id)
      .execute();
  },
});
