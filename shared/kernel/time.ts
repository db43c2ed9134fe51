import Type from 'typebox';

/** Milliseconds since 1970 (UTC), as the server's clock shows it or as the device estimates it. */
export type EpochMs = number;
export const EpochMsSchema = Type.Integer({ minimum: 0 });

/**
 * Exam time: whole milliseconds since the attempt's first ledger entry, from a monotonic clock. It
 * never runs backwards, whatever happens to the device's wall clock; across a restart it goes on by
 * the wall time that passed (never negative). All rules and durations use it.
 */
export type ExamTime = number;
export const ExamTimeSchema = Type.Integer({ minimum: 0 });

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
