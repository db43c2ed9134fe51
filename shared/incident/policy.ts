import Type, { type Static } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';
import { LATER } from '#shared/kernel/json-size.ts';
import { CarriedSchema } from './carried.ts';
import { ThresholdsSchema } from './identity-thresholds.ts';
import { type IncidentKind, KIND_NAME_PATTERN, type KindName, MAX_KINDS } from './kind.ts';

/** What the rules do with one kind of observation. */
export const KindPolicySchema = Type.Object(
  {
    /** `count`: an incident that counts as a copy attempt; `review`: evidence for people; `ignore`: not even recorded as an incident. */
    effect: Type.Union([Type.Literal('count'), Type.Literal('review'), Type.Literal('ignore')]),
    /** How long it must last without a break before it is an incident, ms. 0 for single acts. */
    minMs: Type.Integer({ minimum: 0, maximum: MOST }),
    /** When the examinee is warned, with a countdown to `minMs`; null for no warning. Less than `minMs`. */
    warnAfterMs: Type.Union([Type.Integer({ minimum: 0, maximum: MOST }), Type.Null()]),
    /**
     * A break shorter than this is no break: the condition's clock goes on and an open incident stays
     * one incident. For single acts: a repetition within this is the same act (a held key). ms.
     */
    breakMs: Type.Integer({ minimum: 0, maximum: MOST }),
  },
  LATER,
);
export type KindPolicy = Static<typeof KindPolicySchema>;

/** What the rules do with each kind. A kind that is missing is `ignore`; there may be kinds that this build does not know. */
export type KindPolicies = Readonly<Partial<Record<IncidentKind, KindPolicy>>> &
  Readonly<Record<string, KindPolicy | undefined>>;

const GateTimesSchema = Type.Object(
  {
    /** From the press and the first good picture to the first moment that counts, ms. */
    graceMs: Type.Integer({ minimum: 0, maximum: 60_000 }),
    /** So long after the press without a good picture, what the camera shows is evidence for people, ms. */
    pictureMs: Type.Integer({ minimum: 5_000, maximum: 600_000 }),
  },
  LATER,
);
type GateTimes = Static<typeof GateTimesSchema>;

const RoomEventRuleSchema = Type.Object(
  {
    /** Of so many seats at least. */
    seats: Type.Integer({ minimum: 2, maximum: 900 }),
    /** And of one in so many of those who are there: 5 is a fifth. */
    oneIn: Type.Integer({ minimum: 1, maximum: 900 }),
    /** Within this time, ms. */
    windowMs: Type.Integer({ minimum: 1_000, maximum: 120_000 }),
  },
  LATER,
);
/** When the same of several seats is one event of the room (`shared/exam/room-event.ts`). */
export type RoomEventRule = Static<typeof RoomEventRuleSchema>;

/**
 * The rules of one exam process. Part of the attempt's ledger, so that a decision can be replayed later. Read
 * tolerantly: what a later version adds is kept as it came, and stays within the size of an entry.
 */
export const PolicySchema = Type.Object(
  {
    /** Which rules judge (`rule-sets.ts`). A version that this build does not have is kept, and not replayed. */
    version: Type.Integer({ minimum: 1, maximum: 10_000 }),
    /** Art. 70: the exam closes by itself at this many copy attempts. */
    copyAttemptLimit: Type.Integer({ minimum: 1, maximum: 10 }),
    /** Accommodation (PPL, Art. 26d, 55): the camera is neither asked for nor judged. */
    cameraExempt: Type.Boolean(),
    /**
     * Accommodation (Art. 22): programs that read aloud or write for the examinee work over the clipboard. Absent: they do
     * not. What a version 2 makes of it: `excused` in `rule-parts.ts`.
     */
    readsByClipboard: Type.Optional(Type.Boolean()),
    /** An incident that starts within this time of an edge of an incident of its own family belongs to the same act, ms. */
    episodeGapMs: Type.Integer({ minimum: 0, maximum: MOST }),
    /** The same between families (a camera unplugged: `peripheral` and `camera-off`), ms. */
    episodeCrossGapMs: Type.Integer({ minimum: 0, maximum: MOST }),
    /** An episode never lasts longer than this, so that one act cannot shelter others, ms. */
    episodeMaxMs: Type.Integer({ minimum: 0, maximum: MOST }),
    /**
     * How the camera comes into counting (`shared/attempt/gate.ts`). Absent: the usual times. null: nobody is asked and the
     * camera counts from the first moment on, as for a clip that is judged.
     */
    gate: Type.Optional(Type.Union([GateTimesSchema, Type.Null()])),
    /** When several seats are one event of the room. Absent: the catalogue's values. null: each seat always stands for itself. */
    roomEvent: Type.Optional(Type.Union([RoomEventRuleSchema, Type.Null()])),
    /** Which distances are the examinee's face. Absent: those of before policies named any (`identity-thresholds.ts`). */
    identity: Type.Optional(ThresholdsSchema),
    /** What counts on from other machines; absent where the exam began on this one. */
    carried: Type.Optional(CarriedSchema),
    kinds: Type.Unsafe<KindPolicies>(
      Type.Record(Type.String({ pattern: KIND_NAME_PATTERN }), KindPolicySchema, {
        additionalProperties: false,
        maxProperties: MAX_KINDS,
      }),
    ),
  },
  LATER,
);
export type Policy = Static<typeof PolicySchema>;

const USUAL_TIMES: GateTimes = { graceMs: 10_000, pictureMs: 60_000 };

/** The policy's times at the gate; null where it has none. */
export const gateTimes = ({ gate }: Pick<Policy, 'gate'>): GateTimes | null =>
  gate === undefined ? USUAL_TIMES : gate;

const IGNORED: KindPolicy = { effect: 'ignore', minMs: 0, warnAfterMs: null, breakMs: 0 };

/** What a policy does with a kind; nothing when it does not name it. */
export const kindPolicy = ({ kinds }: Pick<Policy, 'kinds'>, kind: KindName): KindPolicy =>
  (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? IGNORED;
