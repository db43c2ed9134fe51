import { hash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { CellCipher } from '#server/platform/sql/cell-cipher.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import { inTransaction } from '#server/platform/sql/transaction.ts';
import type { Template } from '#shared/identity/face-capture.ts';
import type { ExamineeId, StaffId } from '#shared/kernel/ids.ts';
import type { DocumentKind } from '#shared/wire/enrolment.ts';
import { findPeople, sittingsOf } from './enrolment-people.sql.ts';
import type { Enrolment, EnrolmentStore, NewEnrolment, Slot } from './ports.ts';

/** Where a value of an enrolment stands; the id stays when a waiting one becomes the active one. */
const placeOf = (id: string, examineeId: string, column: string): string =>
  `enrolment|${id}|${examineeId}|${column}`;

const sealed = (enrolment: NewEnrolment, cipher: CellCipher) => {
  const seal = (column: string, content: string | Uint8Array) =>
    cipher.seal(placeOf(enrolment.id, enrolment.examineeId, column), content);
  return {
    template: seal('template', JSON.stringify(enrolment.template)),
    portrait: seal('portrait', enrolment.portrait),
    document: seal('document', enrolment.document),
    document_qr: enrolment.documentQr === null ? null : seal('qr', enrolment.documentQr),
  };
};

const valuesOf = (enrolment: NewEnrolment, slot: Slot, cipher: CellCipher) => ({
  id: enrolment.id,
  examinee_id: enrolment.examineeId,
  slot,
  at: enrolment.at,
  captures: enrolment.template.captures,
  document_kind: enrolment.documentKind,
  consent_version: enrolment.consent.version,
  consent_locale: enrolment.consent.locale,
  submitted_by: enrolment.submittedBy,
  change_distance: slot === 'active' ? null : enrolment.changeDistance,
  document_doubt: enrolment.documentDoubt,
  decided_by: null,
  decided_at: null,
  portrait_hash: hash('sha256', enrolment.portrait, 'hex'),
  portrait_bytes: enrolment.portrait.byteLength,
  document_hash: hash('sha256', enrolment.document, 'hex'),
  document_bytes: enrolment.document.byteLength,
  ...sealed(enrolment, cipher),
});

/** Enrolments in SQL; templates, pictures and what a QR says are encrypted. */
export const kyselyEnrolmentStore = (db: Kysely<Tables>, cipher: CellCipher): EnrolmentStore => {
  const inSlot = (examineeId: ExamineeId, slot: Slot, tx: Kysely<Tables> = db) =>
    tx.selectFrom('enrolments').where('examinee_id', '=', examineeId).where('slot', '=', slot);

  const isTaken = async (
    examineeId: ExamineeId,
    slot: Slot,
    tx: Kysely<Tables>,
  ): Promise<boolean> =>
    (await inSlot(examineeId, slot, tx).select('id').executeTakeFirst()) !== undefined;

  const dropWaiting = (tx: Kysely<Tables>, examineeId: ExamineeId) =>
    tx
      .deleteFrom('enrolments')
      .where('examinee_id', '=', examineeId)
      .where('slot', '=', 'waiting')
      .executeTakeFirst();

  return {
    person: async (examineeId) => {
      const row = await db
        .selectFrom('examinees')
        .select(['id', 'name', 'document'])
        .where('id', '=', examineeId)
        .executeTakeFirst();
      return row === undefined ? null : { ...row, id: row.id as ExamineeId };
    },

    sittings: async (examineeId) => (await sittingsOf(db, [examineeId])).get(examineeId) ?? [],

    windows: async (venueIds) =>
      (
        await db
          .selectFrom('enrolment_windows')
          .select(['opens_at', 'closes_at'])
          .where((eb) =>
            eb.or([
              eb('venue_id', 'is', null),
              ...(venueIds.length > 0 ? [eb('venue_id', 'in', [...venueIds])] : []),
            ]),
          )
          .orderBy('opens_at')
          .execute()
      ).map((row) => ({ opensAt: row.opens_at, closesAt: row.closes_at })),

    openToken: ({ tokenHash, examineeId, roomStaffId, expiresAt }) =>
      inTransaction(db, async (tx) => {
        await tx.deleteFrom('enrolment_tokens').where('examinee_id', '=', examineeId).execute();
        await tx
          .insertInto('enrolment_tokens')
          .values({
            token_hash: tokenHash,
            examinee_id: examineeId,
            room_staff_id: roomStaffId,
            expires_at: expiresAt,
          })
          .execute();
      }),

    tokenOwner: async (tokenHash, now) => {
      const row = await db
        .selectFrom('enrolment_tokens')
        .select(['examinee_id', 'room_staff_id'])
        .where('token_hash', '=', tokenHash)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row === undefined
        ? null
        : {
            examineeId: row.examinee_id as ExamineeId,
            roomStaffId: row.room_staff_id as StaffId | null,
          };
    },

    addRoomCode: ({ codeHash, examineeId, expiresAt, createdBy }) =>
      inTransaction(db, async (tx) => {
        await tx
          .deleteFrom('room_codes')
          .where('examinee_id', '=', examineeId)
          .where('used_at', 'is', null)
          .execute();
        await tx
          .insertInto('room_codes')
          .values({
            code_hash: codeHash,
            examinee_id: examineeId,
            expires_at: expiresAt,
            used_at: null,
            created_by: createdBy,
          })
          .execute();
      }),

    takeRoomCode: (codeHash, now) =>
      inTransaction(db, async (tx) => {
        const code = await tx
          .selectFrom('room_codes')
          .selectAll()
          .where('code_hash', '=', codeHash)
          .executeTakeFirst();
        if (code?.used_at != null) return 'used' as const;
        if (code === undefined || code.expires_at <= now) return 'unknown' as const;
        await tx
          .updateTable('room_codes')
          .set({ used_at: now })
          .where('code_hash', '=', codeHash)
          .execute();
        return {
          examineeId: code.examinee_id as ExamineeId,
          createdBy: code.created_by as StaffId,
        };
      }),

    slots: async (examineeId) => {
      const rows = await db
        .selectFrom('enrolments')
        .select('slot')
        .where('examinee_id', '=', examineeId)
        .execute();
      return new Set(rows.map(({ slot }) => slot as Slot));
    },

    enrolment: async (examineeId, slot) => {
      // Without the pictures: a whole room signs in at the same time.
      const row = await inSlot(examineeId, slot)
        .select(['id', 'at', 'template', 'document_kind', 'document_qr', 'consent_version'])
        .select(['consent_locale', 'submitted_by', 'change_distance', 'document_doubt'])
        .executeTakeFirst();
      if (row === undefined) return null;
      const open = (column: string, value: Uint8Array): string =>
        cipher.open(placeOf(row.id, examineeId, column), value).toString('utf8');
      const enrolment: Enrolment = {
        at: row.at,
        template: JSON.parse(open('template', row.template)) as Template,
        documentKind: row.document_kind as DocumentKind,
        documentQr: row.document_qr === null ? null : open('qr', row.document_qr),
        consent: { version: row.consent_version, locale: row.consent_locale as 'es' | 'en' },
        submittedBy: row.submitted_by as StaffId | null,
        changeDistance: row.change_distance,
        documentDoubt: row.document_doubt,
      };
      return enrolment;
    },

    picture: async (examineeId, slot, what) => {
      const row = await inSlot(examineeId, slot)
        .select(['id', `${what} as sealed`])
        .executeTakeFirst();
      return row === undefined ? null : cipher.open(placeOf(row.id, examineeId, what), row.sealed);
    },

    rejection: async (examineeId) =>
      (await db
        .selectFrom('enrolment_rejections')
        .select(['at', 'reason'])
        .where('examinee_id', '=', examineeId)
        .executeTakeFirst()) ?? null,

    save: (enrolment) =>
      inTransaction(db, async (tx) => {
        const { examineeId } = enrolment;
        const first = !(await isTaken(examineeId, 'active', tx));
        const slot = first && enrolment.documentDoubt === null ? 'active' : 'waiting';
        await dropWaiting(tx, examineeId);
        await tx
          .insertInto('enrolments')
          .values(valuesOf(enrolment, slot, cipher))
          .execute();
        await tx.deleteFrom('enrolment_rejections').where('examinee_id', '=', examineeId).execute();
        return slot;
      }),

    approve: (examineeId, by, now) =>
      inTransaction(db, async (tx) => {
        if (!(await isTaken(examineeId, 'waiting', tx))) return false;
        await tx
          .deleteFrom('enrolments')
          .where('examinee_id', '=', examineeId)
          .where('slot', '=', 'active')
          .execute();
        await tx
          .updateTable('enrolments')
          .set({ slot: 'active', decided_by: by, decided_at: now })
          .where('examinee_id', '=', examineeId)
          .where('slot', '=', 'waiting')
          .execute();
        return true;
      }),

    reject: (examineeId, by, reason, now) =>
      inTransaction(db, async (tx) => {
        const dropped = await dropWaiting(tx, examineeId);
        if (dropped.numDeletedRows === 0n) return false;
        await tx
          .insertInto('enrolment_rejections')
          .values({ examinee_id: examineeId, at: now, by, reason })
          .onConflict((oc) => oc.column('examinee_id').doUpdateSet({ at: now, by, reason }))
          .execute();
        return true;
      }),

    remove: (examineeId) =>
      inTransaction(db, async (tx) => {
        await tx.deleteFrom('enrolments').where('examinee_id', '=', examineeId).execute();
        await tx.deleteFrom('enrolment_rejections').where('examinee_id', '=', examineeId).execute();
      }),

    removable: async (examineeId) =>
      (
        await db
          .selectFrom('enrolments')
          .select(['portrait_hash', 'portrait_bytes', 'document_hash', 'document_bytes'])
          .select(sql<number>`length(template)`.as('template_bytes'))
          .where('examinee_id', '=', examineeId)
          .orderBy('slot')
          .execute()
      ).flatMap((row) => [
        { what: 'template' as const, hash: null, bytes: row.template_bytes },
        { what: 'portrait' as const, hash: row.portrait_hash, bytes: row.portrait_bytes },
        { what: 'document' as const, hash: row.document_hash, bytes: row.document_bytes },
      ]),

    people: findPeople(db),
  };
};
