import { StorageLostError } from './unit-of-work.ts';

/** A disk that is full, sick or read only, as the system and SQLite say it. */
const CODES =
  /^(ENOSPC|EDQUOT|EIO|EROFS|SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|BUSY))/;

/** How long a chain of causes is followed. */
const DEEPEST = 5;

/** Whether something failed because what is to be kept cannot be kept now: trying again makes sense. */
export const isStorageFault = (failure: unknown): boolean => {
  let error = failure;
  for (let depth = 0; depth < DEEPEST && error instanceof Error; depth += 1) {
    if (error instanceof StorageLostError) return true;
    if (CODES.test(String((error as { readonly code?: unknown }).code))) return true;
    error = error.cause;
  }
  return false;
};
