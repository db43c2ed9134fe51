/** A point of the picture in pixels, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What BlazeFace marks in a face. Right and left are the person's own. */
export interface FaceKeypoints {
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly nose: Point;
  readonly mouth: Point;
  readonly rightEar: Point;
  readonly leftEar: Point;
}

/** Beyond a full profile the numbers say nothing more; a bound keeps a bad frame from shouting. */
const LIMIT = 2;

/** Eyes closer together than this part of the eye-to-mouth distance give no direction. */
const MIN_EYE_DISTANCE = 0.1;

/**
 * How far the head is turned to a side: (nose - middle of the eyes) along the line of the eyes,
 * divided by the height from the eyes to the mouth. Tilting the head does not change it, nor does
 * the distance to the camera.
 *
 * @param points in pixels: fractions of a frame that is not square would skew it.
 * @returns 0 looking at the camera, positive to the picture's right, about 0.5 in profile; within ±2.
 */
export function yawIndex(points: FaceKeypoints): number {
  const { rightEye, leftEye, nose, mouth } = points;
  const middle = { x: (rightEye.x + leftEye.x) / 2, y: (rightEye.y + leftEye.y) / 2 };
  const down = { x: mouth.x - middle.x, y: mouth.y - middle.y };
  const faceLength = Math.hypot(down.x, down.y);
  if (faceLength === 0) return 0;

  const eyes = { x: leftEye.x - rightEye.x, y: leftEye.y - rightEye.y };
  const eyeDistance = Math.hypot(eyes.x, eyes.y);
  const along =
    eyeDistance < MIN_EYE_DISTANCE * faceLength
      ? // One eye hides the other: across the line to the mouth instead.
        { x: down.y / faceLength, y: -down.x / faceLength }
      : { x: eyes.x / eyeDistance, y: eyes.y / eyeDistance };

  const height = down.y * along.x - down.x * along.y;
  if (height <= 0) return 0;
  const offset = (nose.x - middle.x) * along.x + (nose.y - middle.y) * along.y;
  return Math.max(-LIMIT, Math.min(LIMIT, offset / height));
}
