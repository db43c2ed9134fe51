import { isTimeZone } from '#shared/exam/venue-time.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { Locale } from './i18n.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * A span of time as `h:mm:ss`, or `mm:ss` under an hour.
 * @param ms milliseconds; negative counts as none. Seconds are rounded up, so that `0:00` means over.
 */
export const formatSpan = (ms: number): string => {
  const total = Math.max(0, Math.ceil(ms / 1_000));
  const hours = Math.floor(total / 3_600);
  const minutes = Math.floor((total % 3_600) / 60);
  const rest = `${two(minutes)}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
};

/** Whose hours are shown; undefined for this computer's own. */
let shownZone: string | undefined;

/**
 * From now on all hours and days are those of this zone: the venue's, whatever the computer is set to.
 * @param zone a name of the IANA data base; one that this browser does not know, or none, shows the computer's own.
 */
export const showTimesOf = (zone: string | undefined): void => {
  shownZone = zone !== undefined && isTimeZone(zone) ? zone : undefined;
};

/** The zone whose hours are shown. */
export const timesShown = (): string =>
  shownZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;

const REGION: Readonly<Record<Locale, string>> = { es: 'es-EC', en: 'en-GB' };

/**
 * One way of writing a moment, per language and zone. Making a format costs a hundred times what using it does, and a room
 * of 30 tiles writes its hours anew each second.
 */
const style = (options: Intl.DateTimeFormatOptions) => {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (at: EpochMs, locale: Locale, zone: string): string => {
    const timeZone = isTimeZone(zone) ? zone : timesShown();
    const key = `${locale} ${timeZone}`;
    let format = made.get(key);
    if (format === undefined) {
      format = new Intl.DateTimeFormat(REGION[locale], { ...options, timeZone });
      made.set(key, format);
    }
    return format.format(at);
  };
};

const minute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const second = { ...minute, second: '2-digit' } as const;
const STYLES = {
  clock: style(minute),
  clockWithSeconds: style(second),
  day: style({ weekday: 'long', day: 'numeric', month: 'long' }),
  dayAndClock: style({ ...second, day: 'numeric', month: 'short', year: 'numeric' }),
  moment: style({ ...minute, day: 'numeric', month: 'long', year: 'numeric' }),
  date: style({ day: 'numeric', month: 'short', year: 'numeric' }),
};

/**
 * A time of day, 24 hours.
 * @param zone of another venue than the one whose times are shown.
 */
export const formatClock = (
  at: EpochMs,
  locale: Locale,
  withSeconds = false,
  zone: string = timesShown(),
): string => STYLES[withSeconds ? 'clockWithSeconds' : 'clock'](at, locale, zone);

/** A day with its weekday, for what is about today. */
export const formatDay = (at: EpochMs, locale: Locale): string =>
  STYLES.day(at, locale, timesShown());

/** Day and time, for what is read later (receipt, timeline). */
export const formatDayAndClock = (at: EpochMs, locale: Locale): string =>
  STYLES.dayAndClock(at, locale, timesShown());

/** Day and minute, for what is read ahead or long after (dates of a process). */
export const formatMoment = (at: EpochMs, locale: Locale, zone: string = timesShown()): string =>
  STYLES.moment(at, locale, zone);

/** A day of a calendar, without its time. */
export const formatDate = (at: EpochMs, locale: Locale, zone: string = timesShown()): string =>
  STYLES.date(at, locale, zone);
