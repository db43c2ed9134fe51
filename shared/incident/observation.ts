import Type, { type Static } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';
import { LATER } from '#shared/kernel/json-size.ts';
import { ExamTimeSchema } from '#shared/kernel/time.ts';
import { KindNameSchema } from './kind.ts';

/** What a sensor adds to its fact so that a person can judge it: key names, counts, durations. Small, flat, no personal text. */
export const FactsSchema = Type.Record(
  Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,30}$' }),
  Type.Union([
    Type.String({ maxLength: 200 }),
    Type.Number({ minimum: -MOST, maximum: MOST }),
    Type.Boolean(),
  ]),
  { maxProperties: 64, additionalProperties: false },
);
export type Facts = Static<typeof FactsSchema>;

/**
 * A fact stated by a sensor, in exam time. It judges nothing.
 * `began` / `ended` frame something that lasts (no face, focus away); `happened` is a single act (a paste).
 */
export const ObservationSchema = Type.Object(
  {
    kind: KindNameSchema,
    phase: Type.Union([Type.Literal('began'), Type.Literal('ended'), Type.Literal('happened')]),
    /** When it began, ended or happened, which may be earlier than when it was noticed. */
    t: ExamTimeSchema,
    facts: FactsSchema,
  },
  LATER,
);
export type Observation = Static<typeof ObservationSchema>;
