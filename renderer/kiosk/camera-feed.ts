import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { Result } from '#shared/kernel/result.ts';

/** Why the camera cannot be used, as far as the person in front of it can mend it. */
export type CameraFault = 'denied' | 'missing' | 'in-use' | 'failed';

/**
 * The camera as the screens need it: samples, a live preview, now and then a still. The product's
 * implementation looks at a real camera; tests use a scripted one.
 */
export interface CameraFeed {
  /** Asks for the camera and begins sampling. Safe to call while it runs. */
  start(): Promise<Result<null, CameraFault>>;
  /** Gives the camera back. Safe to call twice. */
  stop(): void;
  /** Calls `listener` with each sample while the feed runs. Returns how to stop. */
  onSample(listener: (sample: CameraSample) => void): () => void;
  /** Shows the live picture in `video` whenever the feed runs. Returns how to detach it. */
  show(video: HTMLVideoElement): () => void;
  /** The latest picture as JPEG; null while there is none. */
  still(): Promise<Uint8Array | null>;
}
