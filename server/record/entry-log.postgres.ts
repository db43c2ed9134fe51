import { type Kysely, sql } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { CommandOutcome, EntryLog, SealedEntry } from './ports.ts';

type Marks = Parameters<EntryLog['saveVerified']>[0];

/**
 * The ledgers in PostgreSQL. Each call is one statement, which is one transaction and one way to the database and back,
 * with as many rows as the turn has.
 */
export const postgresEntryLog = (db: Kysely<Tables>): EntryLog => {
  const numbers = new Map<AttemptId, number>();
  const numberOf = async (attemptId: AttemptId): Promise<number> => {
    const known = numbers.get(attemptId);
    if (known !== undefined) return known;
    const row = await db
      .selectFrom('attempts')
      .select('no')
      .where('id', '=', attemptId)
      .executeTakeFirst();
    if (row === undefined) throw new Error('no such attempt');
    numbers.set(attemptId, row.no);
    return row.no;
  };

  /** An entry that is stored already passes, another one in its place does not. */
  const store = async (
    entries: readonly SealedEntry[],
    outcomes: readonly CommandOutcome[],
    now: number,
  ): Promise<void> => {
    const places: number[] = [];
    for (const { entry } of entries) places.push(await numberOf(entry.attemptId));
    await sql`
      WITH settled AS (
        UPDATE commands AS c SET state = o.state, settled_at = ${now}::bigint
        FROM unnest(
          ${outcomes.map(({ commandId }) => commandId)}::text[],
          ${outcomes.map(({ attemptId }) => attemptId)}::text[],
          ${outcomes.map(({ state }) => state)}::text[]
        ) AS o (id, attempt_id, state)
        WHERE c.id = o.id AND c.attempt_id = o.attempt_id AND c.state IN ('sent', 'delivered')
      )
      INSERT INTO entries (attempt_no, seq, hash, received_at, body)
      SELECT n.attempt_no, n.seq, n.hash, ${now}::bigint, n.body
      FROM unnest(
        ${places}::integer[],
        ${entries.map(({ entry }) => entry.seq)}::integer[],
        ${entries.map(({ entry }) => entry.hash)}::text[],
        ${entries.map(({ text }) => text)}::text[]
      ) AS n (attempt_no, seq, hash, body)
      WHERE NOT EXISTS (
        SELECT 1 FROM entries AS e
        WHERE e.attempt_no = n.attempt_no AND e.seq = n.seq AND e.hash = n.hash
      )`.execute(db);
  };

  return {
    append: store,
    read: async (attemptId, afterSeq) =>
      (
        await db
          .selectFrom('entries')
          .select('body')
          .where('attempt_no', '=', await numberOf(attemptId))
          .where('seq', '>', afterSeq)
          .orderBy('seq')
          .execute()
      ).map((row) => JSON.parse(row.body) as LedgerEntry),

    hashAt: async (attemptId, seq) =>
      (
        await db
          .selectFrom('entries')
          .select('hash')
          .where('attempt_no', '=', await numberOf(attemptId))
          .where('seq', '=', seq)
          .executeTakeFirst()
      )?.hash ?? null,

    head: async (attemptId) =>
      (await db
        .selectFrom('entries')
        .select(['seq', 'hash'])
        .where('attempt_no', '=', await numberOf(attemptId))
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()) ?? null,

    weight: async (attemptId, afterSeq) => {
      const { rows } = await sql<{ weight: number | string }>`
        SELECT coalesce(sum(length(body)), 0) AS weight FROM entries
        WHERE attempt_no = ${await numberOf(attemptId)} AND seq > ${afterSeq}`.execute(db);
      return Number(rows[0]?.weight ?? 0);
    },

    saveVerified: async (marks: Marks) => {
      await sql`
        UPDATE attempts AS a SET verified_seq = m.seq
        FROM unnest(
          ${marks.map(({ attemptId }) => attemptId)}::text[],
          ${marks.map(({ seq }) => seq)}::integer[]
        ) AS m (id, seq)
        WHERE a.id = m.id`.execute(db);
    },

    unverified: async (after, count) => {
      const { rows } = await sql<{ id: string; open: boolean | null }>`
        SELECT a.id,
          a.verified_seq < (SELECT max(e.seq) FROM entries AS e WHERE e.attempt_no = a.no) AS open
        FROM attempts AS a WHERE a.id > ${after ?? ''} ORDER BY a.id LIMIT ${count}`.execute(db);
      return {
        found: rows.filter(({ open }) => open === true).map(({ id }) => id as AttemptId),
        last: rows.length < count ? null : ((rows.at(-1)?.id ?? null) as AttemptId | null),
      };
    },
  };
};
