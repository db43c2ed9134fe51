import type { TFunction } from 'i18next';
import { type EpochMs, MINUTE, SECOND } from '#shared/kernel/time.ts';

/** How long ago, in as few signs as a tile has room for: steps of ten seconds, then minutes, then hours. */
export const ageText = (t: TFunction, at: EpochMs, now: EpochMs): string => {
  const ms = Math.max(0, now - at);
  if (ms < 10 * SECOND) return t('age.now');
  if (ms < MINUTE) return t('age.seconds', { count: Math.floor(ms / (10 * SECOND)) * 10 });
  if (ms < 60 * MINUTE) return t('age.minutes', { count: Math.floor(ms / MINUTE) });
  return t('age.hours', { count: Math.floor(ms / (60 * MINUTE)) });
};
