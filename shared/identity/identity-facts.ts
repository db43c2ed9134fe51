import Type, { type Static } from 'typebox';

/** How identity is checked before the exam (Art. 21, 31, 35h). Part of the ticket and of the ledger's first entry. */
export const IdentitySettingsSchema = Type.Object(
  {
    /** `by-hand`: the room checks documents itself and no face is compared, which is on record. */
    check: Type.Union([Type.Literal('face'), Type.Literal('by-hand')]),
    /** Whether there is a template to compare with. */
    enrolled: Type.Boolean(),
    /** Whether the examinee is asked to turn the head (liveness). */
    challenge: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type IdentitySettings = Static<typeof IdentitySettingsSchema>;

/** As it was before identity was checked at all, and where the examinee has no camera (Art. 26d). */
export const BY_HAND: IdentitySettings = { check: 'by-hand', enrolled: false, challenge: false };

/** What one check of the face found. None but `verified` lets the examinee go on without a person. */
export const CHECK_OUTCOMES = [
  'verified',
  /** Between the thresholds: a person decides. */
  'unsure',
  /** Above the threshold: a person decides. */
  'no',
  /** There is no template: a person decides. */
  'not-enrolled',
  /** The turns that were asked for were not made, or another face came back: a person decides. */
  'challenge-failed',
  /** No good picture in the time given: a person decides. */
  'no-capture',
] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];
export const CheckOutcomeSchema = Type.Unsafe<CheckOutcome>(
  Type.Union(CHECK_OUTCOMES.map((outcome) => Type.Literal(outcome))),
);

/** What a proctor decides about who sits there (Art. 21, 31); always with a reason. */
export const IDENTITY_DECISIONS = [
  'verified-in-person',
  /** The QR and PIN of the digital cédula were validated by a person in GOB.EC. */
  'digital-id-validated',
  /** No document: an alternative check that somebody authorised (Art. 31). Names who. */
  'authorised-alternative',
  'refused',
] as const;
export type IdentityDecision = (typeof IDENTITY_DECISIONS)[number];
export const IdentityDecisionSchema = Type.Unsafe<IdentityDecision>(
  Type.Union(IDENTITY_DECISIONS.map((decision) => Type.Literal(decision))),
);
