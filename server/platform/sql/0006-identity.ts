import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnsOf } from './columns.ts';

/** Enrolments, their tokens, codes and dates; what is held and what was deleted. */
export interface IdentityTables {
  enrolments: {
    /** Names the row for its encryption: it stays when the slot changes. */
    id: string;
    examinee_id: string;
    /** `active`: what a match uses. `waiting`: a re-enrolment that staff have to approve. */
    slot: string;
    at: number;
    captures: number;
    document_kind: string;
    consent_version: string;
    consent_locale: string;
    /** Who of the staff was beside the person; null for the person alone. */
    submitted_by: string | null;
    /** null for the first. */
    change_distance: number | null;
    /** Since 0015-document-doubt. */
    document_doubt: number | null;
    decided_by: string | null;
    decided_at: number | null;
    /** Of the pictures in clear, so that a certificate can name what was deleted. */
    portrait_hash: string;
    portrait_bytes: number;
    document_hash: string;
    document_bytes: number;
    /** Encrypted, each for its own place. */
    template: Uint8Array;
    portrait: Uint8Array;
    document: Uint8Array;
    document_qr: Uint8Array | null;
  };
  enrolment_rejections: { examinee_id: string; at: number; by: string; reason: string };
  enrolment_tokens: {
    token_hash: string;
    examinee_id: string;
    /** The member of staff whose room code it came from; null for document and access code. */
    room_staff_id: string | null;
    expires_at: number;
  };
  room_codes: {
    code_hash: string;
    examinee_id: string;
    expires_at: number;
    used_at: number | null;
    created_by: string;
  };
  /** Dates set beforehand (Art. 23f). Without a venue they are for everybody. */
  enrolment_windows: { id: string; venue_id: string | null; opens_at: number; closes_at: number };
  holds: { attempt_id: string; at: number; by: string; reason: string };
  certificates: {
    id: string;
    at: number;
    reason: string;
    subject: string;
    items: number;
    /** The certificate as it was signed, JSON. */
    body: string;
  };
}

export const identityTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const { bytes, float } = columnsOf(db);
    const table = (name: string) => db.schema.createTable(name);
    await db.schema
      .alterTable('sessions')
      .addColumn('identity_check', 'text', (c) => c.notNull().defaultTo('by-hand'))
      .execute();
    await db.schema
      .alterTable('sessions')
      .addColumn('challenge', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .alterTable('exams')
      .addColumn('retention_days', 'integer', (c) => c.notNull().defaultTo(180))
      .execute();
    await db.schema
      .alterTable('exams')
      .addColumn('thumbnails', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('exams').addColumn('claims_closed_at', 'bigint').execute();
    await db.schema.alterTable('exams').addColumn('deleted_at', 'bigint').execute();
    await table('enrolments')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('examinee_id', 'text', (c) => c.notNull().references('examinees.id'))
      .addColumn('slot', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('captures', 'integer', (c) => c.notNull())
      .addColumn('document_kind', 'text', (c) => c.notNull())
      .addColumn('consent_version', 'text', (c) => c.notNull())
      .addColumn('consent_locale', 'text', (c) => c.notNull())
      .addColumn('submitted_by', 'text')
      .addColumn('change_distance', float)
      .addColumn('decided_by', 'text')
      .addColumn('decided_at', 'bigint')
      .addColumn('portrait_hash', 'text', (c) => c.notNull())
      .addColumn('portrait_bytes', 'integer', (c) => c.notNull())
      .addColumn('document_hash', 'text', (c) => c.notNull())
      .addColumn('document_bytes', 'integer', (c) => c.notNull())
      // The small ones first: SQLite walks through the large ones to reach what stands behind them.
      .addColumn('template', bytes, (c) => c.notNull())
      .addColumn('document_qr', bytes)
      .addColumn('portrait', bytes, (c) => c.notNull())
      .addColumn('document', bytes, (c) => c.notNull())
      .addUniqueConstraint('enrolment_once', ['examinee_id', 'slot'])
      .execute();
    await table('enrolment_rejections')
      .addColumn('examinee_id', 'text', (c) => c.primaryKey().references('examinees.id'))
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('by', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .execute();
    await table('enrolment_tokens')
      .addColumn('token_hash', 'text', (c) => c.primaryKey())
      .addColumn('examinee_id', 'text', (c) => c.notNull().references('examinees.id').unique())
      .addColumn('room_staff_id', 'text', (c) => c.references('staff.id'))
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .execute();
    await table('room_codes')
      .addColumn('code_hash', 'text', (c) => c.primaryKey())
      .addColumn('examinee_id', 'text', (c) => c.notNull().references('examinees.id'))
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('used_at', 'bigint')
      .addColumn('created_by', 'text', (c) => c.notNull().references('staff.id'))
      .execute();
    await table('enrolment_windows')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('venue_id', 'text', (c) => c.references('venues.id'))
      .addColumn('opens_at', 'bigint', (c) => c.notNull())
      .addColumn('closes_at', 'bigint', (c) => c.notNull())
      .execute();
    await table('holds')
      .addColumn('attempt_id', 'text', (c) => c.primaryKey().references('attempts.id'))
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('by', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .execute();
    await table('certificates')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('items', 'integer', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('certificates_by_subject')
      .on('certificates')
      .columns(['subject'])
      .execute();
    await db.schema.createIndex('stills_by_hash').on('stills').columns(['hash']).execute();
  },
};
