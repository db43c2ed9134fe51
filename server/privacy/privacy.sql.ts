import type { Kysely } from 'kysely';
import { forgetDeleted } from '#server/platform/sql/forget-deleted.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import { inTransaction } from '#server/platform/sql/transaction.ts';
import type { AttemptId, ExamineeId } from '#shared/kernel/ids.ts';
import type { DeletionCertificate, Look } from '#shared/wire/enrolment.ts';
import type { Role } from '#shared/wire/roles.ts';
import type {
  CertificateRow,
  ExamProcess,
  LookRow,
  Participation,
  PrivacyStore,
  StillRow,
} from './ports.ts';

/** What an audit row's action was a look at. */
const LOOKS: Readonly<Record<string, Look>> = {
  'still-viewed': 'still',
  'portrait-viewed': 'portrait',
  'document-viewed': 'document',
  'thumbnail-viewed': 'thumbnail',
  'attempt-exported': 'export',
};

const processes = (db: Kysely<Tables>) =>
  db
    .selectFrom('exams as e')
    .select(['e.id', 'e.title', 'e.retention_days', 'e.claims_closed_at', 'e.deleted_at'])
    .select((eb) =>
      eb
        .selectFrom('sessions as s')
        .select((inner) => inner.fn.max('s.ends_at').as('last'))
        .whereRef('s.exam_id', '=', 'e.id')
        .as('last_ends_at'),
    );

const toProcess = (row: {
  id: string;
  title: string;
  retention_days: number;
  claims_closed_at: number | null;
  deleted_at: number | null;
  last_ends_at: number | null;
}): ExamProcess => ({
  examId: row.id,
  title: row.title,
  retentionDays: row.retention_days,
  claimsClosedAt: row.claims_closed_at,
  deletedAt: row.deleted_at,
  lastShiftEndsAt: row.last_ends_at,
});

const toStill = (row: Tables['stills']): StillRow => ({
  attemptId: row.attempt_id as AttemptId,
  hash: row.hash,
  mime: row.mime as StillRow['mime'],
  bytes: row.bytes,
  storedAt: row.stored_at,
});

const certificateRows = (db: Kysely<Tables>) =>
  db.selectFrom('certificates').select(['id', 'at', 'reason', 'items']).orderBy('at', 'desc');

const toRow = (row: CertificateRow): CertificateRow => ({ ...row });

