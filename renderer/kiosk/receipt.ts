import type { AttemptId, Hash } from '#shared/kernel/ids.ts';

/**
 * What the receipt's QR says: which attempt, up to which entry, and that entry's hash. Whoever has
 * it can later ask the server for the same entry and compare.
 */
export const receiptText = (attemptId: AttemptId, seq: number, hash: Hash): string =>
  `atalaya-receipt:1:${attemptId}:${seq}:${hash}`;

/** A hash in groups that a person can read aloud. */
export const hashGroups = (hash: Hash, size = 8): readonly string[] =>
  hash.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
