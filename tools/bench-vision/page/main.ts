import { LookPace } from '#renderer/vision/look-pace.ts';
import { VisionProcess } from '#renderer/vision/vision-process.ts';
import type { WorkerCapture } from '#renderer/vision/worker/vision-messages.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { seededRandom } from '#tools/clip/seeded-random.ts';

/** A sample and the moment that it is about, ms since the clip's first frame. */
export interface TimedSample {
  readonly t: number;
  readonly sample: CameraSample;
}

/** A look for identity and the moment that it is about. */
export interface TimedCapture {
  readonly t: number;
  readonly capture: WorkerCapture;
}

export interface WatchedClip {
  readonly samples: readonly TimedSample[];
  readonly captures: readonly TimedCapture[];
}

export interface ClipShape {
  /** Address of its frames: `${frames}${index}`. */
  readonly frames: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly durationMs: number;
  readonly seed: number;
  /** How often a frame is looked at for identity, ms; null for never. */
  readonly captureEveryMs: number | null;
}

/** What the bench reaches from outside. */
export interface BenchPage {
  /** Starts one more worker. @returns its number. @throws when it does not load. */
  open(identity: boolean): Promise<number>;
  /** Looks through a clip as fast as the worker can, at the moments at which the product would look. */
  watch(worker: number, clip: ClipShape): Promise<WatchedClip>;
  /** How many faces the worker sees in a picture looked at a few times. */
  facesOf(worker: number, picture: string): Promise<number>;
  capture(worker: number, picture: string): Promise<WorkerCapture | null>;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}

/** What a look is taken to cost, ms: on a slow machine the product would look less often. */
const LOOK_MS = 20;
/** As in the product: silence counts after this, and is told again this often, ms. */
const SILENCE_MS = 700;
const TROUBLE_MS = 500;

const workers: VisionProcess[] = [];

const open = (identity: boolean): Promise<number> =>
  new Promise((resolve, reject) => {
    const done = (): void => {
      workers.push(process);
      resolve(workers.length - 1);
    };
    const process: VisionProcess = new VisionProcess({
      base: new URL('./vision/', document.baseURI).href,
      createWorker: () =>
        new Worker(new URL('../../../renderer/vision/worker/vision.worker.ts', import.meta.url), {
          type: 'module',
        }),
      onState: (state, reason) => {
        if (state === 'failed') reject(new Error(reason));
        if (state !== 'ready') return;
        if (identity) process.wantIdentity();
        else done();
      },
      onIdentityState: (state, reason) => {
        if (state === 'failed') reject(new Error(reason));
        if (state === 'ready') done();
      },
    });
    process.start();
  });

const workerOf = (index: number): VisionProcess => {
  const found = workers[index];
  if (!found) throw new Error(`no worker ${index}`);
  return found;
};

/** Null where the camera gives no frame. */
async function frameOf(clip: ClipShape, index: number): Promise<VideoFrame | null> {
  const response = await fetch(`${clip.frames}${index}`);
  if (response.status === 204) return null;
  if (!response.ok) throw new Error(`frame ${index}: ${response.status}`);
  return new VideoFrame(await response.arrayBuffer(), {
    format: 'I420',
    codedWidth: clip.width,
    codedHeight: clip.height,
    timestamp: Math.round((index * 1e6) / clip.fps),
    // As the browser takes a y4m file without further notice.
    colorSpace: {
      primaries: 'smpte170m',
      transfer: 'smpte170m',
      matrix: 'smpte170m',
      fullRange: false,
    },
  });
}

async function watch(worker: number, clip: ClipShape): Promise<WatchedClip> {
  const process = workerOf(worker);
  const pace = new LookPace(seededRandom(clip.seed).next);
  const frames = Math.round((clip.durationMs * clip.fps) / 1_000);
  const samples: TimedSample[] = [];
  const captures: TimedCapture[] = [];
  let captureT = clip.captureEveryMs ?? Number.POSITIVE_INFINITY;
  let lastFrameT = 0;
  let silent = false;
  for (let index = 0; index < frames; ) {
    const t = Math.round((index * 1_000) / clip.fps);
    const frame = await frameOf(clip, index);
    if (!frame) {
      if (!silent && t - lastFrameT <= SILENCE_MS) {
        index++;
        continue;
      }
      // Its first sample says when the silence began.
      const sample: CameraSample = {
        ageMs: silent ? 0 : t - lastFrameT,
        status: 'no-frames',
        faces: [],
        luma: null,
      };
      samples.push({ t, sample });
      silent = true;
      index += Math.max(1, Math.round((TROUBLE_MS * clip.fps) / 1_000));
      continue;
    }
    silent = false;
    lastFrameT = t;
    if (t >= captureT) {
      captureT = t + (clip.captureEveryMs ?? 0);
      const capture = await process.capture(frame.clone());
      if (capture) captures.push({ t, capture });
    }
    const look = await process.look(frame);
    if (!look) throw new Error(`the worker broke at ${t} ms`);
    const first = samples.length === 0;
    const sample: CameraSample = {
      ageMs: 0,
      status: 'ok',
      faces: look.faces,
      // What this worker looked at before belongs to another clip.
      luma: first ? { ...look.luma, difference: null } : look.luma,
    };
    samples.push({ t, sample });
    pace.looked(sample, LOOK_MS);
    index = Math.max(index + 1, Math.round(((t + pace.nextInterval()) * clip.fps) / 1_000));
    if (index >= frames) break;
    lastFrameT = Math.round(((index - 1) * 1_000) / clip.fps);
  }
  return { samples, captures };
}

async function withPicture<T>(
  address: string,
  times: number,
  use: (frame: VideoFrame) => Promise<T>,
): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const bitmap = await createImageBitmap(await response.blob());
  try {
    for (let i = 1; i < times; i++) await use(new VideoFrame(bitmap, { timestamp: i }));
    return await use(new VideoFrame(bitmap, { timestamp: times }));
  } finally {
    bitmap.close();
  }
}

/** The first look may still remember the picture before it. */
const LOOKS = 2;

window.bench = {
  open,
  watch,
  facesOf: (worker, picture) =>
    withPicture(picture, LOOKS, async (frame) => {
      const look = await workerOf(worker).look(frame);
      if (!look) throw new Error(`the worker broke over ${picture}`);
      return look.faces.length;
    }),
  capture: (worker, picture) => withPicture(picture, 1, (frame) => workerOf(worker).capture(frame)),
};
