import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { ContradictionCode } from '#shared/wire/doubt.ts';
import type { FactData, FactType } from '#shared/wire/facts.ts';
import type { Given, GivenTerms } from '#shared/wire/given.ts';

/** What is remembered between the entries, beside the attempt's own state. */
export interface ClaimsMemory {
  /** The kind of program that the opening names. */
  readonly host: string;
  /** What the attempt holds to, of all that was given out; null before the opening. */
  readonly terms: GivenTerms | null;
  /** null before the exam began. */
  readonly clock: ClaimedClock | null;
}

export interface ClaimedClock {
  /** When the shift ends in exam time, by what was given out. */
  readonly shiftEndsT: ExamTime;
  /** Server time minus exam time at the beginning, and at the last entry that was looked at, ms. */
  readonly startOffset: number;
  readonly lastOffset: number;
  /** The largest single step of it, ms: a clock that was set, or a machine that slept, is no work after the end. */
  readonly step: number;
}

/** One entry with all that its claims are compared with. */
export interface Claim<T extends FactType = FactType> {
  readonly data: FactData<T>;
  readonly entry: LedgerEntry;
  /** The attempt before the entry. */
  readonly before: AttemptState;
  readonly memory: ClaimsMemory;
  readonly given: Given;
  /** What the attempt holds to. */
  readonly terms: GivenTerms;
  /** SHA-256 of a text's UTF-8, hex. */
  readonly sha256Hex: (text: string) => string;
}

/** What does not fit of one type of entry. */
export type ClaimCheck<T extends FactType> = (claim: Claim<T>) => readonly ContradictionCode[];

/** How far two readings of one clock may lie apart: an estimate over a slow network, a pause of the storage, ms. */
export const CLOCK_SLACK_MS = 60_000;

/** The codes of those that hold. */
export const those = (
  ...cases: readonly (readonly [ContradictionCode, boolean])[]
): readonly ContradictionCode[] => cases.flatMap(([code, holds]) => (holds ? [code] : []));
