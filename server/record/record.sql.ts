import { type Kysely, sql } from 'kysely';
import { kyselyAuditTrail } from '#server/platform/sql/audit.sql.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import { inTransaction } from '#server/platform/sql/transaction.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { CommandState, IssuedCommand } from '#shared/wire/command.ts';
import type { RecordStore, StoredCommand, StoredStill } from './ports.ts';

const toStill = (row: { hash: string; mime: string; bytes: number }): StoredStill => ({
  hash: row.hash,
  mime: row.mime as StoredStill['mime'],
  bytes: row.bytes,
});

const standsOf = (row: {
  readonly ended_seq: number | null;
  readonly ended_no: number | null;
  readonly ended_left_ms: number | null;
}): Pick<StoredCommand, 'ended' | 'leftMs'> => {
  const { ended_seq: seq, ended_no: no, ended_left_ms: leftMs } = row;
  if (seq === null) return leftMs === null ? {} : { leftMs };
  return { ended: no === null ? { no: 0, seq } : { no, seq, leftMs } };
};

/** Commands, notices and evidence records in SQL. */
export const kyselyRecordStore = (db: Kysely<Tables>): RecordStore => ({
  addCommand: (issued, key, audit, { ended, leftMs } = {}) =>
    inTransaction(db, async (tx) => {
      const stored = await tx
        .insertInto('commands')
        .values({
          id: issued.id,
          attempt_id: issued.attemptId,
          issued_at: issued.issuedAt,
          issued: JSON.stringify(issued),
          state: 'sent',
          delivered_at: null,
          settled_at: null,
          staff_id: issued.issuedBy.id,
          order_key: key,
          ended_seq: ended?.seq ?? null,
          ended_no: ended?.no ?? null,
          ended_left_ms: ended?.leftMs ?? leftMs ?? null,
        })
        .onConflict((oc) => oc.columns(['staff_id', 'order_key']).doNothing())
        .executeTakeFirst();
      if (stored.numInsertedOrUpdatedRows === 0n) return false;
      await kyselyAuditTrail(tx).audit(audit);
      return true;
    }),

  commandByKey: async (staffId, key) => {
    const row = await db
      .selectFrom('commands')
      .select('issued')
      .where('staff_id', '=', staffId)
      .where('order_key', '=', key)
      .executeTakeFirst();
    return row === undefined ? null : (JSON.parse(row.issued) as IssuedCommand);
  },

  commandsByKey: async (staffId, key) => {
    const rows = await db
      .selectFrom('commands')
      .select(['order_key', 'issued'])
      .where('staff_id', '=', staffId)
      .where(({ eb, or }) =>
        or([
          eb('order_key', '=', key),
          eb(sql`substr(order_key, 1, ${sql.lit(key.length + 1)})`, '=', `${key}:`),
        ]),
      )
      .execute();
    return new Map(
      rows.map((row) => [row.order_key ?? '', JSON.parse(row.issued) as IssuedCommand]),
    );
  },

  commandsOf: async (attemptId) =>
    (
      await db
        .selectFrom('commands')
        .select(['issued', 'state', 'ended_seq', 'ended_no', 'ended_left_ms'])
        .where('attempt_id', '=', attemptId)
        .orderBy('issued_at')
        .orderBy('id')
        .execute()
    ).map((row) => ({
      issued: JSON.parse(row.issued) as IssuedCommand,
      state: row.state as CommandState,
      ...standsOf(row),
    })),

  markDelivered: async (commandId, now) => {
    await db
      .updateTable('commands')
      .set({ state: 'delivered', delivered_at: now })
      .where('id', '=', commandId)
      .where('state', '=', 'sent')
      .execute();
  },

  addNotice: async (notice) => {
    await db
      .insertInto('notices')
      .values({
        id: notice.id,
        attempt_id: notice.attemptId,
        kind: notice.kind,
        at: notice.at,
        facts: JSON.stringify(notice.facts),
      })
      .execute();
  },

  noticesOf: async (attemptId) =>
    (
      await db
        .selectFrom('notices')
        .selectAll()
        .where('attempt_id', '=', attemptId)
        .orderBy('at')
        .execute()
    ).map((row) => ({
      id: row.id,
      attemptId: row.attempt_id as AttemptId,
      kind: row.kind as IncidentKind,
      at: row.at,
      facts: JSON.parse(row.facts) as Facts,
    })),

  addStill: async (attemptId, still, now) => {
    await db
      .insertInto('stills')
      .values({
        attempt_id: attemptId,
        hash: still.hash,
        mime: still.mime,
        bytes: still.bytes,
        stored_at: now,
      })
      .onConflict((oc) => oc.columns(['attempt_id', 'hash']).doNothing())
      .execute();
  },

  still: async (attemptId, hash) => {
    const row = await db
      .selectFrom('stills')
      .select(['hash', 'mime', 'bytes'])
      .where('attempt_id', '=', attemptId)
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row === undefined ? null : toStill(row);
  },

  stillsOf: async (attemptId) =>
    (
      await db
        .selectFrom('stills')
        .select(['hash', 'mime', 'bytes'])
        .where('attempt_id', '=', attemptId)
        .orderBy('stored_at')
        .execute()
    ).map(toStill),
});
