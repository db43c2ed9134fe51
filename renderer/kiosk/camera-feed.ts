import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { CameraChoice } from './camera-choice.ts';

/** Why the camera cannot be used, as far as the person in front of it can mend it. */
export type CameraFault = 'denied' | 'missing' | 'in-use' | 'failed';

/** How far the models are. */
export interface VisionLoading {
  /** Part of the face finder's files that is there, 0..1 (1 = they can be used); null while nothing is known. */
  readonly progress: number | null;
  /**
   * The model that makes face descriptors: `off` until it is asked for, `failed` when it cannot be
   * had (faces are still found; captures then come without a descriptor; it is tried again now and then).
   */
  readonly identity: 'off' | 'loading' | 'ready' | 'failed';
}

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
  /** The latest picture as JPEG, small (320 pixels wide); null while there is none. */
  still(): Promise<Uint8Array | null>;
  /**
   * The latest picture as JPEG in the camera's own size (640x480), whole and not cropped to the face:
   * who compares two people must also see a photograph that is held up. null while there is none.
   */
  portrait(): Promise<Uint8Array | null>;
  /**
   * Looks at the next frame for identity; a second call meanwhile gets the same answer. The first one
   * also loads the identity model; until that is there the descriptor is null.
   * @returns null while there is no picture or the face finder is not loaded.
   */
  capture(): Promise<FaceCapture | null>;
  /** Loads the identity model ahead of the first capture. Safe to call often. */
  prepareIdentity(): void;
  /** Calls `listener` with how far the models are, now and at every change. Returns how to stop. */
  onLoading(listener: (loading: VisionLoading) => void): () => void;
  /** Calls `listener` with the machine's cameras, now and at every change. Returns how to stop. */
  onCameras(listener: (choice: CameraChoice) => void): () => void;
  /**
   * Uses another camera from now on, also after a restart. One that does not open changes nothing.
   * @param id of one of the cameras that `onCameras` named.
   */
  chooseCamera(id: string): Promise<Result<null, CameraFault>>;
}
