import Type, { type Static, type TSchema } from 'typebox';
import {
  CheckOutcomeSchema,
  IdentityDecisionSchema,
  IdentitySettingsSchema,
} from '#shared/identity/identity-facts.ts';
import { ThresholdsSchema } from '#shared/incident/identity-thresholds.ts';
import { EvidenceSchema } from '#shared/incident/incident.ts';
import { LONGEST, MANY, MOST } from '#shared/kernel/bounds.ts';
import { EpochMsSchema, ExamTimeSchema } from '#shared/kernel/time.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const IdentityStatusSchema = Type.Union([
  Type.Literal('by-hand'),
  Type.Literal('pending'),
  Type.Literal('needs-person'),
  Type.Literal('verified'),
  Type.Literal('refused'),
]);

/** What a person needs to decide who sits there. Pictures of the enrolment are asked for one by one, and each look is on record. */
export const AttemptIdentitySchema = object({
  settings: IdentitySettingsSchema,
  status: IdentityStatusSchema,
  /** By which the distances of `checks` are judged. */
  thresholds: ThresholdsSchema,
  documentMissing: Type.Boolean(),
  /** Newest last. */
  checks: Type.Array(
    object({
      t: ExamTimeSchema,
      outcome: CheckOutcomeSchema,
      distance: orNull(Type.Number({ minimum: -MOST, maximum: MOST })),
      challenge: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('off')]),
      evidence: Type.Array(EvidenceSchema, { maxItems: MANY }),
    }),
    { maxItems: MANY },
  ),
  decision: orNull(
    object({
      decision: IdentityDecisionSchema,
      by: Type.String({ maxLength: LONGEST }),
      authorisedBy: orNull(Type.String({ maxLength: LONGEST })),
      reason: Type.String({ maxLength: LONGEST }),
      t: ExamTimeSchema,
    }),
  ),
  /** What the enrolment has to compare with; null when there is none (any more). */
  enrolled: orNull(
    object({
      at: EpochMsSchema,
      portrait: Type.Boolean(),
      document: orNull(Type.Union([Type.Literal('cedula'), Type.Literal('passport')])),
      /** The text of the digital cédula's QR, to be validated by a person in GOB.EC. */
      documentQr: orNull(Type.String({ maxLength: LONGEST })),
    }),
  ),
  /** Views of the room, newest last. */
  roomScans: Type.Array(
    object({
      t: ExamTimeSchema,
      outcome: Type.Union([
        Type.Literal('shown'),
        Type.Literal('refused'),
        Type.Literal('timed-out'),
      ]),
      evidence: Type.Array(EvidenceSchema, { maxItems: MANY }),
    }),
    { maxItems: MANY },
  ),
});
export type AttemptIdentity = Static<typeof AttemptIdentitySchema>;
