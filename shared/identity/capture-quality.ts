import type { FaceCapture } from './face-capture.ts';

/**
 * What makes a frame good enough to know somebody by (docs/vision.md): dark or blurred frames of the right person
 * are as far from the template as another person's.
 */
export const CAPTURE_LIMITS = {
  /** Smaller faces lose the match: the descriptor's own picture is 150 px wide. Pixels of the camera's frame. */
  facePixels: 84,
  /** Below this mean luma the face is too dark, 0..255. */
  faceMean: 35,
  /** A head turned further than this shows too little of the other side; |yaw|. */
  yaw: 0.28,
  /** The face must be inside the frame with this margin, as a part of it. */
  margin: 0,
} as const;

/** What to mend first; null when the frame is good. */
export type CaptureAdvice =
  | 'nobody'
  | 'two-people'
  | 'move-closer'
  | 'centre'
  | 'more-light'
  | 'look-ahead'
  | 'hold-still';

/**
 * Whether a frame is good enough for a match, and if not, what to mend.
 * @param leastSharpness relative to the person's own first minute; 0 while it is not known.
 */
export const captureAdvice = (capture: FaceCapture, leastSharpness = 0): CaptureAdvice | null => {
  const { face } = capture;
  if (face === null) return 'nobody';
  if (capture.faces > 1) return 'two-people';
  if (capture.faceMean < CAPTURE_LIMITS.faceMean) return 'more-light';
  if (capture.facePixels < CAPTURE_LIMITS.facePixels) return 'move-closer';
  const { margin } = CAPTURE_LIMITS;
  const inside =
    face.x >= margin &&
    face.y >= margin &&
    face.x + face.width <= 1 - margin &&
    face.y + face.height <= 1 - margin;
  if (!inside) return 'centre';
  if (Math.abs(face.yaw) > CAPTURE_LIMITS.yaw) return 'look-ahead';
  return capture.sharpness < leastSharpness || capture.descriptor === null ? 'hold-still' : null;
};
