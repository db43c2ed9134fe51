import { decidedOf } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import { type RoomAttempt, roomAttempts } from '#shared/attempt/room-attempts.ts';
import type { RoomEvent } from '#shared/exam/room-event.ts';
import type { AttemptId, IncidentId } from '#shared/kernel/ids.ts';
import {
  MAX_ROOM_EVENTS,
  MAX_SEAT_ATTEMPTS,
  MAX_SEAT_INCIDENTS,
  type RoomEventView,
} from '#shared/wire/room-event-view.ts';
import { type EventBook, eventBook } from './event-book.ts';

/** Which incidents of whom are of which event, or of any. */
type Stated = ReadonlyMap<AttemptId, ReadonlySet<IncidentId>>;

const statedIn = (events: readonly RoomEvent[]): Stated => {
  const stated = new Map<AttemptId, Set<IncidentId>>();
  for (const { statements } of events) {
    for (const { attemptId, incidentId } of statements) {
      const known = stated.get(attemptId);
      if (known === undefined) stated.set(attemptId, new Set([incidentId]));
      else known.add(incidentId);
    }
  }
  return stated;
};

/** An event with the copy attempts that it brought about, by attempt, in the order in which they were counted. */
export interface RoomEventSum {
  readonly event: RoomEvent;
  readonly attempts: ReadonlyMap<AttemptId, readonly RoomAttempt[]>;
}

const NONE: ReadonlySet<IncidentId> = new Set();

const sumOf = (
  event: RoomEvent,
  attempts: ReadonlyMap<AttemptId, LiveAttempt>,
  ofRoom: Stated,
): RoomEventSum => ({
  event,
  attempts: new Map(
    [...statedIn([event])].map(([attemptId, ofEvent]) => {
      const attempt = attempts.get(attemptId);
      const incidents = attempt === undefined ? [] : decidedOf(attempt).incidents;
      return [attemptId, roomAttempts(incidents, ofEvent, ofRoom.get(attemptId) ?? NONE)];
    }),
  ),
});

const viewOf = ({ event, attempts }: RoomEventSum): RoomEventView => ({
  id: `${event.kind}/${event.statements[0]?.attemptId}/${event.statements[0]?.incidentId}`,
  kind: event.kind,
  startedAt: event.startedAt,
  endedAt: event.endedAt,
  seats: event.seats,
  present: event.present,
  members: [...Map.groupBy(event.statements, ({ attemptId }) => attemptId)].map(
    ([attemptId, stated]) => ({
      attemptId,
      startedAt: stated[0]?.at ?? event.startedAt,
      incidents: stated.slice(0, MAX_SEAT_INCIDENTS).map(({ incidentId }) => incidentId),
      attempts: (attempts.get(attemptId) ?? [])
        .slice(0, MAX_SEAT_ATTEMPTS)
        .map((one) => ({ ...one })),
    }),
  ),
});

/**
 * All events of a room with all their copy attempts: for a decision, which what is shown does not limit.
 * @param of all attempts of one session.
 * @returns by beginning.
 */
export const roomEventSums = (of: Iterable<LiveAttempt>): readonly RoomEventSum[] => {
  const attempts = new Map([...of].map((one) => [one.registration.attemptId, one]));
  const book = eventBook();
  for (const attempt of attempts.values()) book.note(attempt);
  const events = book.events();
  const ofRoom = statedIn(events);
  return events.map((event) => sumOf(event, attempts, ofRoom));
};

/** The newest events of one session's room as its dashboards are shown them. */
export interface ShownEvents {
  /** Takes in what is known of an attempt now. */
  note(attempt: LiveAttempt): void;
  /** By beginning; the same array as before when nothing of it changed. */
  views(): readonly RoomEventView[];
}

export const shownEvents = (): ShownEvents => {
  const attempts = new Map<AttemptId, LiveAttempt>();
  const book: EventBook = eventBook();
  const noted = new Set<AttemptId>();
  let events: readonly RoomEvent[] = [];
  let ofRoom: Stated = new Map();
  let shown: readonly { readonly event: RoomEvent; readonly view: RoomEventView }[] = [];
  let views: readonly RoomEventView[] = [];

  /** What was shown of it, where nothing of it is another. */
  const fresh = (event: RoomEvent): RoomEventView => {
    const view = viewOf(sumOf(event, attempts, ofRoom));
    const old = shown.find((one) => one.view.id === view.id)?.view;
    return old !== undefined && JSON.stringify(old) === JSON.stringify(view) ? old : view;
  };

  return {
    note: (attempt) => {
      attempts.set(attempt.registration.attemptId, attempt);
      if (book.note(attempt)) noted.add(attempt.registration.attemptId);
    },
    views: () => {
      const now = book.events();
      const others = now !== events;
      if (!others && noted.size === 0) return views;
      if (others) ofRoom = statedIn(now);
      events = now;
      const next = now.slice(-MAX_ROOM_EVENTS).map((event) => {
        const known = shown.find((one) => one.event === event);
        const moved = others || event.statements.some(({ attemptId }) => noted.has(attemptId));
        return known !== undefined && !moved ? known : { event, view: fresh(event) };
      });
      noted.clear();
      shown = next;
      const same = next.length === views.length && next.every(({ view }, i) => view === views[i]);
      if (!same) views = next.map(({ view }) => view);
      return views;
    },
  };
};
