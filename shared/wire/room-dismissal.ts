import Type, { type Static, type TSchema } from 'typebox';
import { IncidentKindSchema } from '#shared/incident/kind.ts';
import { AttemptIdSchema, CommandIdSchema, IncidentIdSchema } from '#shared/kernel/ids.ts';
import { MAX_EXTRA_MS, ReasonSchema } from './command.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** Of a room full of seats each may have some. */
const MAX_DISMISSED = 1_000;

const named = { attemptId: AttemptIdSchema, incidentId: IncidentIdSchema };

/** POST: dismisses copy attempts that one event of the room brought about, all together or none. */
export const RoomDismissalRequestSchema = object({
  /** As in a command's request: sent again it is the same order. */
  key: Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }),
  /** Of which event: its kind; which one of them, the copy attempts say. */
  kind: IncidentKindSchema,
  reason: ReasonSchema,
  /** What exams that reopen are given beside the time that they stood closed, ms. */
  extraMs: Type.Integer({ minimum: 0, maximum: MAX_EXTRA_MS }),
  attempts: Type.Array(object(named), { minItems: 1, maxItems: MAX_DISMISSED }),
});
export type RoomDismissalRequest = Static<typeof RoomDismissalRequestSchema>;

/**
 * Why one could not be dismissed with the others: it is no copy attempt of this session (`unknown`) or not of this event
 * (`not-of-event`, an earlier statement may have arrived and moved it), it was dismissed before, or its dismissal is on its
 * way already (`ordered`).
 */
const RefusedSchema = object({
  ...named,
  why: Type.Union([
    Type.Literal('unknown'),
    Type.Literal('not-of-event'),
    Type.Literal('dismissed'),
    Type.Literal('ordered'),
  ]),
});
export type RefusedDismissal = Static<typeof RefusedSchema>;

/** With anything in `refused` nothing was ordered at all. */
export const RoomDismissalResponseSchema = object({
  orders: Type.Array(object({ ...named, id: CommandIdSchema }), { maxItems: MAX_DISMISSED }),
  refused: Type.Array(RefusedSchema, { maxItems: MAX_DISMISSED }),
});
export type RoomDismissalResponse = Static<typeof RoomDismissalResponseSchema>;
