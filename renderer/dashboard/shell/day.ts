import { timesShown } from '#renderer/ui/time-format.ts';
import { momentIn, wallTime } from '#shared/exam/venue-time.ts';
import type { EpochMs } from '#shared/kernel/time.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** A day as a date field holds it (`2026-11-21`), at the venue. */
export const dayOf = (at: EpochMs | null): string => {
  if (at === null) return '';
  const { year, month, day } = wallTime(timesShown(), at);
  return `${year}-${two(month)}-${two(day)}`;
};

/** null when the text is no day of the calendar. */
const dateOf = (text: string) => {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  // The 31st of a month of 30 days would silently be another day.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? { year, month, day }
    : null;
};

/** The last millisecond of a day at the venue: claims may come in until then. null when the text is no day. */
export const endOfDay = (day: string): EpochMs | null => {
  const date = dateOf(day);
  if (date === null) return null;
  return momentIn(timesShown(), { ...date, day: date.day + 1, hour: 0, minute: 0 }) - 1;
};

const DAY_MS = 24 * 60 * 60_000;

/** When something is deleted that is kept for so many days after the claims closed. */
export const deletionOf = (claimsClosedAt: EpochMs, days: number): EpochMs =>
  claimsClosedAt + days * DAY_MS;

/**
 * A moment as a date and time field says it (`2026-11-21T08:30`); null when it is none.
 * @param zone of the venue that is meant; the one whose times are shown when left out.
 */
export const momentOf = (text: string, zone: string = timesShown()): EpochMs | null => {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(text);
  const date = dateOf(found?.[1] ?? '');
  const [hour, minute] = [Number(found?.[2]), Number(found?.[3])];
  if (date === null || hour > 23 || minute > 59) return null;
  return momentIn(zone, { ...date, hour, minute });
};
