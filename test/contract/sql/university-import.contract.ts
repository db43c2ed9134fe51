import { readFile } from 'node:fs/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kyselyPlanStore } from '#server/exam/plan.sql.ts';
import { importUniversity, type UniversityImport } from '#server/exam/university-import.ts';
import { kyselyDeviceStore } from '#server/fleet/device.sql.ts';
import { kyselyIdentitySetupStore } from '#server/identity/setup.sql.ts';
import { kyselyPeopleRegister } from '#server/people/register.sql.ts';
import { kyselyAuditTrail } from '#server/platform/sql/audit.sql.ts';
import type { Database } from '#server/platform/sql/database.ts';
import { sqlUnitOfWork } from '#server/platform/sql/transaction.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { DatabaseKind } from './databases.ts';
import { HOUR, ids, T, university } from './university.ts';

type Item<Name extends keyof UniversityImport> =
  NonNullable<UniversityImport[Name]> extends readonly (infer One)[] ? One : never;

let bank = '';
const venue: Item<'venues'> = {
  id: 'venue-9',
  name: 'Sede 9',
  timeZone: 'Pacific/Galapagos',
};
const room: Item<'rooms'> = {
  id: ids.room(9),
  venueId: 'venue-9',
  name: 'Aula 9',
  seatMap: {
    rows: 1,
    columns: 2,
    seats: [
      { label: 'A1', row: 0, column: 0 },
      { label: 'A2', row: 0, column: 1 },
    ],
  },
};
const exam = (): Item<'exams'> => ({
  id: 'exam-9',
  title: 'Física',
  instructions: 'Lea.',
  questionCount: 10,
  durationMs: HOUR,
  rulesVersion: '1',
  policy: DEFAULT_POLICY,
  thumbnails: false,
  bank,
  formSecret: 'a'.repeat(43),
});
const person: Item<'staff'> = {
  id: ids.staff(9),
  user: 'nueve',
  name: 'Nueve',
  role: 'proctor',
  venueId: 'venue-9',
  roomIds: [ids.room(9)],
  password: 'long enough',
};
const examinee = (n: number): Item<'examinees'> => ({
  id: ids.examinee(n),
  name: `Persona ${n}`,
  document: `0900000${n}`,
  accessCode: 'ABCD-2345',
});
const session: Item<'sessions'> = {
  id: ids.session(9),
  examId: 'exam-9',
  roomId: ids.room(9),
  startsAt: T,
  endsAt: T + HOUR,
  identity: { check: 'face', challenge: true },
};
const attempt = (n: number, seat: string): Item<'attempts'> => ({
  id: ids.attempt(n),
  sessionId: ids.session(9),
  examineeId: ids.examinee(n),
  seat,
  extraMs: 0,
  accommodations: ['second-person'],
});
const code: Item<'codes'> = {
  code: 'WXYZ-6789',
  venueId: 'venue-9',
  roomId: ids.room(9),
  expiresAt: T + HOUR,
};
const dates: Item<'windows'> = { id: 'w', venueId: 'venue-9', opensAt: T, closesAt: T + HOUR };

const whole = () =>
  ({
    subject: 'test',
    venues: [venue],
    rooms: [room],
    exams: [exam()],
    staff: [person],
    examinees: [examinee(91), examinee(92)],
    sessions: [session],
    attempts: [attempt(91, 'A1'), attempt(92, 'A2')],
    codes: [code],
    windows: [dates],
  }) satisfies UniversityImport;
type Whole = ReturnType<typeof whole>;

