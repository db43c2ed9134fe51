/**
 * The widest limits that a schema may give: whatever has no narrower one of its own has these, so that nobody can store,
 * send or show what has no end. `test/shared/bounds.test.ts` finds a schema without any.
 */

/** Whole or not, either side of zero. Far from where a date ends (8.64e15), so that sums of some are dates still. */
export const MOST = 1_000_000_000_000_000;
/** Characters of a text that is only shown or only compared. */
export const LONGEST = 20_000;
/** Items of a list; as many as an attempt may have entries. */
export const MANY = 100_000;

/** The most that an entry's `data` may weigh (`withinSize`): twice the largest that any build has written. */
export const MAX_DATA_SIZE = 64 * 1024;
/** How deep it may be nested. */
export const MAX_DATA_DEPTH = 12;
