import Type, { type Static } from 'typebox';
import {
  firstRefusal,
  refuseDoubles,
  refuseTaken,
  refuseUnknown,
  ShownTextSchema,
  strictObject,
} from '#server/platform/input-rules.ts';
import { refuse } from '#server/platform/problems.ts';
import { isTimeZone, TimeZoneSchema } from '#shared/exam/venue-time.ts';
import { ACCOMMODATIONS, type Accommodation } from '#shared/incident/accommodation.ts';
import { USUAL_THRESHOLDS } from '#shared/incident/identity-thresholds.ts';
import { PolicySchema } from '#shared/incident/policy.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';
import {
  AttemptIdSchema,
  ExamineeIdSchema,
  RoomIdSchema,
  SessionIdSchema,
} from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { EpochMsSchema, MINUTE } from '#shared/kernel/time.ts';
import { SeatMapSchema } from '#shared/wire/dashboard.ts';
import { asBank } from './form.ts';
import type { PlannedRoom, PlanStore } from './plan-ports.ts';

const IdSchema = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,80}$' });
/** Nobody's time is extended by more, ms; the shift ends it anyhow. */
const MOST_EXTRA_MS = 240 * MINUTE;
const LONGEST_EXAM_MS = 480 * MINUTE;

export const NewVenueSchema = strictObject({
  id: IdSchema,
  name: ShownTextSchema(120),
  timeZone: TimeZoneSchema,
});

export const NewRoomSchema = strictObject({
  id: RoomIdSchema,
  venueId: IdSchema,
  name: ShownTextSchema(120),
  seatMap: SeatMapSchema,
});

export const NewExamSchema = strictObject({
  id: IdSchema,
  title: ShownTextSchema(200),
  instructions: Type.String({ maxLength: 20_000, pattern: '^[^\\u0000]*$' }),
  questionCount: Type.Integer({ minimum: 1, maximum: 500 }),
  /** Of an examinee without extra time, ms. */
  durationMs: Type.Integer({ minimum: 1, maximum: LONGEST_EXAM_MS }),
  rulesVersion: ShownTextSchema(20),
  policy: PolicySchema,
  thumbnails: Type.Boolean(),
  /** JSON text. */
  bank: Type.String({ minLength: 2, maxLength: 20_000_000 }),
  formSecret: Type.String({ pattern: '^[A-Za-z0-9_-]{43,}$' }),
});

export const NewSessionSchema = strictObject({
  id: SessionIdSchema,
  examId: IdSchema,
  roomId: RoomIdSchema,
  startsAt: EpochMsSchema,
  endsAt: EpochMsSchema,
  identity: strictObject({
    check: Type.Union([Type.Literal('face'), Type.Literal('by-hand')]),
    challenge: Type.Boolean(),
  }),
});

export const NewAttemptSchema = strictObject({
  id: AttemptIdSchema,
  sessionId: SessionIdSchema,
  examineeId: ExamineeIdSchema,
  seat: Type.String({ minLength: 1, maxLength: 10 }),
  extraMs: Type.Integer({ minimum: 0, maximum: MOST_EXTRA_MS }),
  /** `extra-time` is said by `extraMs` alone. */
  accommodations: Type.Array(
    Type.Unsafe<Accommodation>(
      Type.Union(
        ACCOMMODATIONS.filter((code) => code !== 'extra-time').map((code) => Type.Literal(code)),
      ),
    ),
    { uniqueItems: true, maxItems: ACCOMMODATIONS.length },
  ),
});

type Checked = Promise<Result<null, Problem>>;
const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id);
const once = (ids: readonly string[]): readonly string[] => [...new Set(ids)];

/** Neither twice among themselves nor there already: `conflict`. */
const areNew = async (
  plan: PlanStore,
  kind: 'venues' | 'rooms' | 'exams' | 'sessions' | 'attempts',
  rows: readonly { readonly id: string }[],
): Checked => {
  const doubles = refuseDoubles(kind, idsOf(rows));
  return doubles.ok ? refuseTaken(kind, idsOf(rows), await plan.known(kind, idsOf(rows))) : doubles;
};

/** `not-found` for what is named and is not there. */
const areThere = async (
  plan: PlanStore,
  kind: Parameters<PlanStore['known']>[0],
  ids: readonly string[],
): Checked => refuseUnknown(kind, ids, await plan.known(kind, once(ids)));

/** `bad-request` for a seat outside its map, two in one place, or two of one name. */
const fits = ({ id, seatMap }: PlannedRoom): Result<null, Problem> => {
  const { rows, columns, seats } = seatMap;
  const outside = seats.find(({ row, column }) => row >= rows || column >= columns);
  if (outside !== undefined) return refuse('bad-request', `${id}: ${outside.label} is off the map`);
  const labels = new Set(seats.map(({ label }) => label));
  const places = new Set(seats.map(({ row, column }) => `${row}/${column}`));
  if (labels.size !== seats.length || places.size !== seats.length || labels.has('')) {
    return refuse('bad-request', `${id}: each seat has a name and a place of its own`);
  }
  return ok(null);
};

/** Adds venues. Problems: `bad-request` for a time zone that there is not, `conflict`. */
export const planVenues = async (
  plan: PlanStore,
  venues: readonly Static<typeof NewVenueSchema>[],
): Checked => {
  const checked = await firstRefusal([
    () => {
      const lost = venues.find(({ timeZone }) => !isTimeZone(timeZone));
      return lost === undefined
        ? ok(null)
        : refuse('bad-request', `${lost.id}: no time zone ${lost.timeZone}`);
    },
    () => areNew(plan, 'venues', venues),
  ]);
  if (checked.ok) await plan.addVenues(venues);
  return checked;
};

