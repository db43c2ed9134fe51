import Type, { type Static } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';

/**
 * A face in one camera frame, as the vision worker measured it. The worker states facts; whether a
 * face is cut, too far or turned is decided by the rules (`camera-conditions.ts`).
 */
export const FaceSchema = Type.Object(
  {
    /** Fractions of the frame's width and height, origin top left; may leave 0..1 when cut by the edge. */
    x: Type.Number({ minimum: -MOST, maximum: MOST }),
    y: Type.Number({ minimum: -MOST, maximum: MOST }),
    width: Type.Number({ minimum: 0, maximum: MOST }),
    height: Type.Number({ minimum: 0, maximum: MOST }),
    /** The detector's confidence, 0..1. */
    score: Type.Number({ minimum: 0, maximum: 1 }),
    /**
     * Roll-free yaw index n = (nose - eye midpoint) along the eye line / eye-to-mouth height.
     * 0 looks at the camera; the sign is the side, in the unmirrored picture positive is to the picture's right.
     */
    yaw: Type.Number({ minimum: -MOST, maximum: MOST }),
  },
  { additionalProperties: false },
);
export type Face = Static<typeof FaceSchema>;

/** What an object model may find beside the examinee (Art. 27b, d, h; 29g). */
const OBJECT_KINDS = ['phone', 'book', 'headphones', 'cap'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

const FoundObjectSchema = Type.Object(
  {
    kind: Type.Unsafe<ObjectKind>(Type.Union(OBJECT_KINDS.map((kind) => Type.Literal(kind)))),
    /** The detector's confidence, 0..1. */
    score: Type.Number({ minimum: 0, maximum: 1 }),
    /** Fractions of the frame, as of a face. */
    x: Type.Number({ minimum: -MOST, maximum: MOST }),
    y: Type.Number({ minimum: -MOST, maximum: MOST }),
    width: Type.Number({ minimum: 0, maximum: MOST }),
    height: Type.Number({ minimum: 0, maximum: MOST }),
  },
  { additionalProperties: false },
);
export type FoundObject = Static<typeof FoundObjectSchema>;

const CameraStatusSchema = Type.Union([
  Type.Literal('ok'),
  /** The track ended: unplugged, permission withdrawn. */
  Type.Literal('ended'),
  /** The track was muted while its frames came: by the system or by a switch on the device. */
  Type.Literal('muted'),
  /** The track is live but no new frame comes; browsers call that muted after a while. Nobody can tell why. */
  Type.Literal('no-frames'),
  /** The page's timers are held back, and no frame came between them: whether any comes, nobody watches. Technical. */
  Type.Literal('unheard'),
  /** The program's own vision failed (worker crashed, model missing): technical, never the examinee's act. */
  Type.Literal('vision-failed'),
]);
export type CameraStatus = Static<typeof CameraStatusSchema>;

/** One look at the camera, 1-5 times a second. Not stored: only the changes that follow from it are. */
export const CameraSampleSchema = Type.Object(
  {
    /** Milliseconds between the frame's capture and this report; lets the host place it on its own clock. */
    ageMs: Type.Number({ minimum: 0, maximum: MOST }),
    status: CameraStatusSchema,
    /** Whether the camera has given any frame since this page began to look; absent where the page does not say. */
    worked: Type.Optional(Type.Boolean()),
    faces: Type.Array(FaceSchema, { maxItems: 16 }),
    /** Objects in the picture; absent when this frame was not looked at for objects (no model, or not its turn). */
    objects: Type.Optional(Type.Array(FoundObjectSchema, { maxItems: 8 })),
    /** The camera's name as the system gives it, cut to 120 characters; absent where the page does not know it. */
    label: Type.Optional(Type.String({ maxLength: 120 })),
    /** Picture statistics of the luma plane at 160x120, 0..255; null when there is no frame. */
    luma: Type.Union([
      Type.Null(),
      Type.Object(
        {
          mean: Type.Number({ minimum: -MOST, maximum: MOST }),
          std: Type.Number({ minimum: -MOST, maximum: MOST }),
          /** Fraction 0..1 of 10x10 blocks whose standard deviation is below 3. */
          flatFraction: Type.Number({ minimum: -MOST, maximum: MOST }),
          /** Mean luma inside the largest face's box; null without a face. */
          faceMean: Type.Union([Type.Number({ minimum: -MOST, maximum: MOST }), Type.Null()]),
          /** Mean absolute difference to the previous sampled frame; null for the first, and for the same frame once more. */
          difference: Type.Union([Type.Number({ minimum: -MOST, maximum: MOST }), Type.Null()]),
          /**
           * How much of the structure of the last bright picture is still there whatever the light, -1..1; absent or null
           * without one to compare with.
           */
          likeness: Type.Optional(
            Type.Union([Type.Number({ minimum: -1, maximum: 1 }), Type.Null()]),
          ),
        },
        { additionalProperties: false },
      ),
    ]),
  },
  { additionalProperties: false },
);
export type CameraSample = Static<typeof CameraSampleSchema>;
