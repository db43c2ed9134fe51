import Type from 'typebox';

/** Milliseconds since 1970 (UTC), as the server's clock shows it or as the device estimates it. */
export type EpochMs = number;
/** The last moment of the year 9999: later ones are no date that anybody can read. */
export const LAST_EPOCH_MS = 253_402_300_799_999;
export const EpochMsSchema = Type.Integer({ minimum: 0, maximum: LAST_EPOCH_MS });

/**
 * Exam time: whole milliseconds since the attempt's first ledger entry, from a monotonic clock. It
 * never runs backwards, whatever happens to the device's wall clock; across a restart it goes on by
 * the wall time that passed (never negative). All rules and durations use it.
 */
export type ExamTime = number;
/** Three centuries: also how far off a clock that stands in 1970 sees the end of a shift. */
export const LAST_EXAM_TIME = 10_000_000_000_000;
export const ExamTimeSchema = Type.Integer({ minimum: 0, maximum: LAST_EXAM_TIME });

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
