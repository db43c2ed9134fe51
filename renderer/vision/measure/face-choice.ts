import type { Face } from '#shared/incident/camera-sample.ts';
import { type FaceKeypoints, yawIndex } from './head-pose.ts';

/**
 * Which of the detectors' boxes are faces. Two BlazeFace models look: the full-range one at every
 * frame, the short-range one (a third of its cost, better with near and cut faces, but with stray
 * boxes on bare arms and clothes) only as a second opinion. Thresholds: docs/vision.md.
 */

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One finding of a detector. */
export interface Candidate {
  /** Pixels of the frame. */
  readonly box: Box;
  /** 0..1 */
  readonly score: number;
  readonly keypoints: FaceKeypoints;
}

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Detectors report boxes from this score on; all below is noise. */
export const WEAKEST_SCORE = 0.2;

const FIRST_FACE = 0.5;
/** A second person in the picture is a grave thing to say, so it takes more. */
const FURTHER_FACE = 0.6;
const CONFIRMED_FURTHER_FACE = 0.4;
const WEAK_SHORT = 0.3;
/** Enough to stay, where a face was a moment ago. */
const HELD_FACE = 0.3;
const SHORT_ALONE = 0.75;
const SAME_FACE = 0.3;
const CLEARLY_FORWARD = 0.2;
const MOST_FACES = 16;

/** Faces that the full-range model alone is sure of, largest score first. */
export function facesAtFirstLook(full: readonly Candidate[]): Candidate[] {
  return byScore(full).filter(({ score }, i) => score >= (i === 0 ? FIRST_FACE : FURTHER_FACE));
}

/**
 * Whether a frame needs the second opinion: nobody, several, a doubtful second face, or a head that
 * may be turned.
 */
export function needsSecondLook(full: readonly Candidate[]): boolean {
  const sure = full.filter(({ score }) => score >= FIRST_FACE);
  const [only] = sure;
  return sure.length !== 1 || !only || Math.abs(yawIndex(only.keypoints)) > CLEARLY_FORWARD;
}

/** A face, and where its parts are: what the descriptor's picture is aligned by. */
export interface FoundFace {
  readonly face: Face;
  /** In pixels of the picture that was looked at. */
  readonly keypoints: FaceKeypoints;
}

/**
 * Faces of a frame that both models looked at.
 *
 * @param before faces of the last look if it was a moment ago, else none.
 * @returns largest score first, yaw averaged over the models where both saw the face.
 */
export function facesAtSecondLook(
  full: readonly Candidate[],
  short: readonly Candidate[],
  frame: FrameSize,
  before: readonly Face[],
): FoundFace[] {
  const sure = byScore(full).filter(
    (face, i) =>
      face.score >= (i === 0 ? FIRST_FACE : FURTHER_FACE) ||
      (i > 0 && face.score >= FIRST_FACE && partner(face, short, CONFIRMED_FURTHER_FACE)),
  );
  const merged = sure.map((face) => toFound(face, frame, partner(face, short, WEAK_SHORT)));
  const strong = byScore(short).filter(
    (face) => face.score >= SHORT_ALONE && !partner(face, sure, 0),
  );
  if (merged.length > 0) {
    return [...merged, ...strong.map((face) => toFound(face, frame))].slice(0, MOST_FACES);
  }
  // Neither is sure: two weak opinions on the same place make one face, and no more than one; so
  // does a weak one where a face was before.
  const weak =
    byScore(short).find((face) => face.score >= WEAK_SHORT && partner(face, full, WEAKEST_SCORE)) ??
    byScore(full).find(
      (face) =>
        face.score >= HELD_FACE &&
        before.some((old) => overlap(toFace(face, frame), old) > SAME_FACE),
    );
  const found = strong.length > 0 ? strong : weak ? [weak] : [];
  return found
    .map((face) => toFound(face, frame, partner(face, full, WEAKEST_SCORE)))
    .slice(0, MOST_FACES);
}

export function toFound(face: Candidate, frame: FrameSize, second?: Candidate): FoundFace {
  return { face: toFace(face, frame, second), keypoints: face.keypoints };
}

/**
 * A candidate as the sample states it.
 *
 * @param second the other model's opinion of the same face.
 */
export function toFace(face: Candidate, frame: FrameSize, second?: Candidate): Face {
  const { x, y, width, height } = unclamped(face);
  const own = yawIndex(face.keypoints);
  return {
    x: x / frame.width,
    y: y / frame.height,
    width: width / frame.width,
    height: height / frame.height,
    score: Math.min(1, Math.max(face.score, second?.score ?? 0)),
    yaw: second ? (own + yawIndex(second.keypoints)) / 2 : own,
  };
}

/**
 * The detector moves a box that begins left of or above the frame to its edge and leaves its size,
 * so that a cut face would look whole. Its keypoints stay where they are: their middle is the box's.
 */
function unclamped({ box, keypoints }: Candidate): Box {
  if (box.x > 0 && box.y > 0) return box;
  const points = Object.values(keypoints) as FaceKeypoints[keyof FaceKeypoints][];
  const middleX = points.reduce((sum, p) => sum + p.x, 0) / points.length;
  const middleY = points.reduce((sum, p) => sum + p.y, 0) / points.length;
  return {
    ...box,
    x: box.x > 0 ? box.x : Math.min(0, middleX - box.width / 2),
    y: box.y > 0 ? box.y : Math.min(0, middleY - box.height / 2),
  };
}

function byScore(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort((a, b) => b.score - a.score);
}

/** The best candidate of the other model that covers the same face. */
function partner(
  face: Candidate,
  others: readonly Candidate[],
  minScore: number,
): Candidate | undefined {
  return byScore(others).find(
    (other) => other.score >= minScore && overlap(face.box, other.box) > SAME_FACE,
  );
}

/** Intersection over union, 0..1. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
