import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import { MANY } from '#shared/kernel/bounds.ts';

/**
 * The most that is stored of one attempt. A long exam writes some five hundred entries of 250 kB altogether, a few
 * incidents, and an answer to each of at most 300 questions: it fits a hundred times over.
 */
export const QUOTA = {
  entries: MANY,
  bytes: 64 * 1024 * 1024,
  /** Entries of types that this build does not know. */
  unknown: 10_000,
  incidents: 2_000,
  /** Checks of the face, and views of the room. */
  checks: 500,
  /** Questions that were answered or flagged. */
  questions: 3_000,
} as const;

/** What an attempt has more of than any exam. */
export type Full = keyof typeof QUOTA;

/**
 * Whether an attempt would be more than any exam is.
 * @param before its state before the entry, so that only what the entry changed is counted.
 * @param bytes of all its entries, the new one with them.
 */
export const overQuota = (
  before: AttemptState,
  after: AttemptState,
  bytes: number,
): Full | null => {
  if (after.seq > QUOTA.entries) return 'entries';
  if (bytes > QUOTA.bytes) return 'bytes';
  if (after.unknown.entries > QUOTA.unknown) return 'unknown';
  if (after.incidents.length > QUOTA.incidents) return 'incidents';
  if (after.identity.checks.length > QUOTA.checks || after.roomScans.length > QUOTA.checks) {
    return 'checks';
  }
  const many = (old: object, now: object): boolean =>
    old !== now && Object.keys(now).length > QUOTA.questions;
  return many(before.answers, after.answers) || many(before.flagged, after.flagged)
    ? 'questions'
    : null;
};
