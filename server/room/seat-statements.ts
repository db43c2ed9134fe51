import { serverTimeOf } from '#server/record/attempt-fold.ts';
import { endingOf } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { Notice } from '#server/record/ports.ts';
import type { IncidentRecord } from '#shared/attempt/attempt-state.ts';
import type { SeatPresence, SeatStatement } from '#shared/exam/room-event.ts';
import type { IncidentKind, KindName } from '#shared/incident/kind.ts';
import { isRoomKind } from '#shared/incident/room-kinds.ts';
import type { IncidentId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';

/** Of one attempt the newest are looked at: fifty times what a real exam has, and no client makes a room's desk slow. */
const STATEMENTS = 1_000;

/** What one attempt stated, by kind; only what can be a room's matter. */
export type StatementsByKind = ReadonlyMap<IncidentKind, readonly SeatStatement[]>;

/** What was stated before and is stated again is the same object, so that who compares need not look into it. */
const known = new WeakMap<object, SeatStatement>();

const statementOf = (
  source: object,
  { attemptId, examinee }: LiveAttempt['registration'],
  { id, kind }: { readonly id: string; readonly kind: KindName },
  at: EpochMs,
): SeatStatement => {
  const before = known.get(source);
  if (before?.at === at) return before;
  const person = examinee.id;
  const statement = { person, attemptId, incidentId: id as IncidentId, kind, at };
  known.set(source, statement);
  return statement;
};

/** What an attempt's ledger and the server's own notices of it state, in the order in which they came. */
export const statementsOf = (attempt: LiveAttempt): StatementsByKind => {
  const { registration, state, notices } = attempt;
  const byKind = new Map<IncidentKind, SeatStatement[]>();
  const add = (one: IncidentRecord | Notice, at: EpochMs): void => {
    if (!isRoomKind(one.kind)) return;
    const statement = statementOf(one, registration, one, at);
    const list = byKind.get(one.kind);
    if (list === undefined) byKind.set(one.kind, [statement]);
    else list.push(statement);
  };
  for (const one of state.incidents.slice(-STATEMENTS))
    add(one, serverTimeOf(attempt, one.startedT));
  for (const one of notices.slice(-STATEMENTS)) add(one, one.at);
  return byKind;
};

/**
 * The last that is known of an attempt whose kiosk is not there: its last entry, or when it was last heard of, and never after
 * staff ended it. null: nothing ever came of it.
 */
const lastSign = (attempt: LiveAttempt): EpochMs | null => {
  const { state, presence } = attempt;
  const entry = state.seq === 0 ? null : serverTimeOf(attempt, state.t);
  if (entry === null && presence.heardAt === null) return null;
  const last = Math.max(entry ?? 0, presence.heardAt ?? 0);
  return Math.min(last, endingOf(attempt)?.at ?? last);
};

/** Whoever signed in sits there, from the first entry to the last sign of life; null for who did not. */
export const presenceOf = (attempt: LiveAttempt): SeatPresence | null => {
  const { registration, state, presence } = attempt;
  if (registration.device === null && state.seq === 0) return null;
  const { closedT } = state;
  const isThere = presence.link !== null && endingOf(attempt) === null;
  const to = closedT !== null ? serverTimeOf(attempt, closedT) : isThere ? null : lastSign(attempt);
  return {
    person: registration.examinee.id,
    from: state.seq === 0 ? null : serverTimeOf(attempt, 0),
    to,
  };
};
