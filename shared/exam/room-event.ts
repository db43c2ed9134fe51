import { ROOM_EVENT_LONGEST_MS } from '#shared/incident/catalogue.ts';
import type { IncidentKind, KindName } from '#shared/incident/kind.ts';
import type { RoomEventRule } from '#shared/incident/policy.ts';
import { isRoomKind } from '#shared/incident/room-kinds.ts';
import type { AttemptId, ExamineeId, IncidentId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';

/** That a seat stated an incident. */
export interface SeatStatement {
  /** Who sits there: one seat, on however many machines one after the other. */
  readonly person: ExamineeId;
  /** On which of them. */
  readonly attemptId: AttemptId;
  readonly incidentId: IncidentId;
  readonly kind: KindName;
  /** When it began, on the server's clock, however late it arrived. */
  readonly at: EpochMs;
}

/**
 * From when to when a machine of somebody could state anything, on the server's clock. Somebody who was carried on to another
 * one has a stretch for each.
 */
export interface SeatPresence {
  readonly person: ExamineeId;
  /** Its first entry; null: none came yet, and nobody knows that they were not there. */
  readonly from: EpochMs | null;
  /**
   * Its last sign of life: its exam was closed, staff ended it, or nothing more was heard of its kiosk. null: it is there, or
   * nobody knows otherwise. What an off-line kiosk brings later makes the stretch longer.
   */
  readonly to: EpochMs | null;
}

/** Something that happened to the room: one cause, stated by several of its seats. */
export interface RoomEvent {
  readonly kind: IncidentKind;
  /** When the first and the last of them began. */
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  /** How many different people stated it. */
  readonly seats: number;
  /** Of how many who were there at some moment from `startedAt` to `endedAt`; those who stated it are among them. */
  readonly present: number;
  /** In the order in which they began. */
  readonly statements: readonly SeatStatement[];
}

/**
 * How many different seats must state the same: "three, or a fifth of the room", whichever is more. Three of sixty do the
 * same within seconds by chance, three of ten do not, and a group that came about by chance would put one cause in the
 * place of three acts. The lesser of both would also make one seat of five a whole room.
 * @param present seats that were there, 0 or more.
 */
export const seatsNeeded = (rule: RoomEventRule, present: number): number =>
  Math.max(rule.seats, Math.ceil(present / rule.oneIn));

const inOrder = (a: SeatStatement, b: SeatStatement): number =>
  a.at - b.at || compare(a.attemptId, b.attemptId) || compare(a.incidentId, b.incidentId);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Counts who was there. */
type Present = (from: EpochMs, to: EpochMs) => number;

/** How many are at most `limit`, of numbers in order. */
const upTo = (ordered: readonly number[], limit: number): number => {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * How many different people were there at some moment of a span: began by its end, and did not end before it began. Each is one,
 * on however many machines: from the first to the last of them nobody left the room.
 */
const presenceOf = (seats: readonly SeatPresence[]): Present => {
  const whole = new Map<ExamineeId, readonly [number, number]>();
  for (const { person, from, to } of seats) {
    const [first, last] = whole.get(person) ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    whole.set(person, [
      Math.min(first, from ?? Number.NEGATIVE_INFINITY),
      Math.max(last, to ?? Number.POSITIVE_INFINITY),
    ]);
  }
  const come = [...whole.values()].map(([first]) => first).sort((a, b) => a - b);
  const gone = [...whole.values()].map(([, last]) => last).sort((a, b) => a - b);
  // Whoever ended before the span had begun before it too. Times are whole ms.
  return (from, to) => upTo(come, to) - upTo(gone, from - 1);
};

/** A run of statements, by their places in the order. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/** All windows in which enough different people state something, each from its first statement on. */
const fullWindows = (
  ordered: readonly SeatStatement[],
  rule: RoomEventRule,
  present: Present,
): readonly Span[] => {
  const windows: Span[] = [];
  const within = new Map<ExamineeId, number>();
  let end = 0;
  ordered.forEach((begin, first) => {
    const until = begin.at + rule.windowMs;
    for (let next = ordered[end]; next !== undefined && next.at <= until; next = ordered[end]) {
      within.set(next.person, (within.get(next.person) ?? 0) + 1);
      end += 1;
    }
    const different = within.size;
    const left = (within.get(begin.person) ?? 1) - 1;
    if (left === 0) within.delete(begin.person);
    else within.set(begin.person, left);
    if (different < rule.seats) return;
    // Of those who were there in the whole window, so that a statement that arrives later never makes it harder.
    if (different >= seatsNeeded(rule, present(begin.at, until)))
      windows.push({ first, last: end - 1 });
  });
  return windows;
};

/**
 * Windows that share a statement are one event, as long as it is not longer than one cause lasts: a window with which it would be
 * is no part of it, and the next event begins after it.
 */
const joined = (
  windows: readonly Span[],
  ordered: readonly SeatStatement[],
  longestMs: number,
): readonly Span[] => {
  const spans: Span[] = [];
  const atOf = (place: number): EpochMs => ordered[place]?.at ?? 0;
  for (const window of windows) {
    const before = spans.at(-1);
    if (before === undefined || window.first > before.last) spans.push(window);
    else if (atOf(window.last) - atOf(before.first) <= longestMs)
      spans[spans.length - 1] = { first: before.first, last: window.last };
  }
  return spans;
};

/**
 * The events of one session's room. Pure, of the set alone: in which order anything arrived changes nothing, and who was off
 * line joins with what arrives later. Nobody's incident is changed by it; what follows, a person decides.
 * @param statements of the seats of one session; kinds that are no room's matter are passed over.
 * @param seats who sat there and when, those that stated nothing too.
 * @returns by beginning; no statement is in two of them, and none is longer than one cause lasts.
 */
export const roomEvents = (
  statements: readonly SeatStatement[],
  seats: readonly SeatPresence[],
  rule: RoomEventRule | null,
): readonly RoomEvent[] => {
  if (rule === null) return [];
  const present = presenceOf(seats);
  const longestMs = Math.max(rule.windowMs, ROOM_EVENT_LONGEST_MS);
  const byKind = Map.groupBy(
    statements.filter(({ kind }) => isRoomKind(kind)),
    ({ kind }) => kind as IncidentKind,
  );
  return [...byKind]
    .flatMap(([kind, of]) => {
      const ordered = of.toSorted(inOrder);
      const windows = fullWindows(ordered, rule, present);
      return joined(windows, ordered, longestMs).map(({ first, last }): RoomEvent => {
        const members = ordered.slice(first, last + 1);
        const startedAt = ordered[first]?.at ?? 0;
        const endedAt = ordered[last]?.at ?? startedAt;
        const seats = new Set(members.map(({ person }) => person)).size;
        const there = Math.max(seats, present(startedAt, endedAt));
        return { kind, startedAt, endedAt, seats, present: there, statements: members };
      });
    })
    .sort(byBeginning);
};

/** The order in which events are told. */
export const byBeginning = (a: RoomEvent, b: RoomEvent): number =>
  a.startedAt - b.startedAt || compare(a.kind, b.kind);
