import { StorageLostError, UnstorableTextError } from '#server/platform/unit-of-work.ts';

/**
 * SQLSTATEs (or their class) of a database that went away, is going, does not let anybody in, or made this one give
 * way; https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
const LOST = /^(08|57P0[1-5]|57014|25P0[34]|53|55P03|40)/;

/** What the system says where there is no database, or none any more. */
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** `pg` tells these without a code. */
const TOLD_IN_WORDS =
  /connection terminated|connection error|timeout exceeded when trying|not queryable/i;

/** A sign that PostgreSQL cannot store in a text: U+0000. */
const UNSTORABLE = new Set(['22021', '22P05']);

/**
 * @returns what the callers know (`StorageLostError`, `UnstorableTextError`), or the failure itself.
 */
export const storageFailure = (failure: unknown): unknown => {
  if (!(failure instanceof Error)) return failure;
  const code = (failure as { code?: unknown }).code;
  const text = typeof code === 'string' ? code : '';
  if (UNSTORABLE.has(text)) return new UnstorableTextError('text', { cause: failure });
  const lost =
    text === '' ? TOLD_IN_WORDS.test(failure.message) : SYSTEM.has(text) || LOST.test(text);
  return lost ? new StorageLostError(failure.message, { cause: failure }) : failure;
};
