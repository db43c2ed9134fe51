import { decidedOf } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import {
  byBeginning,
  type RoomEvent,
  roomEvents,
  type SeatPresence,
} from '#shared/exam/room-event.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { RoomEventRule } from '#shared/incident/policy.ts';
import { roomEventRule } from '#shared/incident/room-kinds.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { presenceOf, type StatementsByKind, statementsOf } from './seat-statements.ts';

/** The events of one session's room, looked for anew only among what was stated anew. */
export interface EventBook {
  /**
   * Takes in what is known of an attempt now; costs nothing where nothing changed that events come of.
   * @returns whether its incidents are others than before, or their times.
   */
  note(attempt: LiveAttempt): boolean;
  /** All events, by beginning: the same array and the same events as before, as far as nothing of them changed. */
  events(): readonly RoomEvent[];
}

/** What an attempt told when it was last looked at. */
interface Page {
  readonly incidents: LiveAttempt['state']['incidents'];
  readonly notices: number;
  readonly runs: LiveAttempt['runs'];
  readonly wallOffset: number | null;
  readonly byKind: StatementsByKind;
  readonly presence: SeatPresence | null;
}

const NOTHING: StatementsByKind = new Map();

const isSameList = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);

const isSameEvent = (a: RoomEvent, b: RoomEvent): boolean =>
  a.present === b.present && isSameList(a.statements, b.statements);

const isSamePresence = (a: SeatPresence | null, b: SeatPresence | null): boolean =>
  a?.from === b?.from && a?.to === b?.to;

/** The statements of now; a list in which nothing changed is the one from before. */
const kept = (before: StatementsByKind, now: StatementsByKind): StatementsByKind =>
  new Map(
    [...now].map(([kind, list]) => {
      const known = before.get(kind) ?? [];
      return [kind, isSameList(list, known) ? known : list];
    }),
  );

/**
 * Nothing of the events is stored: they follow from what the attempts' ledgers tell, so that a server that starts anew, and
 * whoever was off line, come to the same.
 */
export const eventBook = (): EventBook => {
  const pages = new Map<AttemptId, Page>();
  /** Of each kind all statements in the order of the events' rule, and what came of them. */
  const found = new Map<IncidentKind, readonly RoomEvent[]>();
  const stale = new Set<IncidentKind>();
  let rule: RoomEventRule | null = null;
  let all: readonly RoomEvent[] = [];

  const look = (kind: IncidentKind, seats: readonly SeatPresence[]): void => {
    const statements = [...pages.values()].flatMap(({ byKind }) => byKind.get(kind) ?? []);
    const known = new Map((found.get(kind) ?? []).map((event) => [event.statements[0], event]));
    const now = roomEvents(statements, seats, rule).map((event) => {
      const old = known.get(event.statements[0]);
      return old !== undefined && isSameEvent(old, event) ? old : event;
    });
    found.set(kind, now);
  };

  return {
    note: (attempt) => {
      const { registration, notices, runs, wallOffset } = attempt;
      const { incidents } = decidedOf(attempt);
      const before = pages.get(registration.attemptId);
      const presence = presenceOf(attempt);
      const told =
        before !== undefined &&
        before.incidents === incidents &&
        before.notices === notices.length &&
        before.runs === runs &&
        before.wallOffset === wallOffset;
      const moved = before === undefined || !isSamePresence(before.presence, presence);
      if (told && !moved) return false;
      rule = roomEventRule(registration.exam.policy);
      const known = before?.byKind ?? NOTHING;
      const byKind = told ? known : kept(known, statementsOf(attempt));
      pages.set(registration.attemptId, {
        incidents,
        notices: notices.length,
        runs,
        wallOffset,
        byKind,
        presence,
      });
      for (const kind of new Set([...known.keys(), ...byKind.keys()]))
        if (known.get(kind) !== byKind.get(kind)) stale.add(kind);
      // Of how many who were there: any may be an event now, or none any more.
      if (moved)
        for (const page of pages.values()) for (const kind of page.byKind.keys()) stale.add(kind);
      return !told;
    },
    events: () => {
      if (stale.size === 0) return all;
      const seats = [...pages.values()].flatMap(({ presence }) => presence ?? []);
      for (const kind of stale) look(kind, seats);
      stale.clear();
      const now = [...found.values()].flat().sort(byBeginning);
      if (!isSameList(now, all)) all = now;
      return all;
    },
  };
};
