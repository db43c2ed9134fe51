import { ObjectDetector } from '@mediapipe/tasks-vision';
import { forbiddenObjects } from '#renderer/vision/measure/object-choice.ts';
import type { VisionFiles } from '#renderer/vision/worker/vision-files.ts';
import type { VisionRuntime } from '#renderer/vision/worker/vision-runtime.ts';
import type { FoundObject } from '#shared/incident/camera-sample.ts';

/** The file that switches the object watch on, where the institution puts it beside the other models. */
const OBJECT_MODEL = 'objects.tflite';
/** Between two looks for objects, ms: a model of this kind costs several times a look for faces. */
const EVERY_MS = 2_000;
/** Findings below this are not even handed over. */
const WEAKEST_SCORE = 0.3;

/** Looks for forbidden objects now and then, where there is a model for it (Art. 27b, d, h; 29g). */
export class ObjectFinder {
  readonly #detector: ObjectDetector;
  #lastAt = Number.NEGATIVE_INFINITY;

  private constructor(detector: ObjectDetector) {
    this.#detector = detector;
  }

  /**
   * @returns null when the institution has put no model there: the object watch is off.
   * @throws Error when the model is there and does not load.
   */
  static async load(files: VisionFiles, runtime: VisionRuntime): Promise<ObjectFinder | null> {
    if (!files.has(OBJECT_MODEL)) return null;
    const modelAssetBuffer = await files.bytes(OBJECT_MODEL);
    const detector = await runtime.start((fileset) =>
      ObjectDetector.createFromOptions(fileset, {
        baseOptions: { modelAssetBuffer, delegate: 'CPU' },
        runningMode: 'IMAGE',
        scoreThreshold: WEAKEST_SCORE,
      }),
    );
    return new ObjectFinder(detector);
  }

  /** Forbidden objects in the picture; undefined when it is not time to look yet. */
  find(picture: ImageData): FoundObject[] | undefined {
    const now = performance.now();
    if (now - this.#lastAt < EVERY_MS) return undefined;
    this.#lastAt = now;
    return forbiddenObjects(this.#detector.detect(picture).detections, picture);
  }
}
