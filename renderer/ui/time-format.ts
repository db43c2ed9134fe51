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
 * A time of day, 24 hours.
 * @param zone of another venue than the one whose times are shown.
 */
export const formatClock = (
  at: EpochMs,
  locale: Locale,
  withSeconds = false,
  zone: string = timesShown(),
): string =>
  new Intl.DateTimeFormat(REGION[locale], {
    timeZone: isTimeZone(zone) ? zone : timesShown(),
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' as const } : {}),
    hourCycle: 'h23',
  }).format(at);

/** A day with its weekday, for what is about today. */
export const formatDay = (at: EpochMs, locale: Locale): string =>
  new Intl.DateTimeFormat(REGION[locale], {
    timeZone: timesShown(),
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(at);

/** Day and time, for what is read later (receipt, timeline). */
export const formatDayAndClock = (at: EpochMs, locale: Locale): string =>
  new Intl.DateTimeFormat(REGION[locale], {
    timeZone: timesShown(),
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);

/** Day and minute, for what is read ahead or long after (dates of a process). */
export const formatMoment = (at: EpochMs, locale: Locale, zone: string = timesShown()): string =>
  new Intl.DateTimeFormat(REGION[locale], {
    timeZone: isTimeZone(zone) ? zone : timesShown(),
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);

/** A day of a calendar, without its time. */
export const formatDate = (at: EpochMs, locale: Locale, zone: string = timesShown()): string =>
  new Intl.DateTimeFormat(REGION[locale], {
    timeZone: isTimeZone(zone) ? zone : timesShown(),
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(at);
