import type { CoverageReason } from './coverage.ts';

/**
 * What asking a machine came to. Each has its own place, so that nobody can read one as another: nothing is never
 * taken for "there is none", and half of it never for all.
 */
export type Reading<T> =
  /** The system told all of it. A list may be empty only where the system itself says that there is none. */
  | { readonly state: 'told'; readonly value: T }
  /** What is in it is so; what is not in it proves nothing. */
  | { readonly state: 'partial'; readonly value: T; readonly reason: CoverageReason }
  /** It answered and named nothing where there is always something: nothing is known. */
  | { readonly state: 'empty'; readonly reason: CoverageReason }
  /** This machine has no way to tell, and asking again changes nothing. */
  | { readonly state: 'not-supported'; readonly reason: CoverageReason }
  /** No answer, or none that can be read, this time. */
  | { readonly state: 'failed'; readonly reason: CoverageReason };

/** A reading without a value. */
export type Unread = Exclude<Reading<never>, { readonly value: never }>;

export const told = <T>(value: T): Reading<T> => ({ state: 'told', value });
/** All of it where there is no reason against it. */
export const partial = <T>(value: T, reason: CoverageReason | null): Reading<T> =>
  reason === null ? told(value) : { state: 'partial', value, reason };
export const notSupported = (reason: CoverageReason): Unread => ({
  state: 'not-supported',
  reason,
});
export const failed = (reason: CoverageReason): Unread => ({ state: 'failed', reason });
export const EMPTY: Unread = { state: 'empty', reason: 'tool-empty' };

/** What was told, all or in part; null when nothing was. */
export const toldOf = <T>(reading: Reading<T>): T | null =>
  'value' in reading ? reading.value : null;

/** Why it is not all, for the coverage; null when it is. */
export const lackOf = (reading: Reading<unknown>): CoverageReason | null =>
  reading.state === 'told' ? null : reading.reason;

/** The same reading of something that is made of it. */
export const mapReading = <T, U>(reading: Reading<T>, made: (value: T) => U): Reading<U> =>
  'value' in reading ? { ...reading, value: made(reading.value) } : reading;
