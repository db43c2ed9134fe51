import type { SeatMap } from '#shared/wire/dashboard.ts';

/** One place of the room's plan; `attemptId` null for an empty seat. */
export interface Seat {
  readonly label: string;
  readonly row: number;
  readonly column: number;
  readonly attemptId: string | null;
}

export interface SeatGrid {
  readonly rows: number;
  readonly columns: number;
  readonly seats: readonly Seat[];
  /** Attempts whose seat is not on the plan; they are shown below it, never left out. */
  readonly unplaced: readonly Seat[];
}

/**
 * Widths of the plan's columns for CSS: a column without seats is an aisle and takes little room.
 */
export const columnTracks = (map: SeatMap): string => {
  const used = new Set(map.seats.map((seat) => seat.column));
  return Array.from({ length: map.columns }, (_, column) =>
    used.has(column) ? 'minmax(0, 1fr)' : 'minmax(0.5rem, 1.75rem)',
  ).join(' ');
};

/** Puts attempts on the plan. @param seating attempt per seat label. */
export const seatGrid = (map: SeatMap, seating: Readonly<Record<string, string>>): SeatGrid => {
  const onPlan = new Set(map.seats.map((seat) => seat.label));
  const unplaced = Object.entries(seating)
    .filter(([label]) => !onPlan.has(label))
    .map(([label, attemptId], index) => ({
      label,
      row: map.rows + Math.floor(index / map.columns),
      column: index % map.columns,
      attemptId,
    }));
  return {
    rows: map.rows,
    columns: map.columns,
    seats: map.seats.map((seat) => ({ ...seat, attemptId: seating[seat.label] ?? null })),
    unplaced,
  };
};

export type Step = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/**
 * The occupied seat that an arrow key leads to: straight ahead if there is one, else the nearest in
 * that direction. null at the edge.
 * @param seats the seats that can be reached, in any order.
 */
export const stepFrom = (seats: readonly Seat[], from: Seat, step: Step): Seat | null => {
  if (step === 'first' || step === 'last') {
    const sorted = [...seats].sort((a, b) => a.row - b.row || a.column - b.column);
    return (step === 'first' ? sorted[0] : sorted.at(-1)) ?? null;
  }
  const along = (seat: Seat): number => {
    if (step === 'left') return from.column - seat.column;
    if (step === 'right') return seat.column - from.column;
    return step === 'up' ? from.row - seat.row : seat.row - from.row;
  };
  const aside = (seat: Seat): number =>
    step === 'left' || step === 'right'
      ? Math.abs(seat.row - from.row)
      : Math.abs(seat.column - from.column);
  // A seat to the side counts only when nothing is straight ahead.
  const ahead = seats.filter((seat) => along(seat) > 0);
  const straight = ahead.filter((seat) => aside(seat) === 0);
  const pool = straight.length > 0 ? straight : ahead;
  return pool.reduce<Seat | null>((best, seat) => {
    if (best === null) return seat;
    const cost = (s: Seat) => along(s) + 2 * aside(s);
    return cost(seat) < cost(best) ? seat : best;
  }, null);
};
