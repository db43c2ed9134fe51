import type { CompiledQuery, Kysely } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import { type Accommodation, isAccommodation } from '#shared/incident/accommodation.ts';
import type { Carried } from '#shared/incident/carried.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { AttemptId, DeviceId, ExamineeId, RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Contradiction } from '#shared/wire/doubt.ts';
import type { Full } from './quota.ts';
import type { Registration, RegistryStore } from './registry-ports.ts';

/** Attempts with all that was registered of them. */
export const registrations = (db: Kysely<Tables>) =>
  db
    .selectFrom('attempts as a')
    .innerJoin('sessions as s', 's.id', 'a.session_id')
    .innerJoin('exams as e', 'e.id', 's.exam_id')
    .innerJoin('rooms as r', 'r.id', 's.room_id')
    .innerJoin('venues as v', 'v.id', 'r.venue_id')
    .innerJoin('examinees as x', 'x.id', 'a.examinee_id')
    .leftJoin('devices as d', 'd.id', 'a.device_id')
    .select([
      'a.id as attempt_id',
      'a.session_id',
      'a.seat',
      'a.extra_ms',
      'a.accommodations',
      'a.broken_reason',
      'a.verified_seq',
      'a.contradictions',
      'a.address',
      'a.full_of',
      'a.carries',
      'a.carried_on_by',
      'a.own_ms',
      'a.copy_attempts_before',
      'a.carried',
      'd.id as device_id',
      'd.name as device_name',
      'd.public_key',
      'x.id as examinee_id',
      'x.name as examinee_name',
      'x.document',
      'r.id as room_id',
      'r.name as room_name',
      'r.venue_id',
      'v.time_zone',
      'e.id as exam_id',
      'e.title',
      'e.instructions',
      'e.question_count',
      'e.duration_ms',
      'e.policy',
      'e.rules_version',
      'e.retention_days',
      'e.thumbnails',
      's.identity_check',
      's.challenge',
      's.starts_at',
      's.ends_at',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof registrations>['executeTakeFirstOrThrow']>>;

/** Policies are few and attempts many: the same text is parsed once and shared. */
const policies = new Map<string, Policy>();
const policyOf = (text: string): Policy => {
  const known = policies.get(text);
  if (known !== undefined) return known;
  const policy = JSON.parse(text) as Policy;
  policies.set(text, policy);
  return policy;
};

/**
 * A code that this version does not know changes no rule: what it would change is not known either.
 * @param extraMs the one place that says whether there is extra time.
 */
const accommodationsOf = (text: string, extraMs: number): ReadonlySet<Accommodation> => {
  const codes = JSON.parse(text) as readonly unknown[];
  const known = codes.filter(isAccommodation).filter((code) => code !== 'extra-time');
  return new Set<Accommodation>(extraMs > 0 ? [...known, 'extra-time'] : known);
};

export const toRegistration = (row: Row): Registration => ({
  attemptId: row.attempt_id as AttemptId,
  sessionId: row.session_id as SessionId,
  seat: row.seat,
  extraMs: row.extra_ms,
  accommodations: accommodationsOf(row.accommodations, row.extra_ms),
  device:
    row.device_id === null || row.device_name === null || row.public_key === null
      ? null
      : { id: row.device_id as DeviceId, name: row.device_name, publicKey: row.public_key },
  brokenReason: row.broken_reason,
  verifiedSeq: row.verified_seq,
  contradictions: JSON.parse(row.contradictions) as readonly Contradiction[],
  carries:
    row.carries === null
      ? null
      : {
          from: row.carries as AttemptId,
          durationMs: row.own_ms,
          copyAttempts: row.copy_attempts_before,
          carried: row.carried === null ? null : (JSON.parse(row.carried) as Carried),
        },
  carriedOnBy: row.carried_on_by as AttemptId | null,
  full: row.full_of as Full | null,
  address: row.address,
  examinee: {
    id: row.examinee_id as ExamineeId,
    name: row.examinee_name,
    document: row.document,
  },
  room: {
    id: row.room_id as RoomId,
    name: row.room_name,
    venueId: row.venue_id,
    timeZone: row.time_zone,
  },
  exam: {
    id: row.exam_id,
    title: row.title,
    instructions: row.instructions,
    questionCount: row.question_count,
    durationMs: row.duration_ms,
    policy: policyOf(row.policy),
    rulesVersion: row.rules_version,
    retentionDays: row.retention_days,
    thumbnails: row.thumbnails === 1,
  },
  identity: {
    check: row.identity_check === 'face' ? 'face' : 'by-hand',
    challenge: row.challenge === 1,
  },
  shift: { startsAt: row.starts_at, endsAt: row.ends_at },
});

/** Asked of every attempt that is read: to build the query takes ten times as long as to run it, so it is built once. */
export const readRegistration = (db: Kysely<Tables>): RegistryStore['registration'] => {
  let query: CompiledQuery | null = null;
  return async (attemptId) => {
    query ??= registrations(db).where('a.id', '=', attemptId).compile();
    const { rows } = await db.executeQuery<Row>({ ...query, parameters: [attemptId] });
    const [row] = rows;
    return row === undefined ? null : toRegistration(row);
  };
};