/** What is wrong, how it is refused, and what the refusal names. */
const REFUSED: readonly (readonly [string, string, (all: Whole) => unknown])[] = [
  ['bad-request', 'subject', (all) => ({ ...all, subject: '' })],
  ['bad-request', '', (all) => ({ ...all, spaceships: [] })],
  ['bad-request', 'venues/0/name', (all) => ({ ...all, venues: [{ ...venue, name: ' ' }] })],
  ['bad-request', 'venues/0/name', (all) => ({ ...all, venues: [{ ...venue, name: 'a\0b' }] })],
  [
    'bad-request',
    'no time zone America/Quito',
    (all) => ({ ...all, venues: [{ ...venue, timeZone: 'America/Quito' }] }),
  ],
  ['conflict', 'venue-9', (all) => ({ ...all, venues: [venue, venue] })],
  ['conflict', 'venue-1', (all) => ({ ...all, venues: [venue, { ...venue, id: 'venue-1' }] })],
  [
    'not-found',
    'venue-8',
    (all) => ({ ...all, rooms: [room, { ...room, id: 'r8', venueId: 'venue-8' }] }),
  ],
  ['conflict', 'room-1', (all) => ({ ...all, rooms: [room, { ...room, id: 'room-1' }] })],
  [
    'bad-request',
    'A1 is off the map',
    (all) => ({
      ...all,
      rooms: [
        {
          ...room,
          seatMap: {
            ...room.seatMap,
            rows: 1,
            columns: 1,
            seats: [{ label: 'A1', row: 0, column: 1 }],
          },
        },
      ],
    }),
  ],
  [
    'bad-request',
    'each seat',
    (all) => ({
      ...all,
      rooms: [
        {
          ...room,
          seatMap: { ...room.seatMap, seats: [room.seatMap.seats[0], room.seatMap.seats[0]] },
        },
      ],
    }),
  ],
  ['bad-request', 'not a question bank', (all) => ({ ...all, exams: [{ ...exam(), bank: '{}' }] })],
  ['bad-request', 'exam-9', (all) => ({ ...all, exams: [{ ...exam(), bank: '{"id"' }] })],
  [
    'bad-request',
    'unknown rules',
    (all) => ({ ...all, exams: [{ ...exam(), policy: { ...DEFAULT_POLICY, version: 99 } }] }),
  ],
  [
    'bad-request',
    'the wrong way round',
    (all) => ({
      ...all,
      exams: [{ ...exam(), policy: { ...DEFAULT_POLICY, identity: { match: 0.6, no: 0.5 } } }],
    }),
  ],
  ['conflict', 'exam-1', (all) => ({ ...all, exams: [exam(), { ...exam(), id: 'exam-1' }] })],
  ['conflict', 'proctor', (all) => ({ ...all, staff: [{ ...person, user: 'proctor' }] })],
  ['conflict', 'nueve', (all) => ({ ...all, staff: [person, { ...person, id: 'staff-8' }] })],
  ['not-found', 'room-77', (all) => ({ ...all, staff: [{ ...person, roomIds: ['room-77'] }] })],
  ['bad-request', 'staff/0/role', (all) => ({ ...all, staff: [{ ...person, role: 'king' }] })],
  [
    'bad-request',
    'staff/0/password',
    (all) => ({ ...all, staff: [{ ...person, password: 'short' }] }),
  ],
  [
    'conflict',
    '0912345671',
    (all) => ({
      ...all,
      examinees: [...all.examinees, { ...examinee(93), document: '0912345671' }],
    }),
  ],
  [
    'conflict',
    'examinee-91',
    (all) => ({ ...all, examinees: [...all.examinees, { ...examinee(91), document: 'Z-1' }] }),
  ],
  [
    'not-found',
    'exam-8',
    (all) => ({
      ...all,
      sessions: [session, { ...session, id: 's8', examId: 'exam-8', startsAt: T + 1 }],
    }),
  ],
  ['bad-request', 'session-9', (all) => ({ ...all, sessions: [{ ...session, endsAt: T }] })],
  [
    'bad-request',
    'session-9',
    (all) => ({
      ...all,
      sessions: [{ ...session, identity: { check: 'by-hand', challenge: true } }],
    }),
  ],
  [
    'conflict',
    `room-9 at ${T}`,
    (all) => ({ ...all, sessions: [session, { ...session, id: 's8' }] }),
  ],
  [
    'conflict',
    `room-1 at ${T + HOUR}`,
    (all) => ({
      ...all,
      sessions: [
        session,
        { ...session, id: 's8', roomId: 'room-1', startsAt: T + HOUR, endsAt: T + 2 * HOUR },
      ],
    }),
  ],
  ['bad-request', 'no seat Z9', (all) => ({ ...all, attempts: [attempt(91, 'Z9')] })],
  ['conflict', 'seat A1', (all) => ({ ...all, attempts: [attempt(91, 'A1'), attempt(92, 'A1')] })],
  [
    'conflict',
    'examinee-91',
    (all) => ({ ...all, attempts: [attempt(91, 'A1'), { ...attempt(91, 'A2'), id: 'a8' }] }),
  ],
  [
    'not-found',
    'examinee-99',
    (all) => ({ ...all, attempts: [{ ...attempt(91, 'A1'), examineeId: 'examinee-99' }] }),
  ],
  [
    'not-found',
    'session-88',
    (all) => ({ ...all, attempts: [{ ...attempt(91, 'A1'), sessionId: 'session-88' }] }),
  ],
  [
    'bad-request',
    'accommodations',
    (all) => ({ ...all, attempts: [{ ...attempt(91, 'A1'), accommodations: ['extra-time'] }] }),
  ],
  ['conflict', 'code', (all) => ({ ...all, codes: [code, { ...code, code: 'wxyz 6789' }] })],
  ['not-found', 'venue-8', (all) => ({ ...all, codes: [{ ...code, venueId: 'venue-8' }] })],
  ['not-found', 'venue-8', (all) => ({ ...all, windows: [{ ...dates, venueId: 'venue-8' }] })],
  [
    'bad-request',
    'closes before it opens',
    (all) => ({ ...all, windows: [{ ...dates, closesAt: T }] }),
  ],
  ['conflict', 'window w', (all) => ({ ...all, windows: [dates, dates] })],
];

