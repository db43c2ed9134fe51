import { MINUTE } from '#shared/kernel/time.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';

/** Minutes at which the remaining time is announced. */
const ANNOUNCED_MINUTES = [15, 5, 1] as const;
export type AnnouncedMinute = (typeof ANNOUNCED_MINUTES)[number];

/** How the timer looks: calm until the end comes near. */
export type TimerState = 'normal' | 'last15' | 'last5' | 'last1' | 'over' | 'stopped';

/**
 * Time left as the host states it.
 * @param now the device's wall clock, ms since 1970.
 * @returns milliseconds, never negative; null before the start.
 */
export const timeLeft = (
  view: Pick<KioskView, 'endsAt' | 'frozenRemainingMs'>,
  now: number,
): number | null =>
  view.endsAt === null ? view.frozenRemainingMs : Math.max(0, view.endsAt - now);

export const timerState = (leftMs: number, running: boolean): TimerState => {
  if (!running) return 'stopped';
  if (leftMs <= 0) return 'over';
  if (leftMs <= MINUTE) return 'last1';
  if (leftMs <= 5 * MINUTE) return 'last5';
  if (leftMs <= 15 * MINUTE) return 'last15';
  return 'normal';
};

/**
 * Which announcement falls between two looks at the timer: each mark is said once, when it is
 * crossed, and after a long gap only the one that is true now.
 */
export const announcementBetween = (beforeMs: number, nowMs: number): AnnouncedMinute | null =>
  ANNOUNCED_MINUTES.findLast(
    (minute) => beforeMs > minute * MINUTE && nowMs <= minute * MINUTE && nowMs > 0,
  ) ?? null;
