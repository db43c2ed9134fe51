import { type Kysely, sql } from 'kysely';
import type { Passwords } from '#server/people/ports.ts';
import type { ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { Tables } from '#server/platform/sql/tables.ts';
import { inTransaction } from '#server/platform/sql/transaction.ts';
import { normaliseCode, readableCode, tokenHash } from '#server/platform/tokens.ts';
import { shiftFrom } from '#shared/exam/shift.ts';
import type { Accommodation } from '#shared/incident/accommodation.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { Role } from '#shared/wire/roles.ts';
import { demoPeople } from './demo-people.ts';
import { demoShifts, seatMap } from './demo-plan.ts';

/** `assets/demo/university.json` */
export interface DemoUniversity {
  readonly venue: string;
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

export interface DemoDeps {
  readonly db: Kysely<Tables>;
  readonly passwords: Passwords;
  readonly random: ServerRandom;
  readonly clock: ServerClock;
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
/** How the demo checks identity, kept for the shifts to come. */
interface DemoIdentity {
  readonly check: IdentityCheck | null;
  readonly challenge: boolean;
}

/** Shown once: only hashes are stored. */
export interface DemoCredentials {
  readonly staff: readonly {
    readonly user: string;
    readonly password: string;
    readonly name: string;
    readonly role: Role;
  }[];
  readonly enrolmentCodes: readonly string[];
  readonly examinees: readonly DemoAccess[];
}

export interface DemoAccess {
  readonly name: string;
  readonly document: string;
  readonly accessCode: string;
  readonly room: string;
  readonly seat: string;
}

/** The exam's secret seed has as many bits as a token. */
const SECRET_BYTES = 32;
const CODE_DAYS = 30;
const CODE_MS = CODE_DAYS * 24 * 60 * MINUTE;
const ENROLMENT_WINDOW_MS = CODE_MS;
const EXTRA_TIME_MS = 30 * MINUTE;
const IDENTITY_KEY = 'demo-identity';
/** Which examinees have an accommodation. */
const EXTRA_TIME_AT = 3;
const ACCOMMODATED_AT: Readonly<Record<number, Accommodation>> = {
  5: 'second-person',
  8: 'camera-exempt',
  10: 'involuntary-movement',
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
  const { db, random } = deps;
  const there = await db.selectFrom('venues').select('id').limit(1).executeTakeFirst();
  if (there !== undefined) return null;

  const rooms = deps.university.rooms.map((room, i) => ({
    id: `room-${i + 1}`,
    name: room.name,
    seatMap: seatMap(room.rows, room.columns, room.aisle),
  }));
  const seats = rooms.flatMap((room) =>
    room.seatMap.seats.map((seat) => ({ room, seat: seat.label })),
  );
  const people = demoPeople(options.examinees ?? 60, deps.university).slice(0, seats.length);
  const examinees = await Promise.all(
    people.map(async (person, i) => {
      const accessCode = readableCode(random, 8);
      return {
        ...person,
        id: `examinee-${i + 1}`,
        accessCode,
        hash: await deps.passwords.hash(normaliseCode(accessCode)),
      };
    }),
  );
  const staff = await Promise.all(
    deps.university.staff.map(async (person, i) => {
      const password = readableCode(random, 12);
      return {
        ...person,
        id: `staff-${i + 1}`,
        password,
        hash: await deps.passwords.hash(password),
      };
    }),
  );
  const codes = Array.from({ length: options.enrolmentCodes ?? 6 }, () => readableCode(random, 8));
  const now = deps.clock.now();

  await inTransaction(db, async (tx) => {
    await tx.insertInto('venues').values({ id: 'venue-1', name: deps.university.venue }).execute();
    for (const room of rooms) {
      await tx
        .insertInto('rooms')
        .values({
          id: room.id,
          venue_id: 'venue-1',
          name: room.name,
          seat_map: JSON.stringify(room.seatMap),
        })
        .execute();
    }
    await tx
      .insertInto('exams')
      .values({
        id: deps.bank.id,
        title: deps.bank.title.es,
        instructions: deps.university.exam.instructions,
        question_count: options.questionCount ?? 40,
        duration_ms: options.durationMs ?? 60 * MINUTE,
        rules_version: '1',
        policy: JSON.stringify(options.policy ?? DEFAULT_POLICY),
        bank: JSON.stringify(deps.bank),
        thumbnails: options.thumbnails === true ? 1 : 0,
        form_secret: Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url'),
      })
      .execute();
    for (const person of staff) {
      await tx
        .insertInto('staff')
        .values({
          id: person.id,
          user: person.user,
          name: person.name,
          role: person.role,
          venue_id: 'venue-1',
          password_hash: person.hash,
        })
        .execute();
      for (const index of person.rooms) {
        const room = rooms[index];
        if (room === undefined) continue;
        await tx
          .insertInto('staff_rooms')
          .values({ staff_id: person.id, room_id: room.id })
          .execute();
      }
    }
    for (const { id, name, document, hash } of examinees) {
      await tx.insertInto('examinees').values({ id, name, document, secret_hash: hash }).execute();
    }
    for (const code of codes) await storeCode(tx, code, now);
    await tx.insertInto('meta').values({ key: 'demo', value: 'yes' }).execute();
    const identity: DemoIdentity = {
      check: options.identityCheck ?? null,
      challenge: options.challenge ?? true,
    };
    await tx
      .insertInto('meta')
      .values({ key: IDENTITY_KEY, value: JSON.stringify(identity) })
      .execute();
    await openEnrolment(tx, now);
    await addShifts(tx, random, options.shifts ?? demoShifts(now), identity);
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

const storeCode = async (db: Kysely<Tables>, code: string, now: number): Promise<void> => {
  await db
    .insertInto('enrolment_codes')
    .values({
      code_hash: tokenHash(normaliseCode(code)),
      expires_at: now + CODE_MS,
      used_at: null,
      device_id: null,
      venue_id: 'venue-1',
      room_id: null,
      created_at: now,
      created_by: null,
    })
    .execute();
};

/** The demo enrols from now on for a month, at every venue. */
const openEnrolment = async (db: Kysely<Tables>, now: number): Promise<void> => {
  const dates = { opens_at: now, closes_at: now + ENROLMENT_WINDOW_MS };
  await db
    .insertInto('enrolment_windows')
    .values({ id: 'demo', venue_id: null, ...dates })
    .onConflict((oc) => oc.column('id').doUpdateSet({ closes_at: dates.closes_at }))
    .execute();
};

const identityOfDemo = async (db: Kysely<Tables>): Promise<DemoIdentity> => {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', IDENTITY_KEY)
    .executeTakeFirst();
  // A demo from before it could be chosen.
  if (row === undefined) return { check: null, challenge: true };
  return JSON.parse(row.value) as DemoIdentity;
};

const accommodationsAt = (index: number): readonly Accommodation[] => {
  const code = ACCOMMODATED_AT[index];
  return code === undefined ? [] : [code];
};

/** Sessions for every room and shift, and an attempt on every seat: in the demo, everybody may sit each shift. */
const addShifts = async (
  db: Kysely<Tables>,
  random: ServerRandom,
  starts: readonly number[],
  identity: DemoIdentity,
): Promise<void> => {
  const exam = await db.selectFrom('exams').select('id').executeTakeFirstOrThrow();
  const rooms = await db.selectFrom('rooms').select(['id', 'seat_map']).orderBy('id').execute();
  const examinees = await db
    .selectFrom('examinees')
    .select('id')
    .orderBy(sql`length(id)`)
    .orderBy('id')
    .execute();
  for (const startsAt of starts) {
    let next = 0;
    for (const [i, room] of rooms.entries()) {
      const sessionId = `session-${random.uuid()}`;
      const check = identity.check ?? (i === 0 ? 'by-hand' : 'face');
      await db
        .insertInto('sessions')
        .values({
          id: sessionId,
          exam_id: exam.id,
          room_id: room.id,
          starts_at: startsAt,
          ends_at: shiftFrom(startsAt).endsAt,
          identity_check: check,
          challenge: check === 'face' && identity.challenge ? 1 : 0,
        })
        .execute();
      const { seats } = JSON.parse(room.seat_map) as { seats: { label: string }[] };
      for (const seat of seats) {
        const examinee = examinees[next];
        if (examinee === undefined) break;
        await db
          .insertInto('attempts')
          .values({
            id: `attempt-${random.uuid()}`,
            session_id: sessionId,
            examinee_id: examinee.id,
            seat: seat.label,
            extra_ms: next === EXTRA_TIME_AT ? EXTRA_TIME_MS : 0,
            accommodations: JSON.stringify(accommodationsAt(next)),
            device_id: null,
            broken_reason: null,
            verified_seq: 0,
            address: null,
          })
          .execute();
        next += 1;
      }
    }
  }
};

/**
 * Gives the demo new shifts when none is open: a demo that was set up yesterday works today.
 * @returns whether shifts were added.
 */
export const renewDemoShifts = async (
  deps: Pick<DemoDeps, 'db' | 'random' | 'clock'>,
): Promise<boolean> => {
  const { db } = deps;
  const demo = await db
    .selectFrom('meta')
    .select('key')
    .where('key', '=', 'demo')
    .executeTakeFirst();
  if (demo === undefined) return false;
  const now = deps.clock.now();
  const open = await db
    .selectFrom('sessions')
    .select('id')
    .where('ends_at', '>', now)
    .limit(1)
    .executeTakeFirst();
  if (open !== undefined) return false;
  await inTransaction(db, async (tx) => {
    await openEnrolment(tx, now);
    await addShifts(tx, deps.random, demoShifts(now), await identityOfDemo(tx));
  });
  return true;
};

/**
 * Gives every examinee of the demo a new access code.
 * @returns the list to print; the codes are stored as hashes only.
 */
export const reissueAccessCodes = async (
  deps: Pick<DemoDeps, 'db' | 'random' | 'passwords'>,
): Promise<readonly DemoAccess[]> => {
  const { db } = deps;
  const rows = await db
    .selectFrom('attempts as a')
    .innerJoin('examinees as x', 'x.id', 'a.examinee_id')
    .innerJoin('sessions as s', 's.id', 'a.session_id')
    .innerJoin('rooms as r', 'r.id', 's.room_id')
    .select(['x.id', 'x.name', 'x.document', 'a.seat', 'r.name as room'])
    .orderBy('s.starts_at')
    .orderBy('r.name')
    .orderBy('a.seat')
    .execute();
  // Who sits several shifts has one code, listed under the first.
  const people = new Map<string, (typeof rows)[number]>();
  for (const row of rows) if (!people.has(row.id)) people.set(row.id, row);
  return Promise.all(
    [...people.values()].map(async ({ id, name, document, seat, room }) => {
      const accessCode = readableCode(deps.random, 8);
      const hash = await deps.passwords.hash(normaliseCode(accessCode));
      await db.updateTable('examinees').set({ secret_hash: hash }).where('id', '=', id).execute();
      return { name, document, accessCode, room, seat };
    }),
  );
};
