import { serverTimeOf } from '#server/record/attempt-fold.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { IncidentRecord } from '#shared/attempt/attempt-state.ts';
import { roomAttempts } from '#shared/attempt/room-attempts.ts';
import {
  type RoomEvent,
  roomEvents,
  type SeatPresence,
  type SeatStatement,
} from '#shared/exam/room-event.ts';
import { isRoomKind, roomEventRule } from '#shared/incident/room-kinds.ts';
import type { AttemptId, IncidentId } from '#shared/kernel/ids.ts';
import {
  MAX_ROOM_EVENTS,
  MAX_SEAT_ATTEMPTS,
  MAX_SEAT_INCIDENTS,
  type RoomEventView,
} from '#shared/wire/room-event-view.ts';

/** Of one attempt the newest are looked at: fifty times what a real exam has, and no client makes a room's desk slow. */
const STATEMENTS = 1_000;

const statementsOf = (attempt: LiveAttempt): readonly SeatStatement[] => {
  const { attemptId } = attempt.registration;
  const own = attempt.state.incidents
    .slice(-STATEMENTS)
    .filter(({ kind }) => isRoomKind(kind))
    .map(({ id, kind, startedT }) => ({
      attemptId,
      incidentId: id,
      kind,
      at: serverTimeOf(attempt, startedT),
    }));
  const noticed = attempt.notices
    .slice(-STATEMENTS)
    .map(({ id, kind, at }) => ({ attemptId, incidentId: id as IncidentId, kind, at }));
  return [...own, ...noticed];
};

/** Whoever signed in sits there: from the first entry on, and until the exam is closed. */
const presenceOf = (attempt: LiveAttempt): readonly SeatPresence[] => {
  const { registration, state } = attempt;
  if (registration.device === null && state.seq === 0) return [];
  return [
    {
      attemptId: registration.attemptId,
      from: state.seq === 0 ? null : serverTimeOf(attempt, 0),
      to: state.closedT === null ? null : serverTimeOf(attempt, state.closedT),
    },
  ];
};

type Members = RoomEventView['members'];

const membersOf = (
  event: RoomEvent,
  attempts: ReadonlyMap<AttemptId, LiveAttempt>,
  ofRoom: ReadonlyMap<AttemptId, ReadonlySet<IncidentId>>,
): Members =>
  [...Map.groupBy(event.statements, ({ attemptId }) => attemptId)].map(([attemptId, stated]) => {
    const incidents: readonly IncidentRecord[] = attempts.get(attemptId)?.state.incidents ?? [];
    const ofEvent = new Set(stated.map(({ incidentId }) => incidentId));
    return {
      attemptId,
      startedAt: stated[0]?.at ?? event.startedAt,
      incidents: stated.slice(0, MAX_SEAT_INCIDENTS).map(({ incidentId }) => incidentId),
      attempts: roomAttempts(incidents, ofEvent, ofRoom.get(attemptId) ?? ofEvent)
        .slice(0, MAX_SEAT_ATTEMPTS)
        .map((one) => ({ ...one })),
    };
  });

/**
 * The events of a room, from what its attempts' ledgers tell: nothing of them is stored, so that a server that starts anew,
 * and whoever was off line, come to the same.
 * @param of all attempts of one session.
 * @returns the newest, by beginning.
 */
export const roomEventViews = (of: Iterable<LiveAttempt>): readonly RoomEventView[] => {
  const attempts = new Map([...of].map((one) => [one.registration.attemptId, one]));
  const all = [...attempts.values()];
  const [first] = all;
  if (first === undefined) return [];
  const rule = roomEventRule(first.registration.exam.policy);
  const found = roomEvents(all.flatMap(statementsOf), all.flatMap(presenceOf), rule);
  const ofRoom = new Map(
    [
      ...Map.groupBy(
        found.flatMap(({ statements }) => statements),
        ({ attemptId }) => attemptId,
      ),
    ].map(([attemptId, stated]) => [
      attemptId,
      new Set(stated.map(({ incidentId }) => incidentId)),
    ]),
  );
  return found.slice(-MAX_ROOM_EVENTS).map((event) => ({
    id: `${event.kind}/${event.statements[0]?.attemptId}/${event.statements[0]?.incidentId}`,
    kind: event.kind,
    startedAt: event.startedAt,
    endedAt: event.endedAt,
    present: event.present,
    members: membersOf(event, attempts, ofRoom),
  }));
};
