import Type, { type Static } from 'typebox';
import { INCIDENT_KINDS, type IncidentKind } from './kind.ts';

/** What the rules do with one kind of observation. */
export const KindPolicySchema = Type.Object(
  {
    /** `count`: an incident that counts as a copy attempt; `review`: evidence for people; `ignore`: not even recorded as an incident. */
    effect: Type.Union([Type.Literal('count'), Type.Literal('review'), Type.Literal('ignore')]),
    /** How long it must last without a break before it is an incident, ms. 0 for single acts. */
    minMs: Type.Integer({ minimum: 0 }),
    /** When the examinee is warned, with a countdown to `minMs`; null for no warning. Less than `minMs`. */
    warnAfterMs: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    /**
     * A break shorter than this is no break: the condition's clock goes on and an open incident stays
     * one incident. For single acts: a repetition within this is the same act (a held key). ms.
     */
    breakMs: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type KindPolicy = Static<typeof KindPolicySchema>;

/** The rules of one exam process. Part of the attempt's ledger, so that a decision can be replayed later. */
export const PolicySchema = Type.Object(
  {
    version: Type.Literal(1),
    /** Art. 70: the exam closes by itself at this many copy attempts. */
    copyAttemptLimit: Type.Integer({ minimum: 1, maximum: 10 }),
    /** Accommodation (PPL, Art. 26d, 55): the camera is neither asked for nor judged. */
    cameraExempt: Type.Boolean(),
    /** An incident that starts within this time of an edge of an incident of its own family belongs to the same act, ms. */
    episodeGapMs: Type.Integer({ minimum: 0 }),
    /** The same between families (a camera unplugged: `peripheral` and `camera-off`), ms. */
    episodeCrossGapMs: Type.Integer({ minimum: 0 }),
    /** An episode never lasts longer than this, so that one act cannot shelter others, ms. */
    episodeMaxMs: Type.Integer({ minimum: 0 }),
    kinds: Type.Unsafe<Readonly<Record<IncidentKind, KindPolicy>>>(
      Type.Object(Object.fromEntries(INCIDENT_KINDS.map((kind) => [kind, KindPolicySchema])), {
        additionalProperties: false,
      }),
    ),
  },
  { additionalProperties: false },
);
export type Policy = Static<typeof PolicySchema>;
