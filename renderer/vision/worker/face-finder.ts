import { type Detection, FaceDetector, FilesetResolver } from '@mediapipe/tasks-vision';
import {
  type Candidate,
  type FoundFace,
  facesAtFirstLook,
  facesAtSecondLook,
  needsSecondLook,
  toFound,
  WEAKEST_SCORE,
} from '#renderer/vision/face-choice.ts';
import { VisionFiles } from '#renderer/vision/worker/vision-files.ts';
import type { Face } from '#shared/incident/camera-sample.ts';

const FULL = 'face-full-range.tflite';
const SHORT = 'face-short-range.tflite';
const RUNTIME = 'vision_wasm_module_internal.wasm';

/** Even on quiet frames the second model looks now and then: it sees faces cut by the edge. */
const SECOND_LOOK_EVERY = 5;
/** How long a face helps the next look to find it again. */
const MEMORY_MS = 1_500;

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
  static async load(base: string, onProgress: (fraction: number) => void): Promise<FaceFinder> {
    const files = await VisionFiles.of(base, [FULL, SHORT, RUNTIME], onProgress);
    const fileset = await FilesetResolver.forVisionTasks(base.replace(/\/$/, ''), true);
    const [script, program, fullModel, shortModel] = await Promise.all([
      import(/* @vite-ignore */ String(fileset.wasmLoaderPath)) as Promise<unknown>,
      files.bytes(RUNTIME).then((bytes) => WebAssembly.compile(bytes)),
      files.bytes(FULL),
      files.bytes(SHORT),
    ]);
    if (typeof script !== 'object' || script === null || !('default' in script)) {
      throw new Error('the vision runtime exports nothing');
    }
    const create = async (model: Uint8Array): Promise<FaceDetector> => {
      const runtime = compiled(program);
      // Both are taken away after use, and a module is evaluated only once.
      Object.assign(globalThis, { ModuleFactory: script.default, Module: runtime.settings });
      const detector = FaceDetector.createFromOptions(fileset, {
        baseOptions: { modelAssetBuffer: model, delegate: 'CPU' },
        runningMode: 'VIDEO',
        minDetectionConfidence: WEAKEST_SCORE,
      });
      return Promise.race([detector, runtime.failed]);
    };
    const full = await create(fullModel);
    return new FaceFinder(full, await create(shortModel));
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

/**
 * The runtime is fetched and compiled once, though each detector starts it anew: what it is told about
 * that, and a promise that only ever fails (the runtime itself would wait for ever).
 */
function compiled(program: WebAssembly.Module) {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const instantiateWasm = (
    imports: WebAssembly.Imports,
    started: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object => {
    WebAssembly.instantiate(program, imports).then(
      (instance) => started(instance, program),
      (reason: unknown) => reject(reason),
    );
    return {};
  };
  return { settings: { instantiateWasm }, failed };
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
