import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { DeviceStore } from '#server/fleet/device-ports.ts';
import type { IdentitySetupStore } from '#server/identity/setup-ports.ts';
import type { Passwords } from '#server/people/ports.ts';
import {
  hashedExaminees,
  hashedStaff,
  NewExamineeSchema,
  NewStaffSchema,
  registerExaminees,
  registerStaff,
} from '#server/people/register.ts';
import type { PeopleRegister } from '#server/people/register-ports.ts';
import { refuseDoubles, refuseUnknown, strictObject } from '#server/platform/input-rules.ts';
import type { AuditTrail, ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { normaliseCode, tokenHash } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { RoomIdSchema } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import { InstitutionNameSchema } from '#shared/wire/http.ts';
import {
  NewAttemptSchema,
  NewExamSchema,
  NewRoomSchema,
  NewSessionSchema,
  NewVenueSchema,
  planAttempts,
  planExam,
  planRooms,
  planSessions,
  planVenues,
} from './plan.ts';
import type { PlanStore } from './plan-ports.ts';

const VenueOrNullSchema = Type.Union([Type.String({ minLength: 1, maxLength: 80 }), Type.Null()]);

/** What one import may bring; all but `subject` may be left out. What it names is in it or there already. */
const UniversityImportSchema = strictObject({
  /** What the audit entry names. */
  subject: Type.String({ pattern: '^[A-Za-z0-9._:-]{1,80}$' }),
  /** Whose examinations these are; what was said before is replaced. */
  institution: Type.Optional(InstitutionNameSchema),
  venues: Type.Optional(Type.Array(NewVenueSchema, { maxItems: 500 })),
  rooms: Type.Optional(Type.Array(NewRoomSchema, { maxItems: 5_000 })),
  exams: Type.Optional(Type.Array(NewExamSchema, { maxItems: 500 })),
  staff: Type.Optional(Type.Array(NewStaffSchema, { maxItems: 2_000 })),
  examinees: Type.Optional(Type.Array(NewExamineeSchema, { maxItems: 20_000 })),
  sessions: Type.Optional(Type.Array(NewSessionSchema, { maxItems: 10_000 })),
  attempts: Type.Optional(Type.Array(NewAttemptSchema, { maxItems: 100_000 })),
  /** One-time codes for devices, as a person types them. */
  codes: Type.Optional(
    Type.Array(
      strictObject({
        code: Type.String({ minLength: 8, maxLength: 60 }),
        venueId: VenueOrNullSchema,
        roomId: Type.Union([RoomIdSchema, Type.Null()]),
        expiresAt: EpochMsSchema,
      }),
      { maxItems: 5_000 },
    ),
  ),
  /** Dates of enrolment; one that is there and not over keeps its opening and is closed anew. */
  windows: Type.Optional(
    Type.Array(
      strictObject({
        id: Type.String({ pattern: '^[A-Za-z0-9-]{1,80}$' }),
        venueId: VenueOrNullSchema,
        opensAt: EpochMsSchema,
        closesAt: EpochMsSchema,
      }),
      { maxItems: 500 },
    ),
  ),
});
export type UniversityImport = Static<typeof UniversityImportSchema>;
const importShape = Compile(UniversityImportSchema);

/** The stores that an import writes to, of one unit of work. */
export interface ImportStores {
  readonly plan: PlanStore;
  readonly register: PeopleRegister;
  readonly devices: DeviceStore;
  readonly identitySetup: IdentitySetupStore;
  readonly trail: AuditTrail;
}

export interface ImportDeps {
  readonly store: UnitOfWork<ImportStores>;
  readonly passwords: Passwords;
  readonly clock: ServerClock;
}

/** Thrown inside the unit of work, so that nothing of it is stored. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.code);
    this.problem = problem;
  }
}

const must = (outcome: Result<null, Problem>): void => {
  if (!outcome.ok) throw new RefusedError(outcome.error);
};

const addCodes = async (
  tx: ImportStores,
  codes: NonNullable<UniversityImport['codes']>,
  now: number,
): Promise<void> => {
  const hashes = codes.map(({ code }) => tokenHash(normaliseCode(code)));
  must(refuseDoubles('code with the hash', hashes));
  const places = codes
    .flatMap(({ venueId, roomId }) => [venueId, roomId])
    .filter((id) => id !== null);
  must(refuseUnknown('place', places, await tx.register.knownPlaces([...new Set<string>(places)])));
  await tx.devices.addCodes(
    codes.map(({ code, venueId, roomId, expiresAt }) => ({
      codeHash: tokenHash(normaliseCode(code)),
      expiresAt,
      venueId,
      roomId,
      createdAt: now,
      createdBy: null,
    })),
  );
};

const setWindows = async (
  { identitySetup }: ImportStores,
  windows: NonNullable<UniversityImport['windows']>,
  now: number,
): Promise<void> => {
  if (windows.length === 0) return;
  must(
    refuseDoubles(
      'window',
      windows.map(({ id }) => id),
    ),
  );
  const there = new Map((await identitySetup.setup(now, 1)).windows.map((one) => [one.id, one]));
  for (const window of windows) {
    const opensAt = there.get(window.id)?.opensAt ?? window.opensAt;
    if (window.closesAt <= opensAt)
      must(refuse('bad-request', `${window.id} closes before it opens`));
    await identitySetup.removeWindow(window.id);
    if (!(await identitySetup.addWindow({ ...window, opensAt })))
      must(refuse('not-found', `no venue ${window.venueId}`));
  }
};

/**
 * Brings a university, or a part of one, into the database: all of it with one audit entry, or nothing. For whoever
 * stands at the server itself.
 *
 * Problems, each with what it is about: `bad-request` for what does not fit its schema or together, `not-found` for
 * what is named and is not there, `conflict` for what comes twice or is there already.
 * @throws for a code that somebody else was given already, and when the database fails; nothing is stored then either.
 */
export const importUniversity = async (
  { store, passwords, clock }: ImportDeps,
  university: UniversityImport,
): Promise<Result<null, Problem>> => {
  if (!importShape.Check(university)) {
    const first = importShape.Errors(university)[0];
    return refuse('bad-request', `${first?.instancePath || '/'} ${first?.message ?? ''}`);
  }
  const { subject, venues = [], rooms = [], exams = [], sessions = [], attempts = [] } = university;
  const { codes = [], windows = [] } = university;
  const staff = await hashedStaff(passwords, university.staff ?? []);
  const examinees = await hashedExaminees(passwords, university.examinees ?? []);
  const now = clock.now();
  try {
    await store.transaction(async (tx) => {
      if (university.institution !== undefined)
        await tx.plan.setInstitution(university.institution);
      must(await planVenues(tx.plan, venues));
      must(await planRooms(tx.plan, rooms));
      for (const exam of exams) must(await planExam(tx.plan, exam));
      must(await registerStaff(tx.register, staff));
      must(await registerExaminees(tx.register, examinees));
      must(await planSessions(tx.plan, sessions));
      must(await planAttempts(tx.plan, attempts));
      await addCodes(tx, codes, now);
      await setWindows(tx, windows, now);
      await tx.plan.noteImport(subject);
      await tx.trail.audit({
        at: now,
        actor: 'server',
        action: 'university-imported',
        subject,
        detail: {
          venues: venues.length,
          rooms: rooms.length,
          exams: exams.length,
          staff: staff.length,
          examinees: examinees.length,
          sessions: sessions.length,
          attempts: attempts.length,
          codes: codes.length,
          windows: windows.length,
        },
      });
    });
    return ok(null);
  } catch (failure) {
    if (failure instanceof RefusedError) return fail(failure.problem);
    throw failure;
  }
};