/** Adds rooms. Problems: `bad-request` for a seat map that does not fit together, `conflict`, `not-found` (venue). */
export const planRooms = async (
  plan: PlanStore,
  rooms: readonly Static<typeof NewRoomSchema>[],
): Checked => {
  const checked = await firstRefusal([
    ...rooms.map((room) => () => fits(room)),
    () => areNew(plan, 'rooms', rooms),
    () =>
      areThere(
        plan,
        'venues',
        rooms.map(({ venueId }) => venueId),
      ),
  ]);
  if (checked.ok) await plan.addRooms(rooms);
  return checked;
};

const usable = (exam: Static<typeof NewExamSchema>): Result<null, Problem> => {
  const { identity } = exam.policy;
  if (identity !== undefined && identity.match > identity.no)
    return refuse('bad-request', `${exam.id}: identity thresholds the wrong way round`);
  if (rulesOf(exam.policy) === null) return refuse('bad-request', `${exam.id}: unknown rules`);
  try {
    asBank(JSON.parse(exam.bank));
    return ok(null);
  } catch (failure) {
    return refuse('bad-request', `${exam.id}: ${String(failure)}`);
  }
};

/**
 * Adds an exam with its bank, which becomes a version when the first form is drawn from it. Problems: `bad-request` for
 * what is no question bank and for rules that this version does not know; `conflict`.
 */
export const planExam = async (plan: PlanStore, exam: Static<typeof NewExamSchema>): Checked => {
  const checked = await firstRefusal([() => usable(exam), () => areNew(plan, 'exams', [exam])]);
  // A policy that names no thresholds is a ledger's of before there were any, never a new exam's.
  const policy = { ...exam.policy, identity: exam.policy.identity ?? USUAL_THRESHOLDS };
  if (checked.ok) await plan.addExam({ ...exam, policy });
  return checked;
};

/**
 * Adds sessions. Problems: `bad-request` for one that ends before it starts, and for turns of the head by hand;
 * `not-found` (exam, room); `conflict` for an id that is taken and for two that start in one room at once.
 */
export const planSessions = async (
  plan: PlanStore,
  sessions: readonly Static<typeof NewSessionSchema>[],
): Checked => {
  const starts = sessions.map(({ startsAt }) => startsAt);
  const start = (session: { readonly roomId: string; readonly startsAt: number }): string =>
    `${session.roomId} at ${session.startsAt}`;
  const checked = await firstRefusal([
    () => {
      const wrong = sessions.find(
        ({ startsAt, endsAt, identity }) =>
          endsAt <= startsAt || (identity.challenge && identity.check === 'by-hand'),
      );
      return wrong === undefined ? ok(null) : refuse('bad-request', `${wrong.id} cannot be held`);
    },
    () => areNew(plan, 'sessions', sessions),
    () =>
      areThere(
        plan,
        'exams',
        sessions.map(({ examId }) => examId),
      ),
    () =>
      areThere(
        plan,
        'rooms',
        sessions.map(({ roomId }) => roomId),
      ),
    () => refuseDoubles('start', sessions.map(start)),
    async () => {
      const rooms = [...new Set(sessions.map(({ roomId }) => roomId))];
      const first = starts.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER);
      const last = starts.reduce((a, b) => Math.max(a, b), 0);
      const there = await plan.starts(rooms, first, last);
      return refuseTaken('start', sessions.map(start), new Set(there.map(start)));
    },
  ]);
  if (checked.ok) await plan.addSessions(sessions);
  return checked;
};

/**
 * Seats examinees. Problems: `not-found` (session, examinee); `bad-request` for a seat that the room does not have;
 * `conflict` for a seat that is taken and for an examinee who has one in the session.
 */
export const planAttempts = async (
  plan: PlanStore,
  attempts: readonly Static<typeof NewAttemptSchema>[],
): Checked => {
  const checked = await firstRefusal([
    () => areNew(plan, 'attempts', attempts),
    () =>
      areThere(
        plan,
        'sessions',
        attempts.map(({ sessionId }) => sessionId),
      ),
    () =>
      areThere(
        plan,
        'examinees',
        attempts.map(({ examineeId }) => examineeId),
      ),
    async () => {
      const bySession = Map.groupBy(attempts, ({ sessionId }) => sessionId);
      const seatings = await plan.seating([...bySession.keys()]);
      for (const { sessionId, seats, taken } of seatings) {
        const wanted = bySession.get(sessionId) ?? [];
        const there = new Set(seats);
        const off = wanted.find(({ seat }) => !there.has(seat));
        if (off !== undefined) return refuse('bad-request', `${sessionId}: no seat ${off.seat}`);
        const all = [...taken, ...wanted];
        const doubled = [
          refuseDoubles(
            `${sessionId}: seat`,
            all.map(({ seat }) => seat),
          ),
          refuseDoubles(
            `${sessionId}: examinee`,
            all.map(({ examineeId }) => examineeId),
          ),
        ].find((outcome) => !outcome.ok);
        if (doubled !== undefined) return doubled;
      }
      return ok(null);
    },
  ]);
  if (checked.ok) await plan.addAttempts(attempts);
  return checked;
};
