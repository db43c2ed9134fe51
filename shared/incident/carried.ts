import Type, { type Static } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';
import { AttemptIdSchema, IncidentIdSchema } from '#shared/kernel/ids.ts';
import { LATER } from '#shared/kernel/json-size.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import { KindNameSchema } from './kind.ts';

const CarriedAttemptSchema = Type.Object(
  {
    /** What an order to dismiss it names here; no incident of this ledger has the same. */
    id: IncidentIdSchema,
    /** The ledger that has it, with its evidence, and which incident bears its number there. */
    attemptId: AttemptIdSchema,
    incidentId: IncidentIdSchema,
    kind: KindNameSchema,
    /** When it began, on the server's clock. */
    at: EpochMsSchema,
  },
  LATER,
);
/** A copy attempt of the same examinee that another machine's ledger has, and that counts on in this one (Art. 70). */
export type CarriedAttempt = Static<typeof CarriedAttemptSchema>;

/** What counts on from the machines before, where an exam is carried on: one by one, so that each can be dismissed. */
export const CarriedSchema = Type.Object(
  {
    /** The highest number that a copy attempt has there, dismissed ones too: those of here go on from it. */
    highest: Type.Integer({ minimum: 0, maximum: MOST }),
    /** Those that stood. `copyAttemptLimit` is without them already. */
    attempts: Type.Array(CarriedAttemptSchema, { maxItems: 10 }),
  },
  LATER,
);
export type Carried = Static<typeof CarriedSchema>;
