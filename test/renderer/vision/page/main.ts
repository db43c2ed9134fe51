import {
  createVisionCameraFeed,
  type VisionCameraFeed,
} from '#renderer/kiosk/vision-camera-feed.ts';
import { CameraWatch } from '#renderer/vision/camera.ts';
import type { IdentityState, VisionState } from '#renderer/vision/vision-process.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { AllModels } from '#test/renderer/vision/page/all-models.ts';
import { BareDetector } from '#test/renderer/vision/page/bare-detector.ts';
import { type WatchedWorkers, watchWorkers } from '#test/renderer/vision/page/watched-worker.ts';

/** What the tests reach from outside. Settings come in the address: `base`, `source=element`. */
export interface VisionTestPage extends WatchedWorkers {
  readonly watch: CameraWatch;
  /** Samples with the moment when they came, on `performance.now()`'s clock. */
  readonly samples: { readonly at: number; readonly sample: CameraSample }[];
  readonly states: { readonly state: VisionState; readonly reason: string | undefined }[];
  readonly identityStates: {
    readonly state: IdentityState;
    readonly reason: string | undefined;
  }[];
  /** Parts of the face finder's files, as they came. */
  readonly progress: number[];
  /** Lengths of tasks over 50 ms in milliseconds. */
  readonly longTasks: number[];
  /** From now on each look is compared with the bare detector's call half-way to the next. */
  compare(): Promise<void>;
  allModels(): AllModels;
  /** The kiosk's own way to the camera. */
  feed(): VisionCameraFeed;
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
}).observe({ type: 'longtask', buffered: true });

const samples: VisionTestPage['samples'] = [];
const states: VisionTestPage['states'] = [];
const identityStates: VisionTestPage['identityStates'] = [];
const progress: number[] = [];
const RealWorker = Worker;
const watched = watchWorkers();

window.vision = Object.assign(watched, {
  samples,
  states,
  identityStates,
  progress,
  longTasks,
  compare: async () => {
    const { stream } = window.vision.watch;
    if (!stream) throw new Error('the camera is not open');
    const WatchedWorker = Worker;
    window.Worker = RealWorker;
    const loading = BareDetector.load(stream);
    window.Worker = WatchedWorker;
    watched.bare = await loading;
  },
  allModels: () => new AllModels(),
  feed: () => createVisionCameraFeed('./vision/'),
  watch: new CameraWatch({
    assetBase: settings.get('base') ?? './vision/',
    onSample: (sample) => samples.push({ at: performance.now(), sample }),
    onVisionState: (state, reason) => states.push({ state, reason }),
    onVisionProgress: (fraction) => progress.push(fraction),
    onIdentityState: (state, reason) => identityStates.push({ state, reason }),
  }),
});
