import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';

/** How long pictures and templates are kept after the claims closed, unless the process says otherwise. */
const DEFAULT_RETENTION_DAYS = 180;

const DAY_MS = 24 * 60 * MINUTE;

/** When a process's pictures are deleted; null while no date is set for the end of its claims. */
export const deletesAt = (process: {
  readonly claimsClosedAt: EpochMs | null;
  readonly retentionDays: number;
}): EpochMs | null =>
  process.claimsClosedAt === null ? null : process.claimsClosedAt + process.retentionDays * DAY_MS;

/** Whether claims may still be made. */
export const claimsOpen = (
  process: { readonly claimsClosedAt: EpochMs | null },
  now: EpochMs,
): boolean => process.claimsClosedAt === null || process.claimsClosedAt > now;

/**
 * When the enrolment of somebody who takes part in these processes is deleted: with the last of them; without any,
 * `DEFAULT_RETENTION_DAYS` after it was made, so that nothing is kept for ever. null while one has no date.
 */
export const enrolmentDeletesAt = (
  enrolledAt: EpochMs,
  processes: readonly { readonly claimsClosedAt: EpochMs | null; readonly retentionDays: number }[],
): EpochMs | null => {
  if (processes.length === 0) return enrolledAt + DEFAULT_RETENTION_DAYS * DAY_MS;
  const ends = processes.map(deletesAt);
  return ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0));
};

/** How long what is kept of somebody who takes part in these processes stays: as long as the longest, days. */
export const longestRetention = (
  processes: readonly { readonly retentionDays: number }[],
): number =>
  processes.length === 0
    ? DEFAULT_RETENTION_DAYS
    : Math.max(...processes.map(({ retentionDays }) => retentionDays));
