import Type, { type Static } from 'typebox';
import { FaceSchema } from '#shared/incident/camera-sample.ts';
import { MOST } from '#shared/kernel/bounds.ts';

/** Numbers in a face descriptor of the model that `TEMPLATE_MODEL` names. */
export const DESCRIPTOR_LENGTH = 128;

/** Descriptors of another model cannot be compared: a template names the one that made it. */
export const TEMPLATE_MODEL = 'face-api-1';

/** A face as 128 numbers (an embedding): near for one person, far for two. No picture can be made of it again. */
export const DescriptorSchema = Type.Array(Type.Number({ minimum: -10, maximum: 10 }), {
  minItems: DESCRIPTOR_LENGTH,
  maxItems: DESCRIPTOR_LENGTH,
});
export type Descriptor = readonly number[];

/**
 * One frame looked at for identity, as the vision worker measured it. It states facts; whether the
 * frame is good enough is decided by `captureAdvice`, and whose face it is by the host.
 */
export const FaceCaptureSchema = Type.Object(
  {
    /** Milliseconds between the frame's capture and this report. */
    ageMs: Type.Number({ minimum: 0, maximum: MOST }),
    /** How many faces were in the picture; the descriptor is of the largest. */
    faces: Type.Integer({ minimum: 0, maximum: 16 }),
    /** The largest face; null when there was none, and then there is no descriptor. */
    face: Type.Union([FaceSchema, Type.Null()]),
    /** The face's width in pixels of the camera's own frame. */
    facePixels: Type.Number({ minimum: 0, maximum: MOST }),
    /** Mean luma inside the face's box, 0..255. */
    faceMean: Type.Number({ minimum: 0, maximum: 255 }),
    /** Variance of the Laplacian of the face's luma at 150x150: small when blurred. */
    sharpness: Type.Number({ minimum: 0, maximum: MOST }),
    /**
     * Where the nose is along the line of the eyes, counted from the line between the eyes' middle and the mouth,
     * in eye distances, positive to the picture's right (`reliefOf`). In a flat picture it is the same however the
     * picture is held. Absent when it was not measured.
     */
    relief: Type.Optional(Type.Number({ minimum: -5, maximum: 5 })),
    descriptor: Type.Union([DescriptorSchema, Type.Null()]),
  },
  { additionalProperties: false },
);
export type FaceCapture = Static<typeof FaceCaptureSchema>;

/** What a match uses: the mean of 3 to 5 good captures. The frames themselves are not part of it. */
export const TemplateSchema = Type.Object(
  {
    model: Type.Literal(TEMPLATE_MODEL),
    descriptor: DescriptorSchema,
    captures: Type.Integer({ minimum: 1, maximum: 5 }),
  },
  { additionalProperties: false },
);
export type Template = Static<typeof TemplateSchema>;
