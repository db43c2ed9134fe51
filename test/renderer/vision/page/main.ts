import { CameraWatch } from '#renderer/vision/camera.ts';
import type { VisionState } from '#renderer/vision/vision-process.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';

/** What the tests reach from outside. Settings come in the address: `base`, `source=element`. */
export interface VisionTestPage {
  readonly watch: CameraWatch;
  /** Samples with the moment when they came, on `performance.now()`'s clock. */
  readonly samples: { readonly at: number; readonly sample: CameraSample }[];
  readonly states: { readonly state: VisionState; readonly reason: string | undefined }[];
  readonly workers: Worker[];
  /** Lengths of tasks over 50 ms in milliseconds. */
  readonly longTasks: number[];
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
const RealWorker = Worker;
window.Worker = class extends RealWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    workers.push(this);
  }
};

window.vision = {
  samples,
  states,
  workers,
  longTasks,
  watch: new CameraWatch({
    assetBase: settings.get('base') ?? './vision/',
    onSample: (sample) => samples.push({ at: performance.now(), sample }),
    onVisionState: (state, reason) => states.push({ state, reason }),
  }),
};
