/**
 * Changes that belong together: all of them are stored, or none is. Every change by staff and its audit
 * entry are one.
 *
 * @typeParam Stores what a use case needs of the stores; it names no more than that.
 */
export interface UnitOfWork<Stores> {
  /**
   * Runs `work` with stores that are bound to one transaction. It is committed, durably, when `work` returns, whatever
   * it returns; when it throws, nothing is stored and the error is passed on. A statement that failed inside
   * ends the unit even if `work` catches the error.
   *
   * Only one unit runs at a time, so that nothing slow (hashing, files, the network) belongs in it; and memory and
   * listeners are told after it, since only then it is true.
   *
   * @throws TransactionMisuseError for a second unit, or a store that is not of `tx`, used inside `work`. A store of `tx` refuses
   *   after the end.
   * @throws StorageLostError when the database went away: nothing is stored, or, if it went in the very moment of the
   *   commit, all of it may be.
   */
  transaction<T>(work: (tx: Stores) => Promise<T>): Promise<T>;
}

/**
 * A program error: something in a unit of work does not go through it. On one connection it would wait for
 * itself for ever, and on several it would quietly not belong to it.
 */
export class TransactionMisuseError extends Error {
  override readonly name = 'TransactionMisuseError';
}

/** The database cannot be reached, or went away in the middle of it. Trying again makes sense. */
export class StorageLostError extends Error {
  override readonly name = 'StorageLostError';
}

/** A text holds a sign that this database cannot store (U+0000): the input is at fault. */
export class UnstorableTextError extends Error {
  override readonly name = 'UnstorableTextError';
}
