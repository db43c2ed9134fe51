import type { RoomState } from '#renderer/dashboard/live/room-store.ts';
import {
  attentionOf,
  matches,
  TOTAL_KEYS,
  type TotalKey,
  totalsOf,
} from '#renderer/dashboard/live/tile-state.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { Tile } from '#shared/wire/dashboard.ts';

/** What the proctor looks for; the seats of all others stay in place, empty. */
export interface Filter {
  readonly search: string;
  readonly total: TotalKey | null;
}
export const NO_FILTER: Filter = { search: '', total: null };

const isVisible = (room: RoomState, tile: Tile, filter: Filter, now: EpochMs): boolean => {
  if (!matches(tile, filter.search)) return false;
  if (filter.total === null) return true;
  const attention = attentionOf(tile, room.objections[tile.attemptId] ?? 0, now);
  return totalsOf(tile, attention).includes(filter.total);
};

/** Attempts that pass the filter, as one plain value; null when nothing is filtered. */
export const visibleKey = (room: RoomState, filter: Filter, now: EpochMs): string | null => {
  if (filter.search.trim() === '' && filter.total === null) return null;
  return Object.values(room.tiles)
    .filter((tile) => isVisible(room, tile, filter, now))
    .map((tile) => tile.attemptId)
    .join(' ');
};

/** The room's totals in the order of `TOTAL_KEYS`, and at the end how many are expected, as one plain value. */
export const totalsKey = (room: RoomState, now: EpochMs): string => {
  const counts = new Map<TotalKey, number>();
  const tiles = Object.values(room.tiles);
  for (const tile of tiles) {
    const attention = attentionOf(tile, room.objections[tile.attemptId] ?? 0, now);
    for (const key of totalsOf(tile, attention)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const people = tiles.filter(({ carriedOn }) => carriedOn !== true);
  return [...TOTAL_KEYS.map((key) => counts.get(key) ?? 0), people.length].join(' ');
};
