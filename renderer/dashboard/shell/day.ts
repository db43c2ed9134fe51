import type { EpochMs } from '#shared/kernel/time.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** A day as a date field holds it (`2026-11-21`), in this computer's time zone. */
export const dayOf = (at: EpochMs | null): string => {
  if (at === null) return '';
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** The last millisecond of a day: claims may come in until then. null when the text is no day. */
export const endOfDay = (day: string): EpochMs | null => {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (found === null) return null;
  const [year, month, date] = found.slice(1).map(Number) as [number, number, number];
  const end = new Date(year, month - 1, date, 23, 59, 59, 999);
  // The 31st of a month of 30 days would silently be another day.
  return end.getMonth() === month - 1 && end.getDate() === date ? end.getTime() : null;
};

const DAY_MS = 24 * 60 * 60_000;

/** When something is deleted that is kept for so many days after the claims closed. */
export const deletionOf = (claimsClosedAt: EpochMs, days: number): EpochMs =>
  claimsClosedAt + days * DAY_MS;

/** A moment as a date and time field says it (`2026-11-21T08:30`), in this computer's time zone; null when it is none. */
export const momentOf = (text: string): EpochMs | null => {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(text);
  const end = endOfDay(found?.[1] ?? '');
  if (found === null || end === null) return null;
  return new Date(end).setHours(Number(found[2]), Number(found[3]), 0, 0);
};
