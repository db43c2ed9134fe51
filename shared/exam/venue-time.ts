import Type from 'typebox';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';

// A day and an hour are those of the venue, whatever zone a server or a desk is set to.

/** The zone of a venue that says nothing else: the mainland of Ecuador. */
export const DEFAULT_ZONE = 'America/Guayaquil';

/** A name of the IANA data base, as far as its form goes; whether there is such a zone, `isTimeZone` says. */
export const TimeZoneSchema = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9+_/-]{1,59}$' });

interface WallTime {
  readonly year: number;
  /** From 1 on. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** Making one costs a hundred times what using it does. */
const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(zone, format);
  return format;
};

/** Whether this machine knows the zone. */
export const isTimeZone = (zone: string): boolean => {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
};

/**
 * What a clock on the wall shows.
 * @throws RangeError when there is no such zone.
 */
export const wallTime = (zone: string, at: EpochMs): WallTime => {
  const found = { year: 0, month: 0, day: 0, hour: 0, minute: 0 };
  for (const { type, value } of formatOf(zone).formatToParts(at)) {
    if (Object.hasOwn(found, type)) found[type as keyof WallTime] = Number(value);
  }
  return found;
};

const asUtc = ({ year, month, day, hour, minute }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute);

/**
 * When a clock on the wall shows this. What it shows twice, when clocks are set back, is the first time; what it never
 * shows, when they are set on, is as long after the change as it would have been.
 * @param wall a day of the calendar; 24:00 and more and the 32nd are counted on.
 * @throws RangeError when there is no such zone.
 */
export const momentIn = (zone: string, wall: WallTime): EpochMs => {
  const meant = asUtc(wall);
  // What the clock is ahead of UTC, a day before and after: between them it changes at most once.
  const aheadAt = (at: number): number =>
    asUtc(wallTime(zone, at)) - Math.floor(at / MINUTE) * MINUTE;
  const before = meant - aheadAt(meant - 24 * 60 * MINUTE);
  const after = meant - aheadAt(meant + 24 * 60 * MINUTE);
  const shows = (at: number): boolean => asUtc(wallTime(zone, at)) === meant;
  if (shows(before)) return before;
  return shows(after) ? after : before;
};

/**
 * The day of the calendar in which a moment lies.
 * @returns its first and last millisecond.
 * @throws RangeError when there is no such zone.
 */
export const dayIn = (
  zone: string,
  at: EpochMs,
): { readonly from: EpochMs; readonly to: EpochMs } => {
  const { year, month, day } = wallTime(zone, at);
  const startOf = (date: number): EpochMs =>
    momentIn(zone, { year, month, day: date, hour: 0, minute: 0 });
  return { from: startOf(day), to: startOf(day + 1) - 1 };
};
