import { readFrames } from '#renderer/vision/frame-source.ts';
import { LookPace } from '#renderer/vision/look-pace.ts';
import { type CameraProblem, cameraProblemOf, openCamera } from '#renderer/vision/open-camera.ts';
import { TrackWatch } from '#renderer/vision/track-watch.ts';
import {
  type IdentityState,
  VisionProcess,
  type VisionState,
} from '#renderer/vision/vision-process.ts';
import { Wish } from '#renderer/vision/wish.ts';
import type { StillSize } from '#renderer/vision/worker/vision-messages.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CameraSample, CameraStatus } from '#shared/incident/camera-sample.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';

export interface CameraWatchOptions {
  /** Address of the folder with the vision files, relative to the page, such as `./vision/`. */
  readonly assetBase: string;
  readonly onSample: (sample: CameraSample) => void;
  /** @param reason what broke, for the log; only with 'failed'. */
  readonly onVisionState?: (state: VisionState, reason?: string) => void;
  /** @param fraction of the face finder's files that has come, 0..1. */
  readonly onVisionProgress?: (fraction: number) => void;
  /** @param reason what broke, for the log; only with 'failed'. */
  readonly onIdentityState?: (state: IdentityState, reason?: string) => void;
  readonly createWorker?: () => Worker;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** Between two samples that say only that something is wrong. */
const TROUBLE_MS = 500;
const CHECK_MS = 100;
/** Half a frame's time: the frame nearest to the moment when a look is due is taken. */
const EARLY_MS = 50;
/** As much of a camera's name as a sample takes. */
const LABEL_LENGTH = 120;
const STILL_WAIT_MS = 1_000;
/** A capture may have to wait for a look that is under way, and then for the next frame. */
const CAPTURE_WAIT_MS = 2_000;

/** Watches the camera and states what is to be seen, 1-5 times a second. It judges nothing. */
export class CameraWatch {
  readonly #options: CameraWatchOptions;
  readonly #vision: VisionProcess;
  #pace: LookPace;
  #stream: MediaStream | null = null;
  #stopReading = () => {};
  #check: ReturnType<typeof setInterval> | undefined;
  #visionBroken = false;
  #firstFrameAt: number | null = null;
  #track: TrackWatch | null = null;
  /** Whether any camera has given a frame since the page began to look. */
  #worked = false;
  #lastLookAt = Number.NEGATIVE_INFINITY;
  #lookDueAt = 0;
  #lastTroubleAt = Number.NEGATIVE_INFINITY;
  #lastStatus: CameraStatus = 'ok';
  #starts = 0;
  readonly #stills = new Map<StillSize, Wish<Uint8Array>>();
  #capture: Wish<FaceCapture> | null = null;
  /** So that neither looks nor captures ever starve. */
  #capturedLast = false;

