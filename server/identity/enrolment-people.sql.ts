import { type Kysely, sql } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import { normaliseDocument } from '#shared/identity/cedula.ts';
import type { ExamineeId, RoomId } from '#shared/kernel/ids.ts';
import type { DocumentKind } from '#shared/wire/enrolment.ts';
import type { EnrolmentRow, EnrolmentStore, PeopleReach, Sitting } from './ports.ts';

/** Without accents and case: "Peñafiel" and "penafiel" are the same to whoever looks for somebody. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * For LIKE: its own signs are taken literally, and any letter that may carry an accent fits any sign. What SQL lets
 * through too much is compared exactly afterwards.
 */
const pattern = (text: string): string =>
  folded(text)
    .replace(/[\\%_]/g, (sign) => `\\${sign}`)
    .replace(/[aeiounc]/g, '_');

const people = (db: Kysely<Tables>) =>
  db
    .selectFrom('examinees as x')
    .leftJoin('enrolments as a', (on) =>
      on.onRef('a.examinee_id', '=', 'x.id').on('a.slot', '=', 'active'),
    )
    .leftJoin('enrolments as w', (on) =>
      on.onRef('w.examinee_id', '=', 'x.id').on('w.slot', '=', 'waiting'),
    )
    .leftJoin('enrolment_rejections as r', 'r.examinee_id', 'x.id')
    .select([
      'x.id',
      'x.name',
      'x.document',
      'a.at as active_at',
      'a.document_kind as active_kind',
      'w.at as waiting_at',
      'w.document_kind as waiting_kind',
      'w.change_distance',
      'r.at as rejected_at',
    ]);

/** Where these people sit exams. */
export const sittingsOf = async (
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<Map<string, Sitting[]>> => {
  const found = new Map<string, Sitting[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return found;
  const rows = await db
    .selectFrom('attempts as t')
    .innerJoin('sessions as s', 's.id', 't.session_id')
    .innerJoin('rooms as m', 'm.id', 's.room_id')
    .select(['t.examinee_id', 's.room_id', 'm.venue_id', 's.ends_at'])
    .where('t.examinee_id', 'in', ids)
    .execute();
  for (const row of rows) {
    found.get(row.examinee_id)?.push({
      roomId: row.room_id as RoomId,
      venueId: row.venue_id,
      endsAt: row.ends_at,
    });
  }
  return found;
};

/** Sittings of the person `x` that are within the reach. */
const inReach = (db: Kysely<Tables>, reach: Exclude<PeopleReach, 'all'>) => {
  const sittings = db
    .selectFrom('attempts as t')
    .innerJoin('sessions as s', 's.id', 't.session_id')
    .innerJoin('rooms as m', 'm.id', 's.room_id')
    .select('t.id')
    .where(sql<boolean>`t.examinee_id = x.id`)
    .where('s.ends_at', '>=', reach.endedAfter);
  return 'venueId' in reach
    ? sittings.where('m.venue_id', '=', reach.venueId)
    : sittings.where('s.room_id', 'in', [...reach.roomIds]);
};

/** How staff find people with their enrolments. */
export const findPeople =
  (db: Kysely<Tables>): EnrolmentStore['people'] =>
  async (filter, reach, limit) => {
    const words = 'search' in filter ? filter.search.trim().split(/\s+/).map(folded) : [];
    const digits = 'search' in filter ? normaliseDocument(filter.search) : '';
    let query = people(db);
    if ('waiting' in filter) query = query.where('w.id', 'is not', null).orderBy('w.at');
    else {
      const named = (word: string) =>
        sql<boolean>`lower(x.name) LIKE ${`%${pattern(word)}%`} ESCAPE '\\'`;
      query = query
        .where((eb) =>
          eb.or([
            eb.and(words.map(named)),
            ...(digits === ''
              ? []
              : [eb(sql<string>`substr(x.document, 1, ${digits.length})`, '=', digits)]),
          ]),
        )
        .orderBy('x.name');
    }
    if (reach !== 'all') query = query.where(({ exists }) => exists(inReach(db, reach)));
    const fits = ({ name, document }: { readonly name: string; readonly document: string }) =>
      'waiting' in filter ||
      (digits !== '' && document.startsWith(digits)) ||
      words.every((word) => folded(name).includes(word));
    const rows = (await query.execute()).filter(fits).slice(0, limit);
    const sittings = await sittingsOf(
      db,
      rows.map(({ id }) => id),
    );
    return rows.map(
      (row): EnrolmentRow => ({
        id: row.id as ExamineeId,
        name: row.name,
        document: row.document,
        active:
          row.active_at === null
            ? null
            : { at: row.active_at, documentKind: row.active_kind as DocumentKind },
        waiting:
          row.waiting_at === null
            ? null
            : {
                at: row.waiting_at,
                documentKind: row.waiting_kind as DocumentKind,
                changeDistance: row.change_distance,
              },
        rejectedAt: row.rejected_at,
        sittings: sittings.get(row.id) ?? [],
      }),
    );
  };
