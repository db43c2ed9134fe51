import type { ExamineeAccess } from '#server/exam/access-codes.ts';
import type { PlanStore } from '#server/exam/plan-ports.ts';
import {
  type ImportDeps,
  importUniversity,
  type UniversityImport,
} from '#server/exam/university-import.ts';
import type { ServerRandom } from '#server/platform/ports.ts';
import { readableCode } from '#server/platform/tokens.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import { shiftFrom } from '#shared/exam/shift.ts';
import type { Accommodation } from '#shared/incident/accommodation.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { AttemptId, ExamineeId, RoomId, SessionId, StaffId } from '#shared/kernel/ids.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { Role } from '#shared/wire/roles.ts';
import { demoPeople } from './demo-people.ts';
import { demoShifts, seatMap } from './demo-plan.ts';

/** `assets/demo/university.json` */
export interface DemoUniversity {
  readonly institution: string;
  readonly venue: string;
  readonly timeZone: string;
  readonly rooms: readonly {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly aisle: number;
  }[];
  readonly exam: { readonly instructions: string };
  readonly staff: readonly {
    readonly user: string;
    readonly name: string;
    readonly role: Role;
    readonly rooms: readonly number[];
  }[];
  readonly givenNames: readonly string[];
  readonly familyNames: readonly string[];
}

/** The part of `assets/demo/bank.json` that is not the form's business. */
export interface DemoBank {
  readonly id: string;
  readonly title: { readonly es: string };
}

export interface DemoDeps extends ImportDeps {
  readonly plan: PlanStore;
  readonly registry: RegistryStore;
  readonly random: ServerRandom;
  readonly university: DemoUniversity;
  readonly bank: DemoBank;
}

export interface DemoOptions {
  /** How many examinees, at most as many as there are seats; 60 when absent. */
  readonly examinees?: number;
  readonly questionCount?: number;
  readonly durationMs?: number;
  readonly policy?: Policy;
  /** Starts of the shifts; by default from now until the evening. */
  readonly shifts?: readonly number[];
  readonly enrolmentCodes?: number;
  /** How identity is checked in every room; by default by hand in the first one and by face in the others. */
  readonly identityCheck?: IdentityCheck;
  /** Whether a check by face asks for turns of the head; true when absent. */
  readonly challenge?: boolean;
  /** Whether the exam's policy lets the room see small pictures now and then; false when absent. */
  readonly thumbnails?: boolean;
}

type IdentityCheck = 'face' | 'by-hand';

/** Shown once: only hashes are stored. */
export interface DemoCredentials {
  readonly staff: readonly {
    readonly user: string;
    readonly password: string;
    readonly name: string;
    readonly role: Role;
  }[];
  readonly enrolmentCodes: readonly string[];
  readonly examinees: readonly ExamineeAccess[];
}

/** The exam's secret seed has as many bits as a token. */
const SECRET_BYTES = 32;
const CODE_MS = 30 * 24 * 60 * MINUTE;
const VENUE = 'venue-1';
/** Under this name it is imported. */
const DEMO = 'demo';
const EXTRA_TIME_MS = 30 * MINUTE;
/** Which examinees have an accommodation. */
const EXTRA_TIME_AT = 3;
const ACCOMMODATED_AT: Readonly<Record<number, Accommodation>> = {
  5: 'second-person',
  8: 'camera-exempt',
  10: 'involuntary-movement',
};

type Session = NonNullable<UniversityImport['sessions']>[number];
type Attempt = NonNullable<UniversityImport['attempts']>[number];
/** A room in a shift: how identity is checked, and who sits where. */
interface Sitting {
  readonly roomId: RoomId;
  readonly identity: Session['identity'];
  readonly people: readonly Omit<Attempt, 'id' | 'sessionId'>[];
}

/** @throws when the import refuses what the demo's own files say. */
const bring = async (deps: DemoDeps, university: Omit<UniversityImport, 'subject'>) => {
  const outcome = await importUniversity(deps, { subject: DEMO, ...university });
  if (!outcome.ok) throw new Error(`the demo: ${outcome.error.detail ?? outcome.error.code}`);
};

/** The demo enrols from now on for a month, at every venue. */
const enrolmentFrom = (now: number): NonNullable<UniversityImport['windows']> => [
  { id: 'demo', venueId: null, opensAt: now, closesAt: now + CODE_MS },
];

/** In the demo, everybody may sit each shift. */
const shiftsOf = (
  deps: DemoDeps,
  starts: readonly number[],
  sittings: readonly Sitting[],
): Required<Pick<UniversityImport, 'sessions' | 'attempts'>> => {
  const sessions: Session[] = [];
  const attempts: Attempt[] = [];
  for (const startsAt of starts) {
    for (const { roomId, identity, people } of sittings) {
      const sessionId = `session-${deps.random.uuid()}` as SessionId;
      sessions.push({
        id: sessionId,
        examId: deps.bank.id,
        roomId,
        ...shiftFrom(startsAt),
        identity,
      });
      for (const person of people) {
        attempts.push({
          id: `attempt-${deps.random.uuid()}` as AttemptId,
          sessionId,
          ...person,
        });
      }
    }
  }
  return { sessions, attempts };
};