/** Retention, holds and deletions in SQL. */
export const kyselyPrivacyStore = (db: Kysely<Tables>): PrivacyStore => ({
  processes: async () => (await processes(db).orderBy('e.title').execute()).map(toProcess),

  process: async (examId) => {
    const row = await processes(db).where('e.id', '=', examId).executeTakeFirst();
    return row === undefined ? null : toProcess(row);
  },

  setClock: async (examId, { claimsClosedAt, retentionDays }) => {
    await db
      .updateTable('exams')
      .set({
        claims_closed_at: claimsClosedAt,
        retention_days: retentionDays,
        deleted_at: null,
      })
      .where('id', '=', examId)
      .execute();
  },

  setDeleted: async (examId, at) => {
    await db
      .updateTable('exams')
      .set({ deleted_at: at })
      .where('id', '=', examId)
      .where('deleted_at', 'is', null)
      .execute();
  },

  keptAttempts: async (examId) => {
    const attempts = await db
      .selectFrom('attempts as a')
      .innerJoin('sessions as s', 's.id', 'a.session_id')
      .innerJoin('examinees as x', 'x.id', 'a.examinee_id')
      .leftJoin('holds as h', 'h.attempt_id', 'a.id')
      .select(['a.id', 'x.id as examinee_id', 'x.name', 'x.document', 's.starts_at'])
      .select(['h.at as held_at'])
      .where('s.exam_id', '=', examId)
      .orderBy('x.name')
      .orderBy('s.starts_at')
      .execute();
    const stills = await db
      .selectFrom('stills as i')
      .innerJoin('attempts as a', 'a.id', 'i.attempt_id')
      .innerJoin('sessions as s', 's.id', 'a.session_id')
      .selectAll('i')
      .where('s.exam_id', '=', examId)
      .orderBy('i.stored_at')
      .execute();
    const byAttempt = new Map<string, StillRow[]>(attempts.map(({ id }) => [id, []]));
    for (const still of stills) byAttempt.get(still.attempt_id)?.push(toStill(still));
    return attempts.map((row) => ({
      attemptId: row.id as AttemptId,
      examinee: { id: row.examinee_id as ExamineeId, name: row.name, document: row.document },
      startsAt: row.starts_at,
      stills: byAttempt.get(row.id) ?? [],
      held: row.held_at !== null,
    }));
  },

  participations: async (examineeId) =>
    (
      await processes(db)
        .innerJoin('sessions as p', 'p.exam_id', 'e.id')
        .innerJoin('attempts as a', 'a.session_id', 'p.id')
        .leftJoin('holds as h', 'h.attempt_id', 'a.id')
        .select(['a.id as attempt_id', 'p.starts_at', 'h.at as held_at'])
        .where('a.examinee_id', '=', examineeId)
        .orderBy('p.starts_at')
        .execute()
    ).map(
      (row): Participation => ({
        ...toProcess(row),
        attemptId: row.attempt_id as AttemptId,
        startsAt: row.starts_at,
        held: row.held_at !== null,
      }),
    ),

  stillsOf: async (examineeId) =>
    (
      await db
        .selectFrom('stills as i')
        .innerJoin('attempts as a', 'a.id', 'i.attempt_id')
        .selectAll('i')
        .where('a.examinee_id', '=', examineeId)
        .orderBy('i.stored_at')
        .execute()
    ).map(toStill),

  ledgersOf: async (examineeId) =>
    (
      await db
        .selectFrom('entries as n')
        .innerJoin('attempts as a', 'a.no', 'n.attempt_no')
        .select('a.id')
        .select((eb) => [
          eb.fn.countAll<number>().as('entries'),
          eb.fn.min('n.received_at').as('since'),
        ])
        .where('a.examinee_id', '=', examineeId)
        .groupBy('a.id')
        .execute()
    ).map((row) => ({
      attemptId: row.id as AttemptId,
      entries: Number(row.entries),
      since: row.since,
    })),

  enrolled: async () =>
    (
      await db
        .selectFrom('enrolments')
        .select('examinee_id')
        .select((eb) => eb.fn.max('at').as('at'))
        .groupBy('examinee_id')
        .execute()
    ).map((row) => ({ examineeId: row.examinee_id as ExamineeId, at: row.at })),

  hold: async (attemptId, by, reason, now) => {
    await db
      .insertInto('holds')
      .values({ attempt_id: attemptId, at: now, by, reason })
      .onConflict((oc) => oc.column('attempt_id').doNothing())
      .execute();
  },

  release: async (attemptId) => {
    await db.deleteFrom('holds').where('attempt_id', '=', attemptId).execute();
  },

  sharedFile: async (still, deleting) => {
    const others = await db
      .selectFrom('stills')
      .select('attempt_id')
      .where('hash', '=', still.hash)
      .where('mime', '=', still.mime)
      .execute();
    const going = new Set(
      deleting
        .filter((row) => row.hash === still.hash && row.mime === still.mime)
        .map((row) => row.attemptId as string),
    );
    return others.some((row) => !going.has(row.attempt_id));
  },

  remove: (certificate, stills) =>
    inTransaction(db, async (tx) => {
      for (const still of stills) {
        await tx
          .deleteFrom('stills')
          .where('attempt_id', '=', still.attemptId)
          .where('hash', '=', still.hash)
          .execute();
      }
      await tx
        .insertInto('certificates')
        .values({
          id: certificate.id,
          at: certificate.at,
          reason: certificate.reason,
          subject: certificate.subject,
          items: certificate.items.length,
          body: JSON.stringify(certificate),
        })
        .execute();
    }),

  emptyLog: async () => {
    await forgetDeleted(db);
  },

  certificate: async (id) => {
    const row = await db
      .selectFrom('certificates')
      .select('body')
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : (JSON.parse(row.body) as DeletionCertificate);
  },

  certificates: async (limit) => (await certificateRows(db).limit(limit).execute()).map(toRow),

  certificatesOf: async (subject) =>
    (await certificateRows(db).where('subject', '=', subject).execute()).map(toRow),

  looksAt: async (examineeId, limit) =>
    (
      await db
        .selectFrom('audit as t')
        .innerJoin('staff as p', 'p.id', 't.actor')
        .select(['t.at', 't.action', 'p.role'])
        .where('t.action', 'in', Object.keys(LOOKS))
        .where((eb) =>
          eb.or([
            eb('t.subject', '=', examineeId),
            eb(
              't.subject',
              'in',
              eb.selectFrom('attempts as y').select('y.id').where('y.examinee_id', '=', examineeId),
            ),
          ]),
        )
        .orderBy('t.id', 'desc')
        .limit(limit)
        .execute()
    ).map(
      (row): LookRow => ({
        at: row.at,
        role: row.role as Role,
        what: LOOKS[row.action] ?? 'still',
      }),
    ),
});
