/** A point of the picture, in any unit, as long as both axes have the same. */
interface Point {
  readonly x: number;
  readonly y: number;
}

const LIMIT = 5;
/** Eyes and mouth on one line, to within this part of their distances, give no plane to measure in. */
const FLAT = 0.05;

/**
 * Where the nose is, measured in the oblique axes of the face itself: along the eyes, from the line between their
 * middle and the mouth, in eye distances. Whatever moves, scales, tilts, swings or skews a flat picture leaves
 * this number as it is (it is affine); a head that turns moves its nose against eyes and mouth. That is what tells
 * the two apart, and what the yaw index alone cannot: a photograph swung about its diagonal shows a yaw.
 * @returns positive to the picture's right, within ±5; null when the points lie on one line.
 */
export const reliefOf = (face: {
  /** The person's own right and left. */
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly nose: Point;
  readonly mouth: Point;
}): number | null => {
  const { rightEye, leftEye, nose, mouth } = face;
  const middle = { x: (rightEye.x + leftEye.x) / 2, y: (rightEye.y + leftEye.y) / 2 };
  const eyes = { x: leftEye.x - rightEye.x, y: leftEye.y - rightEye.y };
  const down = { x: mouth.x - middle.x, y: mouth.y - middle.y };
  const area = eyes.x * down.y - eyes.y * down.x;
  if (Math.abs(area) <= FLAT * (eyes.x ** 2 + eyes.y ** 2 + down.x ** 2 + down.y ** 2)) return null;
  const tip = { x: nose.x - middle.x, y: nose.y - middle.y };
  const relief = (tip.x * down.y - tip.y * down.x) / area;
  return Math.max(-LIMIT, Math.min(LIMIT, relief));
};
