import { type Detection, FaceDetector } from '@mediapipe/tasks-vision';
import {
  type Candidate,
  type FoundFace,
  facesAtFirstLook,
  facesAtSecondLook,
  needsSecondLook,
  toFound,
  WEAKEST_SCORE,
} from '#renderer/vision/measure/face-choice.ts';
import { VisionFiles } from '#renderer/vision/worker/vision-files.ts';
import { RUNTIME_FILE, VisionRuntime } from '#renderer/vision/worker/vision-runtime.ts';
import type { Face } from '#shared/incident/camera-sample.ts';

const FULL = 'face-full-range.tflite';
const SHORT = 'face-short-range.tflite';

/** Even on quiet frames the second model looks now and then: it sees faces cut by the edge. */
const SECOND_LOOK_EVERY = 5;
/** How long a face helps the next look to find it again. */
const MEMORY_MS = 1_500;

/** What a loaded finder leaves for other models to use. */
export interface VisionParts {
  readonly finder: FaceFinder;
  readonly files: VisionFiles;
  readonly runtime: VisionRuntime;
}

/** Finds the faces of a frame with two BlazeFace models. */
export class FaceFinder {
  readonly #full: FaceDetector;
  readonly #short: FaceDetector;
  #looks = 0;
  #lastTime = 0;
  #last: { readonly at: number; readonly faces: readonly Face[] } = { at: 0, faces: [] };

  private constructor(full: FaceDetector, short: FaceDetector) {
    this.#full = full;
    this.#short = short;
  }

  /**
   * Loads runtime and models; a second or two.
   *
   * @param base absolute address of their folder, ending in a slash.
   * @param onProgress part of their bytes that has come, 0..1.
   * @throws Error when a file is missing or the runtime does not start.
   */
  static async load(base: string, onProgress: (fraction: number) => void): Promise<VisionParts> {
    const files = await VisionFiles.of(base, [FULL, SHORT, RUNTIME_FILE], onProgress);
    const [runtime, fullModel, shortModel] = await Promise.all([
      VisionRuntime.load(base, files),
      files.bytes(FULL),
      files.bytes(SHORT),
    ]);
    const create = (modelAssetBuffer: Uint8Array): Promise<FaceDetector> =>
      runtime.start((fileset) =>
        FaceDetector.createFromOptions(fileset, {
          baseOptions: { modelAssetBuffer, delegate: 'CPU' },
          runningMode: 'VIDEO',
          minDetectionConfidence: WEAKEST_SCORE,
        }),
      );
    const full = await create(fullModel);
    return { finder: new FaceFinder(full, await create(shortModel)), files, runtime };
  }

  /** Faces of a picture, the surest first. */
  find(picture: ImageData): FoundFace[] {
    const now = performance.now();
    const before = now - this.#last.at < MEMORY_MS ? this.#last.faces : [];
    const found = this.#choose(picture, before);
    this.#last = { at: now, faces: found.map(({ face }) => face) };
    return found;
  }

  #choose(picture: ImageData, before: readonly Face[]): FoundFace[] {
    const full = this.#detect(this.#full, picture);
    this.#looks++;
    if (!needsSecondLook(full) && this.#looks % SECOND_LOOK_EVERY !== 0) {
      return facesAtFirstLook(full).map((face) => toFound(face, picture));
    }
    return facesAtSecondLook(full, this.#detect(this.#short, picture), picture, before);
  }

  #detect(detector: FaceDetector, picture: ImageData): Candidate[] {
    // Times must grow, whatever the clock's resolution.
    this.#lastTime = Math.max(performance.now(), this.#lastTime + 0.1);
    const { detections } = detector.detectForVideo(picture, this.#lastTime);
    return detections.flatMap((found) => toCandidate(found, picture));
  }
}

function toCandidate(found: Detection, picture: ImageData): Candidate[] {
  const box = found.boundingBox;
  const points = found.keypoints.map((point) => ({
    x: point.x * picture.width,
    y: point.y * picture.height,
  }));
  const [rightEye, leftEye, nose, mouth, rightEar, leftEar] = points;
  if (!box || !rightEye || !leftEye || !nose || !mouth || !rightEar || !leftEar) return [];
  return [
    {
      box: { x: box.originX, y: box.originY, width: box.width, height: box.height },
      score: found.categories[0]?.score ?? 0,
      keypoints: { rightEye, leftEye, nose, mouth, rightEar, leftEar },
    },
  ];
}
