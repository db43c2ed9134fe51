import Type from 'typebox';

/** Milliseconds since 1970 (UTC), as the server's clock shows it or as the device estimates it. */
export type EpochMs = number;
/** The last moment of the year 9999: later ones are no date that anybody can read. */
const LAST_EPOCH_MS = 253_402_300_799_999;
/** The nearest moment that there is: for what was computed of times that a device told. */
export const toEpochMs = (ms: number): EpochMs => Math.min(LAST_EPOCH_MS, Math.max(0, ms));
export const EpochMsSchema = Type.Integer({ minimum: 0, maximum: LAST_EPOCH_MS });

/**
 * Exam time: whole milliseconds since the attempt's first ledger entry, from a monotonic clock. It
 * never runs backwards, whatever happens to the device's wall clock; across a restart it goes on by
 * the wall time that passed (never negative). All rules and durations use it.
 */
export type ExamTime = number;
/** Three centuries: also how far off a clock that stands in 1970 sees the end of a shift. */
const LAST_EXAM_TIME = 10_000_000_000_000;
/** The nearest exam time that there is. */
export const toExamTime = (ms: number): ExamTime => Math.min(LAST_EXAM_TIME, Math.max(0, ms));
export const ExamTimeSchema = Type.Integer({ minimum: 0, maximum: LAST_EXAM_TIME });

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
