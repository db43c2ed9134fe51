import type { CameraChoice, CameraDevice } from '#renderer/kiosk/camera-choice.ts';
import type { CameraFault, CameraFeed, VisionLoading } from '#renderer/kiosk/camera-feed.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';

/** A camera that shows a drawn person and says what the test lets it say. */
export class ScriptedFeed implements CameraFeed {
  starts = 0;
  running = false;
  captures = 0;
  /** Whether the identity model was asked for. */
  prepared = false;
  /** What the next captures are. */
  nextCapture: FaceCapture | null = null;
  #fault: CameraFault | null = null;
  readonly #listeners = new Set<(sample: CameraSample) => void>();
  readonly #loadingListeners = new Set<(loading: VisionLoading) => void>();

  start(): Promise<Result<null, CameraFault>> {
    this.starts += 1;
    this.running = this.#fault === null;
    return Promise.resolve(this.#fault === null ? ok(null) : fail(this.#fault));
  }

  stop(): void {
    this.running = false;
  }

  onSample(listener: (sample: CameraSample) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  show(video: HTMLVideoElement): () => void {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 480;
    const draw = canvas.getContext('2d');
    if (draw !== null) {
      draw.fillStyle = '#8fa3b5';
      draw.fillRect(0, 0, 640, 480);
      draw.fillStyle = '#3c4a63';
      draw.beginPath();
      draw.ellipse(320, 500, 190, 160, 0, 0, 7);
      draw.fill();
      draw.fillStyle = '#b98463';
      draw.beginPath();
      draw.ellipse(320, 210, 80, 105, 0, 0, 7);
      draw.fill();
    }
    video.srcObject = canvas.captureStream(1);
    void video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }

  still(): Promise<Uint8Array | null> {
    return Promise.resolve(new Uint8Array([0xff, 0xd8, 0xff, 0xd9]));
  }

  portrait(): Promise<Uint8Array | null> {
    return this.still();
  }

  capture(): Promise<FaceCapture | null> {
    this.captures += 1;
    return Promise.resolve(this.nextCapture);
  }

  prepareIdentity(): void {
    this.prepared = true;
  }

  /** The machine's cameras; the first one is used until another is chosen. */
  cameras: readonly CameraDevice[] = [{ id: 'built-in', label: 'Integrated Camera' }];
  usedId = 'built-in';
  readonly #cameraListeners = new Set<(choice: CameraChoice) => void>();

  onCameras(listener: (choice: CameraChoice) => void): () => void {
    this.#cameraListeners.add(listener);
    listener({ all: this.cameras, usedId: this.usedId });
    return () => this.#cameraListeners.delete(listener);
  }

  chooseCamera(id: string): Promise<Result<null, CameraFault>> {
    if (this.#fault !== null) return Promise.resolve(fail(this.#fault));
    this.usedId = id;
    this.tellCameras(this.cameras);
    return Promise.resolve(ok(null));
  }

  /** From now on the machine has these cameras. */
  tellCameras(cameras: readonly CameraDevice[]): void {
    this.cameras = cameras;
    for (const listener of this.#cameraListeners) listener({ all: cameras, usedId: this.usedId });
  }

  onLoading(listener: (loading: VisionLoading) => void): () => void {
    this.#loadingListeners.add(listener);
    listener({ progress: 1, identity: 'off' });
    return () => this.#loadingListeners.delete(listener);
  }

  sayLoading(loading: VisionLoading): void {
    for (const listener of this.#loadingListeners) listener(loading);
  }

  /** The camera cannot be opened from now on; null mends it. */
  setFault(fault: CameraFault | null): void {
    this.#fault = fault;
  }

  say(sample: CameraSample): void {
    for (const listener of this.#listeners) listener(sample);
  }
}
