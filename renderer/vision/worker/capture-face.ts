import { alignment } from '#renderer/vision/measure/face-alignment.ts';
import type { FaceKeypoints, Point } from '#renderer/vision/measure/head-pose.ts';
import { lumaOf, meanInside } from '#renderer/vision/measure/picture-quality.ts';
import { sharpness } from '#renderer/vision/measure/sharpness.ts';
import type { FaceFinder } from '#renderer/vision/worker/face-finder.ts';
import type { FramePainter } from '#renderer/vision/worker/frame-painter.ts';
import { largest } from '#renderer/vision/worker/largest.ts';
import type { Descriptor } from '#shared/identity/face-capture.ts';
import { reliefOf } from '#shared/identity/relief.ts';
import type { WorkerCapture } from './vision-messages.ts';

/** Makes the 128 numbers of an aligned face: a picture of 150x150 (`face-alignment.ts`). */
export type FaceDescriber = (picture: ImageData) => Promise<Descriptor>;

/** A capture, and what became of its descriptor. */
export interface Captured {
  readonly capture: WorkerCapture;
  readonly descriptorMs: number | null;
  /** Why the model could not describe a face that was there; null when it did or was not asked. */
  readonly problem: unknown;
}

/**
 * Looks at a frame for identity: the largest face, how good its picture is, and its descriptor.
 *
 * @param frame stays the caller's.
 * @param describe null while the model is not there: the descriptor is null then.
 */
export async function captureFace(
  frame: VideoFrame,
  painter: FramePainter,
  finder: FaceFinder,
  describe: FaceDescriber | null,
): Promise<Captured> {
  const picture = painter.pixels(frame);
  const found = finder.find(picture);
  const nearest = largest(found, ({ face }) => face);
  const aim = nearest && alignment(scaled(nearest.keypoints, frame.displayWidth / picture.width));
  if (!nearest || !aim) {
    const nobody = { faces: found.length, face: null, facePixels: 0, faceMean: 0, sharpness: 0 };
    return { capture: { ...nobody, descriptor: null }, descriptorMs: null, problem: null };
  }
  const { face } = nearest;
  const relief = reliefOf(nearest.keypoints);
  const aligned = painter.aligned(frame, aim);
  const started = performance.now();
  let descriptor: Descriptor | null = null;
  let problem: unknown = null;
  try {
    descriptor = describe && (await describe(aligned));
  } catch (error) {
    problem = error ?? new Error('the model failed');
  }
  return {
    capture: {
      faces: found.length,
      face,
      facePixels: Math.max(0, face.width * frame.displayWidth),
      faceMean: meanInside(lumaOf(picture), face) ?? 0,
      sharpness: sharpness(aligned),
      ...(relief === null ? {} : { relief }),
      descriptor: descriptor && [...descriptor],
    },
    descriptorMs: descriptor && performance.now() - started,
    problem,
  };
}

/** The small picture's keypoints, on the camera's own frame: there are the pixels to align. */
function scaled(points: FaceKeypoints, by: number): FaceKeypoints {
  const on = ({ x, y }: Point): Point => ({ x: x * by, y: y * by });
  return {
    rightEye: on(points.rightEye),
    leftEye: on(points.leftEye),
    nose: on(points.nose),
    mouth: on(points.mouth),
    rightEar: on(points.rightEar),
    leftEar: on(points.leftEar),
  };
}