/** The import as a use case: everything with its audit entry, or nothing. */
export const universityImportContract = (kind: DatabaseKind): void => {
  describe('import of a university', () => {
    let database: Database;
    beforeAll(async () => {
      bank = await readFile('assets/demo/bank.json', 'utf8');
    });
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
    });
    const run = (what: unknown, broken: 'audit' | null = null) =>
      importUniversity(
        {
          store: sqlUnitOfWork(database.db, (db) => ({
            plan: kyselyPlanStore(db),
            register: kyselyPeopleRegister(db),
            devices: kyselyDeviceStore(db),
            identitySetup: kyselyIdentitySetupStore(db),
            trail:
              broken === null
                ? kyselyAuditTrail(db)
                : { audit: () => Promise.reject(new Error('no entry')) },
          })),
          passwords: { hash: async (plain) => `hashed ${plain}`, verify: async () => false },
          clock: { now: () => T, steady: () => 0, sleep: async () => {} },
        },
        what as UniversityImport,
      );
    const TABLES = [
      ...(['venues', 'rooms', 'exams', 'staff', 'staff_rooms', 'examinees', 'sessions'] as const),
      ...(['attempts', 'enrolment_codes', 'enrolment_windows', 'audit', 'meta'] as const),
    ];
    const counts = async (): Promise<Readonly<Record<string, number>>> => {
      const found: Record<string, number> = {};
      for (const table of TABLES) {
        found[table] = (await database.db.selectFrom(table).selectAll().execute()).length;
      }
      return found;
    };

    test('an exam whose policy names no thresholds of identity gets the usual ones', async () => {
      const { identity: _, ...before } = DEFAULT_POLICY;
      const own = {
        ...exam(),
        id: 'own',
        policy: { ...before, identity: { match: 0.4, no: 0.4 } },
      };
      const exams = [{ ...exam(), policy: before }, own];
      expect(await run({ ...whole(), exams })).toEqual({ ok: true, value: null });
      const stored = await database.db.selectFrom('exams').select(['id', 'policy']).execute();
      const of = (id: string) => JSON.parse(stored.find((one) => one.id === id)?.policy ?? '{}');
      expect(of(exam().id)).toEqual(DEFAULT_POLICY);
      expect(of('own')).toEqual(own.policy);
    });

    test('everything, once, with one entry that counts it', async () => {
      const before = await counts();
      expect(await run(whole())).toEqual({ ok: true, value: null });
      const after = await counts();
      const added = Object.fromEntries(TABLES.map((t) => [t, (after[t] ?? 0) - (before[t] ?? 0)]));
      const one = { venues: 1, rooms: 1, exams: 1, staff: 1, sessions: 1, meta: 1, audit: 1 };
      const rest = { staff_rooms: 1, examinees: 2, attempts: 2 };
      expect(added).toEqual({ ...one, ...rest, enrolment_codes: 1, enrolment_windows: 1 });
      const audit = await database.db.selectFrom('audit').selectAll().executeTakeFirstOrThrow();
      expect(audit).toMatchObject({
        at: T,
        actor: 'server',
        action: 'university-imported',
        subject: 'test',
      });
      expect(JSON.parse(String(audit.detail))).toEqual({
        venues: 1,
        rooms: 1,
        exams: 1,
        staff: 1,
        examinees: 2,
        sessions: 1,
        attempts: 2,
        codes: 1,
        windows: 1,
      });
      // Codes are typed with small letters and dashes; what is stored is a hash of what they mean.
      const [secret] = await database.db
        .selectFrom('examinees')
        .select('secret_hash')
        .where('id', '=', 'examinee-91')
        .execute();
      expect(secret?.secret_hash).toBe('hashed ABCD2345');
      expect(await run(whole())).toMatchObject({ ok: false, error: { code: 'conflict' } });
      expect(await counts()).toEqual(after);
    });

    test('whose examinations these are, by the last that says it', async () => {
      const plan = kyselyPlanStore(database.db);
      await run({ subject: 'a', institution: 'Universidad A' });
      await run({ subject: 'b' });
      expect(await plan.institution()).toBe('Universidad A');
      expect(await run({ subject: 'c', institution: ' ' })).toMatchObject({ ok: false });
      await run({ subject: 'd', institution: 'Universidad D' });
      expect(await plan.institution()).toBe('Universidad D');
    });

    test('a part that names what is there already', async () => {
      await run({ ...whole(), sessions: [], attempts: [] });
      const part = { subject: 'later', sessions: [session], attempts: [attempt(92, 'A2')] };
      expect(await run(part)).toEqual({ ok: true, value: null });
      const next = { subject: 'later', attempts: [attempt(91, 'A2')] };
      expect(await run(next)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    });

    test('dates of enrolment that are open stay open from when they were', async () => {
      await run({ subject: 'a', windows: [{ ...dates, venueId: null, opensAt: T - HOUR }] });
      await run({ subject: 'b', windows: [{ ...dates, venueId: null, closesAt: T + 2 * HOUR }] });
      const found = await database.db.selectFrom('enrolment_windows').selectAll().execute();
      expect(found).toMatchObject([{ opens_at: T - HOUR, closes_at: T + 2 * HOUR }]);
    });

    test.each(REFUSED)('%s (%s): nothing of it is stored', async (problem, about, change) => {
      const before = await counts();
      const outcome = await run(change(whole()));
      expect(outcome).toMatchObject({ ok: false, error: { code: problem } });
      expect(outcome.ok ? '' : outcome.error.detail).toContain(about);
      expect(await counts()).toEqual(before);
    });

    test('without its entry nothing is stored', async () => {
      const before = await counts();
      await expect(run(whole(), 'audit')).rejects.toThrow('no entry');
      expect(await counts()).toEqual(before);
    });
  });
};
