import { decidedOf } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { IncidentRecord } from '#shared/attempt/attempt-state.ts';
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

/** Whether any event has an incident of an attempt; what all of them have is gathered when it is first asked for. */
type OfRoom = (attemptId: AttemptId, incidentId: IncidentId) => boolean;

const ofRoomIn = (events: readonly RoomEvent[]): OfRoom => {
  let stated: Stated | null = null;
  return (attemptId, incidentId) => {
    stated ??= statedIn(events);
    return stated.get(attemptId)?.has(incidentId) === true;
  };
};

/** Of each list of incidents those that count: few of many, and all that copy attempts are made of. */
const countedIn = new WeakMap<readonly IncidentRecord[], readonly IncidentRecord[]>();

const countedOf = (attempt: LiveAttempt | undefined): readonly IncidentRecord[] => {
  if (attempt === undefined) return [];
  const { incidents } = decidedOf(attempt);
  const known =
    countedIn.get(incidents) ??
    incidents.filter(({ counted, copyAttempt }) => counted || copyAttempt !== null);
  countedIn.set(incidents, known);
  return known;
};

const sumOf = (
  event: RoomEvent,
  attempts: ReadonlyMap<AttemptId, LiveAttempt>,
  isOfRoom: OfRoom,
): RoomEventSum => ({
  event,
  attempts: new Map(
    [...statedIn([event])].map(([attemptId, ofEvent]) => [
      attemptId,
      roomAttempts(countedOf(attempts.get(attemptId)), ofEvent, (id) => isOfRoom(attemptId, id)),
    ]),
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
  const isOfRoom = ofRoomIn(events);
  return events.map((event) => sumOf(event, attempts, isOfRoom));
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
  let isOfRoom = ofRoomIn(events);
  let shown: readonly { readonly event: RoomEvent; readonly view: RoomEventView }[] = [];
  let views: readonly RoomEventView[] = [];

  /** What was shown of it, where nothing of it is another. */
  const fresh = (event: RoomEvent): RoomEventView => {
    const view = viewOf(sumOf(event, attempts, isOfRoom));
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
      if (others) isOfRoom = ofRoomIn(now);
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
