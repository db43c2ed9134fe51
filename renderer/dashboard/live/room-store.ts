import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { CommandView, IncidentView, ServerToDashboard, Tile } from '#shared/wire/dashboard.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import { awaitsDecision } from './tile-state.ts';

/** More than this many incidents are not kept in the page; the examinee's panel has them all. */
export const INCIDENTS_KEPT = 300;
const COMMANDS_KEPT = 500;

export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** `since`: the server's time at which the last message came; null when none ever did. */
  | {
      readonly kind: 'lost';
      readonly since: EpochMs | null;
      readonly retryAt: EpochMs;
      readonly trying: boolean;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

export interface RoomState {
  readonly link: LinkState;
  /** Whether a snapshot has come: before it, nothing is known of the room. */
  readonly known: boolean;
  /** The server cannot keep what it is told. */
  readonly storageFailed: boolean;
  readonly tiles: Readonly<Record<string, Tile>>;
  /** Attempt per seat; changes only when somebody changes seats, or goes on with another machine. */
  readonly seating: Readonly<Record<string, string>>;
  /** Newest first. */
  readonly incidents: readonly IncidentView[];
  /** Newest first. */
  readonly commands: readonly CommandView[];
  /** What happened to several seats at once, by beginning. */
  readonly roomEvents: readonly RoomEventView[];
  /** Objections that no person has answered, per attempt. */
  readonly objections: Readonly<Record<string, number>>;
}

export const EMPTY_ROOM: RoomState = {
  link: { kind: 'connecting' },
  known: false,
  storageFailed: false,
  tiles: {},
  seating: {},
  incidents: [],
  commands: [],
  roomEvents: [],
  objections: {},
};

export type RoomStore = StoreApi<RoomState>;
export const createRoomStore = (): RoomStore => createStore<RoomState>()(() => EMPTY_ROOM);

type Update = Exclude<ServerToDashboard, { type: 'refused' }>;

/** Puts changed ones in their place and new ones in order; the rest keep their identity, so that they are not drawn again. */
const merge = <T extends { readonly id: string }>(
  known: readonly T[],
  changed: readonly T[],
  at: (item: T) => number,
  kept: number,
): readonly T[] => {
  if (changed.length === 0) return known;
  const next = [...known];
  for (const item of changed) {
    const index = next.findIndex((other) => other.id === item.id);
    if (index >= 0 && at(next[index] ?? item) === at(item)) {
      next[index] = item;
      continue;
    }
    if (index >= 0) next.splice(index, 1);
    const before = next.findIndex((other) => at(other) <= at(item));
    if (before < 0) next.push(item);
    else next.splice(before, 0, item);
  }
  return next.slice(0, kept);
};

const mergeTiles = (
  state: Pick<RoomState, 'tiles' | 'seating'>,
  changed: readonly Tile[],
): Pick<RoomState, 'tiles' | 'seating'> => {
  if (changed.length === 0) return state;
  const tiles = { ...state.tiles };
  let moved = false;
  for (const tile of changed) {
    const before = tiles[tile.attemptId];
    if (before?.seat !== tile.seat || before.carriedOn !== tile.carriedOn) moved = true;
    tiles[tile.attemptId] = tile;
  }
  if (!moved) return { tiles, seating: state.seating };
  // One seat, one person: who went on with another machine stands for what was before.
  const seated = Object.values(tiles).filter(({ carriedOn }) => carriedOn !== true);
  const seating = Object.fromEntries(seated.map((t) => [t.seat, t.attemptId]));
  return { tiles, seating };
};

/** Those of a machine that is gone belong to where the person went on: there somebody looks. */
const countObjections = (
  incidents: readonly IncidentView[],
  tiles: RoomState['tiles'],
): Readonly<Record<string, number>> => {
  const seated = Object.values(tiles).filter(({ carriedOn }) => carriedOn !== true);
  const goesOn = new Map(
    seated.flatMap(({ attemptId, carries }) =>
      (carries?.from ?? []).map((one) => [
        incidentKey({ attemptId: one.attemptId, id: one.incidentId }),
        attemptId,
      ]),
    ),
  );
  const counts: Record<string, number> = {};
  for (const incident of incidents) {
    if (incident.objection === null || !incident.counted || incident.dismissed !== null) continue;
    const attemptId = goesOn.get(incidentKey(incident)) ?? incident.attemptId;
    counts[attemptId] = (counts[attemptId] ?? 0) + 1;
  }
  return counts;
};

const NO_NEWS = { news: [], toDecide: [] } as const;

/** Older incidents of the snapshot; what came since is newer than they are. */
const withMore = (state: RoomState, older: readonly IncidentView[]): RoomState => {
  const incidents = mergeIncidents(state.incidents, older);
  return { ...state, incidents, objections: countObjections(incidents, state.tiles) };
};

/** An incident that a person should hear of: new, or just turned into a copy attempt. */
const isNews = (before: IncidentView | undefined, now: IncidentView): boolean =>
  before === undefined || (before.copyAttempt === null && now.copyAttempt !== null);

/** Sent, delivered, applied or rejected: never backwards, whatever the order of arrival. */
const STEP = { sent: 0, delivered: 1, applied: 2, rejected: 2 } as const;

/**
 * Folds one message of the room's socket into the state.
 * @returns the new state, the incidents worth announcing, and who now waits for a decision on the identity; a
 *   snapshot announces nothing.
 */
export const applyMessage = (
  state: RoomState,
  message: Update,
): {
  readonly state: RoomState;
  readonly news: readonly IncidentView[];
  readonly toDecide: readonly Tile[];
} => {
  if (message.type === 'server') {
    return { ...NO_NEWS, state: { ...state, storageFailed: message.storage === 'failed' } };
  }
  if (message.type === 'more') return { ...NO_NEWS, state: withMore(state, message.incidents) };
  const first = message.type === 'snapshot';
  const base = first ? { ...EMPTY_ROOM, link: state.link } : state;
  const news = first
    ? []
    : message.incidents.filter((i) =>
        isNews(
          base.incidents.find((known) => known.id === i.id && known.attemptId === i.attemptId),
          i,
        ),
      );
  const toDecide = first
    ? []
    : message.tiles.filter((tile) => {
        const known = base.tiles[tile.attemptId];
        return awaitsDecision(tile) && !(known !== undefined && awaitsDecision(known));
      });
  const incidents = mergeIncidents(base.incidents, message.incidents);
  const commands = merge(
    base.commands,
    message.commands.filter((c) => {
      const known = base.commands.find((other) => other.id === c.id);
      return known === undefined || STEP[c.state] >= STEP[known.state];
    }),
    (c) => c.issuedAt,
    COMMANDS_KEPT,
  );
  const merged = mergeTiles(base, message.tiles);
  const same = incidents === base.incidents && merged.seating === base.seating;
  return {
    news,
    toDecide,
    state: {
      ...base,
      ...merged,
      known: true,
      incidents,
      commands,
      roomEvents: message.roomEvents ?? base.roomEvents,
      objections: same ? base.objections : countObjections(incidents, merged.tiles),
    },
  };
};

/** Incident ids are made of kind and start, so two examinees may have the same one: the key is both. */
export const incidentKey = (incident: Pick<IncidentView, 'attemptId' | 'id'>): string =>
  `${incident.attemptId}/${incident.id}`;

const mergeIncidents = (
  known: readonly IncidentView[],
  changed: readonly IncidentView[],
): readonly IncidentView[] => {
  if (changed.length === 0) return known;
  const keyed = (i: IncidentView) => ({ id: incidentKey(i), incident: i });
  return merge(
    known.map(keyed),
    changed.map(keyed),
    ({ incident }) => incident.startedAt,
    INCIDENTS_KEPT,
  ).map(({ incident }) => incident);
};