  constructor(options: CameraWatchOptions) {
    this.#options = options;
    this.#pace = new LookPace(options.random ?? Math.random);
    this.#vision = new VisionProcess({
      base: new URL(options.assetBase, document.baseURI).href,
      createWorker: options.createWorker ?? createVisionWorker,
      onState: (state, reason) => {
        if (state !== 'loading') this.#visionBroken = state === 'failed';
        options.onVisionState?.(state, reason);
      },
      onProgress: (fraction) => options.onVisionProgress?.(fraction),
      onIdentityState: (state, reason) => options.onIdentityState?.(state, reason),
    });
  }

  /** The camera's stream for a preview; null when it is not open. */
  get stream(): MediaStream | null {
    return this.#stream;
  }

  /** The device's name as the system gives it; empty when it is not open. */
  get deviceLabel(): string {
    return this.#stream?.getVideoTracks()[0]?.label ?? '';
  }

  /** When the first frame was captured, on `performance.now()`'s clock; null before. */
  get firstFrameAt(): number | null {
    return this.#firstFrameAt;
  }

  /** Loads runtime and models ahead of the camera. */
  preload(): void {
    this.#vision.start();
  }

  /** Loads the identity model ahead of the first capture, as soon as the face finder is there. */
  prepareIdentity(): void {
    this.#vision.wantIdentity();
  }

  /**
   * Opens the camera and begins to watch; also anew after the camera was lost.
   *
   * @param deviceId the device to use; another one where it is not there.
   */
  async start(deviceId?: string): Promise<Result<MediaStream, CameraProblem>> {
    this.preload();
    const attempt = ++this.#starts;
    let stream: MediaStream;
    try {
      stream = await openCamera(deviceId);
    } catch (error) {
      return fail(cameraProblemOf(error));
    }
    if (attempt !== this.#starts) {
      // Stopped or started again while the person was being asked.
      for (const track of stream.getTracks()) track.stop();
      return fail('failed');
    }
    this.#closeCamera();
    this.#stream = stream;
    this.#firstFrameAt = null;
    const [track] = stream.getVideoTracks();
    const devices = () => navigator.mediaDevices.enumerateDevices();
    this.#track = track ? new TrackWatch(track, devices, performance.now()) : null;
    this.#lookDueAt = 0;
    this.#pace = new LookPace(this.#options.random ?? Math.random);
    this.#stopReading = readFrames(stream, (at, take) => this.#frameCame(at, take));
    this.#check = setInterval(() => this.#checkTrouble(), CHECK_MS);
    return ok(stream);
  }

  /** Closes the camera and ends the worker. */
  stop(): void {
    this.#starts++;
    this.#closeCamera();
    this.#vision.stop();
    this.#visionBroken = false;
    this.#worked = false;
  }

  /**
   * The current picture as a JPEG of 320x240, or as large as the camera gives it, made between two looks.
   *
   * @returns null when no frame comes within a second or none can be turned into a picture.
   */
  still(size: StillSize = 'small'): Promise<Uint8Array | null> {
    if (!this.#stream) return Promise.resolve(null);
    const wished = this.#stills.get(size);
    if (wished) return wished.promise;
    const wish = new Wish<Uint8Array>(STILL_WAIT_MS, () => this.#stills.delete(size));
    this.#stills.set(size, wish);
    return wish.promise;
  }

  /**
   * Looks at a frame for identity, between two looks; a second call meanwhile gets the same answer.
   * The first one has the identity model loaded, and until that is there the descriptor is null.
   *
   * @returns null when there is no camera, no free worker within two seconds, or the worker breaks.
   */
  capture(): Promise<FaceCapture | null> {
    if (!this.#stream) return Promise.resolve(null);
    this.#capture ??= new Wish<FaceCapture>(CAPTURE_WAIT_MS, () => {
      this.#capture = null;
    });
    return this.#capture.promise;
  }

  #closeCamera(): void {
    clearInterval(this.#check);
    this.#stopReading();
    this.#stopReading = () => {};
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#track = null;
    this.#lastStatus = 'ok';
    this.#lastTroubleAt = Number.NEGATIVE_INFINITY;
  }

  #frameCame(capturedAt: number, take: () => VideoFrame): void {
    const now = performance.now();
    this.#firstFrameAt ??= capturedAt;
    this.#worked = true;
    this.#track?.frame(now);
    for (const [size, wish] of this.#stills) {
      if (wish.open) wish.grant(this.#vision.still(take(), size));
    }
    if (!this.#vision.free) return;
    const lookDue = now + EARLY_MS >= this.#lookDueAt;
    if (this.#capture?.open && !(lookDue && this.#capturedLast)) {
      this.#capturedLast = true;
      this.#capture.grant(this.#lookForIdentity(capturedAt, take()));
      return;
    }
    if (!lookDue) return;
    this.#capturedLast = false;
    this.#lastLookAt = now;
    // Until the answer gives a better idea of when to look again.
    this.#lookDueAt = now + this.#pace.nextInterval();
    void this.#look(capturedAt, take());
  }

  async #look(capturedAt: number, frame: VideoFrame): Promise<void> {
    const stream = this.#stream;
    const look = await this.#vision.look(frame);
    // An answer about a camera that is gone by now would contradict what was said since.
    if (!look || stream !== this.#stream || this.#cameraStatus() !== 'ok') return;
    const sample: CameraSample = {
      ageMs: Math.max(0, performance.now() - capturedAt),
      status: 'ok',
      faces: look.faces,
      ...(look.objects === undefined ? {} : { objects: look.objects }),
      // Some systems give no name, and some a very long one.
      ...(this.deviceLabel === '' ? {} : { label: this.deviceLabel.slice(0, LABEL_LENGTH) }),
      luma: look.luma,
    };
    this.#pace.looked(sample, look.lookMs);
    this.#lookDueAt = this.#lastLookAt + this.#pace.nextInterval();
    this.#lastStatus = 'ok';
    this.#options.onSample(sample);
  }

  async #lookForIdentity(capturedAt: number, frame: VideoFrame): Promise<FaceCapture | null> {
    const stream = this.#stream;
    const capture = await this.#vision.capture(frame);
    // Of a camera that is gone by now nobody should be known.
    if (!capture || stream !== this.#stream) return null;
    return { ageMs: Math.max(0, performance.now() - capturedAt), ...capture };
  }

  #checkTrouble(): void {
    const now = performance.now();
    this.#track?.check(now);
    const camera = this.#cameraStatus();
    const status = camera === 'ok' && this.#visionBroken ? 'vision-failed' : camera;
    if (status === 'ok') return;
    const since = status === this.#lastStatus ? now - this.#lastTroubleAt : TROUBLE_MS;
    if (since < TROUBLE_MS) return;
    // A silence is noticed late: its first sample says for how long it has been.
    const ageMs =
      status === 'no-frames' && this.#lastStatus === 'ok' ? (this.#track?.silentMs ?? 0) : 0;
    this.#lastStatus = status;
    this.#lastTroubleAt = now;
    this.#options.onSample({
      ageMs,
      status,
      worked: this.#worked,
      faces: [],
      luma: null,
    });
  }

  #cameraStatus(): CameraStatus {
    return this.#track?.status(performance.now()) ?? 'ended';
  }
}

export function createVisionWorker(): Worker {
  return new Worker(new URL('./worker/vision.worker.ts', import.meta.url), { type: 'module' });
}
