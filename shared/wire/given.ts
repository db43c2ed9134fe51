import Type, { type Static, type TSchema } from 'typebox';
import { IdentitySettingsSchema } from '#shared/identity/identity-facts.ts';
import { PolicySchema } from '#shared/incident/policy.ts';
import { MOST } from '#shared/kernel/bounds.ts';
import { HashSchema, QuestionIdSchema, SessionIdSchema } from '#shared/kernel/ids.ts';
import { EpochMsSchema, MINUTE } from '#shared/kernel/time.ts';
import { RecordedCommandSchema } from './command.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/**
 * What the server itself gave out and ordered for one attempt: what its ledger is compared with, by the server and by
 * the off-line verifier (in the exported bundle). No question's text, no key, no code.
 */
const TermsSchema = object({
  /** With the examinee's accommodations. */
  policy: PolicySchema,
  identity: IdentitySettingsSchema,
  /** The examinee's own time, extra time included, ms. */
  durationMs: Type.Integer({ minimum: 1, maximum: 24 * 60 * MINUTE }),
  shift: object({ startsAt: EpochMsSchema, endsAt: EpochMsSchema }),
  rulesVersion: Type.String({ maxLength: 20 }),
});

export const GivenSchema = object({
  sessionId: SessionIdSchema,
  /** What each sign-in gave out, the first of them first; a kiosk may hold to any of it. */
  terms: Type.Array(TermsSchema, { minItems: 1, maxItems: 100 }),
  /** What the device says that it is; null when it never did. */
  host: orNull(Type.String({ maxLength: 40 })),
  /** What proves the session's exit code (`staffProofText`); null when kiosks were not asked for proofs. */
  staffKey: orNull(HashSchema),
  /** null while it was not asked for. */
  form: orNull(
    object({
      hash: HashSchema,
      givenAt: EpochMsSchema,
      questions: Type.Array(
        object({
          id: QuestionIdSchema,
          /** The options' ids as one text, `cadb`. */
          options: Type.String({ maxLength: 26 }),
          single: Type.Boolean(),
        }),
        { maxItems: 500 },
      ),
    }),
  ),
  /**
   * When staff ended the attempt without its kiosk, and how far its ledger had come by then; absent when they did not.
   */
  ended: Type.Optional(
    object({ at: EpochMsSchema, seq: Type.Integer({ minimum: 0, maximum: MOST }) }),
  ),
  /** Every order of staff, whether it was answered or not. */
  commands: Type.Array(RecordedCommandSchema, { maxItems: 10_000 }),
});
export type Given = Readonly<Static<typeof GivenSchema>>;
export type GivenTerms = Readonly<Static<typeof TermsSchema>>;
