import Type from 'typebox';
import { EpochMsSchema } from '#shared/kernel/time.ts';

/** What the server's clock says and what is certain of it, where the first runs ahead of everybody else. */
export const ClockWaitSchema = Type.Object(
  { serverTime: EpochMsSchema, certainTime: EpochMsSchema },
  { additionalProperties: false },
);

/**
 * GET /api/health/clock: apart from `/api/health`, which kiosks of before read and which says nothing that they do not
 * know. null: the clock is confirmed.
 */
export const ClockHealthSchema = Type.Object(
  { waits: Type.Union([ClockWaitSchema, Type.Null()]) },
  { additionalProperties: false },
);
