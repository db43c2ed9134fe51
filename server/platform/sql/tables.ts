import type { ColumnType, Generated } from 'kysely';
import type { DeviceTables } from './0004-devices.ts';
import type { IdentityTables } from './0006-identity.ts';
import type { FormTables } from './0007-forms.ts';
import type { TermTables } from './0009-given-terms.ts';
import type { FoldTables } from './0016-folds.ts';

/** Booleans are 0 or 1, times are ms since 1970, JSON is text: the same in SQLite and PostgreSQL. */
type Flag = 0 | 1;

export interface Tables extends DeviceTables, IdentityTables, FormTables, TermTables, FoldTables {
  meta: { key: string; value: string };
  venues: {
    id: string;
    name: string;
    /** A name of the IANA data base. */
    time_zone: Generated<string>;
  };
  rooms: { id: string; venue_id: string; name: string; seat_map: string };
  exams: {
    id: string;
    title: string;
    instructions: string;
    question_count: number;
    duration_ms: number;
    rules_version: string;
    policy: string;
    /** The bank as it stands now, JSON. What is given out of it is a version (`bank_versions`). */
    bank: string;
    form_secret: string;
    /** How long pictures and templates are kept after the claims closed, days. */
    retention_days: Generated<number>;
    thumbnails: Generated<Flag>;
    /** When the claims closed, or will; null while no date is set. */
    claims_closed_at: number | null;
    /** When nothing was left to delete. */
    deleted_at: number | null;
  };
  sessions: {
    id: string;
    exam_id: string;
    room_id: string;
    starts_at: number;
    ends_at: number;
    /** `face` or `by-hand`. */
    identity_check: Generated<string>;
    challenge: Generated<Flag>;
  };
  examinees: { id: string; name: string; document: string; secret_hash: string };
  devices: {
    id: string;
    name: string;
    public_key: string;
    token_hash: string;
    enrolled_at: number;
    venue_id: string | null;
    room_id: string | null;
    last_seen_at: number | null;
    revoked_at: number | null;
    revoked_by: string | null;
    revoked_reason: string | null;
  };
  enrolment_codes: {
    code_hash: string;
    expires_at: number;
    used_at: number | null;
    device_id: string | null;
    venue_id: string | null;
    room_id: string | null;
    /** null in rows that the server's own command made. */
    created_at: number | null;
    created_by: string | null;
  };
  attempts: {
    /** For the entries only; everywhere else an attempt goes by its id. */
    no: ColumnType<number, never, never>;
    id: string;
    session_id: string;
    examinee_id: string;
    seat: string;
    extra_ms: number;
    /** Codes of `ACCOMMODATIONS` without `extra-time`, which `extra_ms` says; JSON. */
    accommodations: string;
    /** Whether they hold `camera-exempt`: follows from the list and is never written. */
    camera_exempt: ColumnType<Flag, never, never>;
    device_id: string | null;
    broken_reason: string | null;
    verified_seq: number;
    /** JSON: `[{"code":"policy","seq":1}]`. */
    contradictions: Generated<string>;
    address: string | null;
    /** What its kiosk sent more of than any exam has; null when of nothing. */
    full_of: Generated<string | null>;
    /** The attempt that goes on where this one was let go; null when there is none. */
    carried_on_by: Generated<string | null>;
    /** And the other way round. */
    carries: Generated<string | null>;
    /** Its own time where it carries another one on, ms; else the exam's. */
    own_ms: Generated<number | null>;
    /** Copy attempts that stood in what it carries on. */
    copy_attempts_before: Generated<number>;
    /** JSON: which they are (`Carried`); null where none is carried on, and in rows from before 0013. */
    carried: Generated<string | null>;
  };
  examinee_tokens: {
    token_hash: string;
    attempt_id: string;
    device_id: string;
    issued_at: number;
    expires_at: number;
  };
  staff: {
    id: string;
    user: string;
    name: string;
    role: string;
    venue_id: string | null;
    password_hash: string;
  };
  staff_rooms: { staff_id: string; room_id: string };
  staff_sessions: {
    token_hash: string;
    staff_id: string;
    opened_at: number;
    last_seen_at: number;
  };
  entries: {
    attempt_no: number;
    seq: number;
    hash: string;
    received_at: number;
    /** The entry as it came, JSON. */
    body: string;
  };
  commands: {
    id: string;
    attempt_id: string;
    issued_at: number;
    issued: string;
    state: string;
    delivered_at: number | null;
    settled_at: number | null;
    /** Who ordered it and under which key; null in rows from before 0002. */
    staff_id: string | null;
    order_key: string | null;
    /** Of an order that ended the attempt without its kiosk: how far its ledger had come. */
    ended_seq: Generated<number | null>;
    /** Which of them it was, from 1 on; null in rows from before 0013, which did not say what was left either. */
    ended_no: Generated<number | null>;
    /** What was left of the examinee's time, ms; null while the exam had not begun. */
    ended_left_ms: Generated<number | null>;
  };
  notices: { id: string; attempt_id: string; kind: string; at: number; facts: string };
  stills: { attempt_id: string; hash: string; mime: string; bytes: number; stored_at: number };
  releases: {
    platform: string;
    arch: string;
    version: string;
    /** As it was signed. */
    manifest: string;
    signature: string;
    added_at: number;
    added_by: string;
    withdrawn_at: number | null;
    withdrawn_reason: string | null;
  };
  release_stages: {
    platform: string;
    arch: string;
    scope: string;
    scope_id: string;
    version: string;
    permit: string | null;
    permit_signature: string | null;
    set_at: number;
    set_by: string;
  };
  device_versions: {
    device_id: string;
    platform: string;
    arch: string;
    version: string;
    offered: string | null;
    asked_at: number;
  };
  audit: {
    id: ColumnType<number, never, never>;
    at: number;
    actor: string;
    action: string;
    subject: string;
    detail: string;
  };
}
