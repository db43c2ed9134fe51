import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnsOf } from './columns.ts';

/** The first schema. A migration that was released is never changed; a new one is added. */
export const firstTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const { numbered } = columnsOf(db);
    const table = (name: string) => db.schema.createTable(name);
    await table('meta')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute();
    await table('venues')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .execute();
    await table('rooms')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('venue_id', 'text', (c) => c.notNull().references('venues.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('seat_map', 'text', (c) => c.notNull())
      .execute();
    await table('exams')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('instructions', 'text', (c) => c.notNull())
      .addColumn('question_count', 'integer', (c) => c.notNull())
      .addColumn('duration_ms', 'bigint', (c) => c.notNull())
      .addColumn('rules_version', 'text', (c) => c.notNull())
      .addColumn('policy', 'text', (c) => c.notNull())
      .addColumn('bank', 'text', (c) => c.notNull())
      .addColumn('form_secret', 'text', (c) => c.notNull())
      .execute();
    await table('sessions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('exam_id', 'text', (c) => c.notNull().references('exams.id'))
      .addColumn('room_id', 'text', (c) => c.notNull().references('rooms.id'))
      .addColumn('starts_at', 'bigint', (c) => c.notNull())
      .addColumn('ends_at', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('session_once', ['room_id', 'starts_at'])
      .execute();
    await table('examinees')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('document', 'text', (c) => c.notNull().unique())
      .addColumn('secret_hash', 'text', (c) => c.notNull())
      .execute();
    await table('devices')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('public_key', 'text', (c) => c.notNull())
      .addColumn('token_hash', 'text', (c) => c.notNull().unique())
      .addColumn('enrolled_at', 'bigint', (c) => c.notNull())
      .execute();
    await table('enrolment_codes')
      .addColumn('code_hash', 'text', (c) => c.primaryKey())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('used_at', 'bigint')
      .addColumn('device_id', 'text')
      .execute();
    await table('attempts')
      .addColumn('no', 'integer', numbered)
      .addColumn('id', 'text', (c) => c.notNull().unique())
      .addColumn('session_id', 'text', (c) => c.notNull().references('sessions.id'))
      .addColumn('examinee_id', 'text', (c) => c.notNull().references('examinees.id'))
      .addColumn('seat', 'text', (c) => c.notNull())
      .addColumn('extra_ms', 'bigint', (c) => c.notNull())
      .addColumn('camera_exempt', 'integer', (c) => c.notNull())
      .addColumn('device_id', 'text', (c) => c.references('devices.id'))
      .addColumn('broken_reason', 'text')
      .addColumn('verified_seq', 'bigint', (c) => c.notNull())
      .addColumn('address', 'text')
      .addUniqueConstraint('attempt_once', ['session_id', 'examinee_id'])
      .addUniqueConstraint('seat_once', ['session_id', 'seat'])
      .execute();
    await table('examinee_tokens')
      .addColumn('token_hash', 'text', (c) => c.primaryKey())
      .addColumn('attempt_id', 'text', (c) => c.notNull().references('attempts.id'))
      .addColumn('device_id', 'text', (c) => c.notNull().references('devices.id'))
      .addColumn('issued_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .execute();
    await table('staff')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user', 'text', (c) => c.notNull().unique())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('venue_id', 'text', (c) => c.references('venues.id'))
      .addColumn('password_hash', 'text', (c) => c.notNull())
      .execute();
    await table('staff_rooms')
      .addColumn('staff_id', 'text', (c) => c.notNull().references('staff.id'))
      .addColumn('room_id', 'text', (c) => c.notNull().references('rooms.id'))
      .addPrimaryKeyConstraint('staff_rooms_key', ['staff_id', 'room_id'])
      .execute();
    await table('staff_sessions')
      .addColumn('token_hash', 'text', (c) => c.primaryKey())
      .addColumn('staff_id', 'text', (c) => c.notNull().references('staff.id'))
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('last_seen_at', 'bigint', (c) => c.notNull())
      .execute();
    // By the attempt's number: the index is a tenth of what it is by id, and half the cost of a row.
    await table('entries')
      .addColumn('attempt_no', 'integer', (c) => c.notNull().references('attempts.no'))
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('received_at', 'bigint', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('entries_key', ['attempt_no', 'seq'])
      .execute();
    await table('commands')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('attempt_id', 'text', (c) => c.notNull().references('attempts.id'))
      .addColumn('issued_at', 'bigint', (c) => c.notNull())
      .addColumn('issued', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('delivered_at', 'bigint')
      .addColumn('settled_at', 'bigint')
      .execute();
    await table('notices')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('attempt_id', 'text', (c) => c.notNull().references('attempts.id'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('facts', 'text', (c) => c.notNull())
      .execute();
    await table('stills')
      .addColumn('attempt_id', 'text', (c) => c.notNull().references('attempts.id'))
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('mime', 'text', (c) => c.notNull())
      .addColumn('bytes', 'integer', (c) => c.notNull())
      .addColumn('stored_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('stills_key', ['attempt_id', 'hash'])
      .execute();
    await table('audit')
      .addColumn('id', 'integer', numbered)
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('detail', 'text', (c) => c.notNull())
      .execute();
    const index = async (on: string, ...columns: string[]): Promise<void> => {
      await db.schema
        .createIndex(`${on}_by_${columns.join('_')}`)
        .on(on)
        .columns(columns)
        .execute();
    };
    await index('sessions', 'starts_at');
    await index('attempts', 'examinee_id');
    await index('examinee_tokens', 'attempt_id');
    await index('commands', 'attempt_id');
    await index('notices', 'attempt_id');
    await index('audit', 'subject');
  },
};
