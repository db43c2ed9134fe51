import type { FaceKeypoints, Point } from './head-pose.ts';

/** Side of the picture that the descriptor's model looks at, pixels. */
export const ALIGNED_SIDE = 150;

/**
 * Where eyes and mouth belong in that picture, as parts of its side: there the model was trained to find
 * them. The person's right eye is on the picture's left.
 */
const PLACES = {
  rightEye: { x: 0.317, y: 0.311 },
  leftEye: { x: 0.67, y: 0.311 },
  mouth: { x: 0.493, y: 0.7 },
} as const;

/** Turns, scales and moves, and nothing else: x' = a·x - b·y + dx, y' = b·x + a·y + dy. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly dx: number;
  readonly dy: number;
}

/**
 * The similarity that brings eyes and mouth nearest to their places (least squares; there is no exact
 * one for three points).
 *
 * @param points in pixels of the frame that is to be drawn.
 * @returns null when the points lie on one another.
 */
export function alignment(points: FaceKeypoints): Similarity | null {
  const pairs = (['rightEye', 'leftEye', 'mouth'] as const).map((name) => ({
    from: points[name],
    to: { x: PLACES[name].x * ALIGNED_SIDE, y: PLACES[name].y * ALIGNED_SIDE },
  }));
  const from = middle(pairs.map((pair) => pair.from));
  const to = middle(pairs.map((pair) => pair.to));
  let spread = 0;
  let along = 0;
  let across = 0;
  for (const pair of pairs) {
    const p = { x: pair.from.x - from.x, y: pair.from.y - from.y };
    const q = { x: pair.to.x - to.x, y: pair.to.y - to.y };
    spread += p.x * p.x + p.y * p.y;
    along += p.x * q.x + p.y * q.y;
    across += p.x * q.y - p.y * q.x;
  }
  if (spread === 0) return null;
  const a = along / spread;
  const b = across / spread;
  return { a, b, dx: to.x - a * from.x + b * from.y, dy: to.y - b * from.x - a * from.y };
}

function middle(points: readonly Point[]): Point {
  const sum = points.reduce((all, p) => ({ x: all.x + p.x, y: all.y + p.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
