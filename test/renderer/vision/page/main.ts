import { CameraWatch } from '#renderer/vision/camera.ts';
import type { VisionState } from '#renderer/vision/vision-process.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { AllModels } from '#test/renderer/vision/page/all-models.ts';
import { BareDetector } from '#test/renderer/vision/page/bare-detector.ts';

/** What the tests reach from outside. Settings come in the address: `base`, `source=element`. */
export interface VisionTestPage {
  readonly watch: CameraWatch;
  /** Samples with the moment when they came, on `performance.now()`'s clock. */
  readonly samples: { readonly at: number; readonly sample: CameraSample }[];
  readonly states: { readonly state: VisionState; readonly reason: string | undefined }[];
  readonly workers: Worker[];
  /** Lengths of tasks over 50 ms in milliseconds. */
  readonly longTasks: number[];
  /** Milliseconds that the watch's worker says each look took. */
  readonly lookMs: number[];
  /** Milliseconds that the worker had a still, from the order to the JPEG. */
  readonly stillMs: number[];
  /** Made only when asked for: they are further runtimes in memory. */
  bare(): BareDetector;
  allModels(): AllModels;
}

declare global {
  interface Window {
    vision: VisionTestPage;
  }
}

const settings = new URLSearchParams(location.search);
if (settings.get('source') === 'element') {
  Reflect.deleteProperty(window, 'MediaStreamTrackProcessor');
}

const longTasks: number[] = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) longTasks.push(entry.duration);
}).observe({ type: 'longtask' });

const samples: VisionTestPage['samples'] = [];
const states: VisionTestPage['states'] = [];
const workers: Worker[] = [];
const lookMs: number[] = [];
const stillMs: number[] = [];
const RealWorker = Worker;
window.Worker = class extends RealWorker {
  readonly #stills = new Map<number, number>();
  override postMessage(message: { type?: string; id?: number }, transfer?: unknown): void {
    if (message.type === 'still') this.#stills.set(message.id ?? 0, performance.now());
    super.postMessage(message, transfer as Transferable[]);
  }
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    workers.push(this);
    this.addEventListener('message', ({ data }) => {
      if (typeof data?.lookMs === 'number') lookMs.push(data.lookMs);
      const ordered = this.#stills.get(data?.id);
      if (data?.type === 'still' && ordered) stillMs.push(performance.now() - ordered);
    });
  }
};

window.vision = {
  samples,
  states,
  workers,
  longTasks,
  lookMs,
  stillMs,
  bare: () => new BareDetector(),
  allModels: () => new AllModels(),
  watch: new CameraWatch({
    assetBase: settings.get('base') ?? './vision/',
    onSample: (sample) => samples.push({ at: performance.now(), sample }),
    onVisionState: (state, reason) => states.push({ state, reason }),
  }),
};
