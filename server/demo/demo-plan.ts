import { SHIFT_MINUTES } from '#shared/exam/shift.ts';
import { momentIn, wallTime } from '#shared/exam/venue-time.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { SeatMap } from '#shared/wire/dashboard.ts';

const SHIFT_MS = SHIFT_MINUTES * MINUTE;
const QUARTER_MS = 15 * MINUTE;
/** The last shift of a day starts before this hour of the venue. */
const EVENING_HOUR = 20;

/**
 * The shifts of a demo day: the first started at the last quarter of an hour, so that there is always
 * one open, and one follows the other until the evening; at least two.
 * @returns their starts, ms since 1970.
 */
export const demoShifts = (now: number, timeZone: string): readonly number[] => {
  const first = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  const evening = momentIn(timeZone, {
    ...wallTime(timeZone, first),
    hour: EVENING_HOUR,
    minute: 0,
  });
  const starts = [first, first + SHIFT_MS];
  for (let start = first + 2 * SHIFT_MS; start < evening; start += SHIFT_MS) {
    starts.push(start);
  }
  return starts;
};

/** Seats by row from the front, lettered A, B, C, with one empty column as the aisle. */
export const seatMap = (rows: number, columns: number, aisle: number): SeatMap => ({
  rows,
  columns,
  seats: Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_unused, column) => ({ row, column }))
      .filter(({ column }) => column !== aisle)
      .map(({ column }, place) => ({
        label: `${String.fromCharCode(65 + row)}${place + 1}`,
        row,
        column,
      })),
  ).flat(),
});