/**
 * Fills an empty database with the demo university: a venue, rooms with seat maps, today's shifts,
 * examinees, one exam and staff of every role.
 * @returns the log-ins, which are stored as hashes only; null when the database was not empty.
 */
export const createDemo = async (
  deps: DemoDeps,
  options: DemoOptions = {},
): Promise<DemoCredentials | null> => {
  const { random, university } = deps;
  const now = deps.clock.now();
  if (!(await deps.plan.isEmpty())) return null;

  const rooms = university.rooms.map((room, i) => ({
    id: `room-${i + 1}` as RoomId,
    venueId: VENUE,
    name: room.name,
    seatMap: seatMap(room.rows, room.columns, room.aisle),
  }));
  const seats = rooms.flatMap((room) =>
    room.seatMap.seats.map((seat) => ({ room, seat: seat.label })),
  );
  const examinees = demoPeople(options.examinees ?? 60, university)
    .slice(0, seats.length)
    .map((person, i) => ({
      ...person,
      id: `examinee-${i + 1}` as ExamineeId,
      accessCode: readableCode(random, 8),
    }));
  const staff = university.staff.map((person, i) => ({
    id: `staff-${i + 1}` as StaffId,
    user: person.user,
    name: person.name,
    role: person.role,
    venueId: VENUE,
    roomIds: person.rooms.flatMap((index) => rooms[index]?.id ?? []),
    password: readableCode(random, 12),
  }));
  const codes = Array.from({ length: options.enrolmentCodes ?? 6 }, () => readableCode(random, 8));
  const sittings = rooms.map(({ id: roomId }, i): Sitting => {
    const check = options.identityCheck ?? (i === 0 ? 'by-hand' : 'face');
    return {
      roomId,
      identity: { check, challenge: check === 'face' && (options.challenge ?? true) },
      people: examinees.flatMap(({ id: examineeId }, at) => {
        const place = seats[at];
        if (place?.room.id !== roomId) return [];
        const code = ACCOMMODATED_AT[at];
        return {
          examineeId,
          seat: place.seat,
          extraMs: at === EXTRA_TIME_AT ? EXTRA_TIME_MS : 0,
          accommodations: code === undefined ? [] : [code],
        };
      }),
    };
  });

  await bring(deps, {
    institution: university.institution,
    venues: [{ id: VENUE, name: university.venue, timeZone: university.timeZone }],
    rooms,
    exams: [
      {
        id: deps.bank.id,
        title: deps.bank.title.es,
        instructions: university.exam.instructions,
        questionCount: options.questionCount ?? 40,
        durationMs: options.durationMs ?? 60 * MINUTE,
        rulesVersion: '1',
        policy: options.policy ?? DEFAULT_POLICY,
        bank: JSON.stringify(deps.bank),
        thumbnails: options.thumbnails === true,
        formSecret: Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url'),
      },
    ],
    staff,
    examinees,
    codes: codes.map((code) => ({
      code,
      venueId: VENUE,
      roomId: null,
      expiresAt: now + CODE_MS,
    })),
    windows: enrolmentFrom(now),
    ...shiftsOf(deps, options.shifts ?? demoShifts(now, university.timeZone), sittings),
  });

  return {
    staff: staff.map(({ user, password, name, role }) => ({ user, password, name, role })),
    enrolmentCodes: codes,
    examinees: examinees.map(({ name, document, accessCode }, i) => ({
      name,
      document,
      accessCode,
      room: seats[i]?.room.name ?? '',
      seat: seats[i]?.seat ?? '',
    })),
  };
};

/**
 * Gives the demo new shifts when none is open, like the last ones: a demo that was set up yesterday works today.
 * @returns whether shifts were added.
 */
export const renewDemoShifts = async (deps: DemoDeps): Promise<boolean> => {
  const now = deps.clock.now();
  // Another university's shifts are its own affair.
  if (!(await deps.plan.wasImported(DEMO))) return false;
  const last = await deps.plan.latestSessions(deps.bank.id);
  if (last.length === 0 || last.some(({ endsAt }) => endsAt > now)) return false;
  const [{ timeZone } = deps.university] = (await deps.registry.rooms(now, now)).filter(({ id }) =>
    last.some(({ roomId }) => roomId === id),
  );
  const sittings = await Promise.all(
    last.map(
      async ({ id, roomId, identity }): Promise<Sitting> => ({
        roomId,
        identity,
        people: (await deps.registry.registrationsOfSession(id)).map((registration) => ({
          examineeId: registration.examinee.id,
          seat: registration.seat,
          extraMs: registration.extraMs,
          accommodations: [...registration.accommodations].filter((code) => code !== 'extra-time'),
        })),
      }),
    ),
  );
  await bring(deps, {
    windows: enrolmentFrom(now),
    ...shiftsOf(deps, demoShifts(now, timeZone), sittings),
  });
  return true;
};
