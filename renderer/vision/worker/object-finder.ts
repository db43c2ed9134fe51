import { FilesetResolver, ObjectDetector } from '@mediapipe/tasks-vision';
import { forbiddenObjects } from '#renderer/vision/object-choice.ts';
import type { FoundObject } from '#shared/incident/camera-sample.ts';

/** The file that switches the object watch on when the institution puts it beside the other models. */
const MODEL = 'objects.tflite';
/** Between two looks for objects, ms: a model of this kind costs several times a look for faces. */
const EVERY_MS = 2_000;
/** Findings below this are not even handed over. */
const WEAKEST_SCORE = 0.3;

/** Looks for forbidden objects now and then, where there is a model for it. */
export class ObjectFinder {
  readonly #detector: ObjectDetector;
  #lastAt = Number.NEGATIVE_INFINITY;

  private constructor(detector: ObjectDetector) {
    this.#detector = detector;
  }

  /**
   * @param base absolute address of the models' folder, ending in a slash.
   * @param factory the vision runtime's own start, which it takes away after use.
   * @returns null when the institution has put no model there: the object watch is off.
   * @throws Error when the model is there and does not load.
   */
  static async load(base: string, factory: unknown): Promise<ObjectFinder | null> {
    const response = await fetch(base + MODEL);
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${MODEL}: ${response.status}`);
    const model = new Uint8Array(await response.arrayBuffer());
    Object.assign(globalThis, { ModuleFactory: factory });
    const fileset = await FilesetResolver.forVisionTasks(base.replace(/\/$/, ''), true);
    return new ObjectFinder(
      await ObjectDetector.createFromOptions(fileset, {
        baseOptions: { modelAssetBuffer: model, delegate: 'CPU' },
        runningMode: 'IMAGE',
        scoreThreshold: WEAKEST_SCORE,
      }),
    );
  }

  /** Forbidden objects in the picture; undefined when it is not time to look yet. */
  find(picture: ImageData): FoundObject[] | undefined {
    const now = performance.now();
    if (now - this.#lastAt < EVERY_MS) return undefined;
    this.#lastAt = now;
    return forbiddenObjects(this.#detector.detect(picture).detections, picture);
  }
}
