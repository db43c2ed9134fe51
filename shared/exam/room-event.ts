import type { IncidentKind, KindName } from '#shared/incident/kind.ts';
import type { RoomEventRule } from '#shared/incident/policy.ts';
import { isRoomKind } from '#shared/incident/room-kinds.ts';
import type { AttemptId, IncidentId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';

/** That a seat stated an incident. */
export interface SeatStatement {
  readonly attemptId: AttemptId;
  readonly incidentId: IncidentId;
  readonly kind: KindName;
  /** When it began, on the server's clock, however late it arrived. */
  readonly at: EpochMs;
}

/** From when to when somebody sat there, on the server's clock; null: not known, and still there. */
export interface SeatPresence {
  readonly attemptId: AttemptId;
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
}

/** Something that happened to the room: one cause, stated by several of its seats. */
export interface RoomEvent {
  readonly kind: IncidentKind;
  /** When the first and the last of them began. */
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  /** How many different seats stated it, of how many that were there. */
  readonly seats: number;
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

const presentIn = (seats: readonly SeatPresence[], from: EpochMs, to: EpochMs): number =>
  seats.filter((one) => (one.from ?? from) <= to && (one.to ?? to) >= from).length;

/** A run of statements, by their places in the order. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * Wherever enough different seats lie within one window, all statements of it belong together; windows that share a statement
 * are one event.
 */
const spansOf = (
  ordered: readonly SeatStatement[],
  rule: RoomEventRule,
  seats: readonly SeatPresence[],
): readonly Span[] => {
  const spans: Span[] = [];
  const within = new Map<AttemptId, number>();
  let end = 0;
  ordered.forEach((begin, first) => {
    const until = begin.at + rule.windowMs;
    for (let next = ordered[end]; next !== undefined && next.at <= until; next = ordered[end]) {
      within.set(next.attemptId, (within.get(next.attemptId) ?? 0) + 1);
      end += 1;
    }
    const last = end - 1;
    const different = within.size;
    const left = (within.get(begin.attemptId) ?? 1) - 1;
    if (left === 0) within.delete(begin.attemptId);
    else within.set(begin.attemptId, left);
    if (different < rule.seats) return;
    // Those who were there in the whole window, so that a statement that arrives later never makes it harder.
    if (different < seatsNeeded(rule, presentIn(seats, begin.at, until))) return;
    const before = spans.at(-1);
    if (before !== undefined && first <= before.last) {
      spans[spans.length - 1] = { first: before.first, last };
    } else spans.push({ first, last });
  });
  return spans;
};

/**
 * The events of one session's room. Pure, of the set alone: in which order anything arrived changes nothing, and who was off
 * line joins with what arrives later. Nobody's incident is changed by it; what follows, a person decides.
 * @param statements of the seats of one session; kinds that are no room's matter are passed over.
 * @param seats who sat there and when, those that stated nothing too.
 * @returns by beginning.
 */
export const roomEvents = (
  statements: readonly SeatStatement[],
  seats: readonly SeatPresence[],
  rule: RoomEventRule | null,
): readonly RoomEvent[] => {
  if (rule === null) return [];
  const byKind = Map.groupBy(
    statements.filter(({ kind }) => isRoomKind(kind)),
    ({ kind }) => kind as IncidentKind,
  );
  return [...byKind]
    .flatMap(([kind, of]) => {
      const ordered = of.toSorted(inOrder);
      return spansOf(ordered, rule, seats).map(({ first, last }) => {
        const members = ordered.slice(first, last + 1);
        const startedAt = ordered[first]?.at ?? 0;
        const endedAt = ordered[last]?.at ?? startedAt;
        const different = new Set(members.map(({ attemptId }) => attemptId)).size;
        const present = Math.max(different, presentIn(seats, startedAt, endedAt));
        return { kind, startedAt, endedAt, seats: different, present, statements: members };
      });
    })
    .sort((a, b) => a.startedAt - b.startedAt || compare(a.kind, b.kind));
};
