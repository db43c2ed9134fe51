import type { LumaStatistics } from '#renderer/vision/measure/picture-quality.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { Face, FoundObject } from '#shared/incident/camera-sample.ts';

/** What the page tells the vision worker. Frames are transferred; the worker closes them. */
export type VisionRequest =
  /** Absolute address of the folder with the models and the runtime, ending in a slash. */
  | { readonly type: 'load'; readonly base: string }
  /** Loads the model of descriptors too; only after `ready`. */
  | { readonly type: 'load-identity' }
  | { readonly type: 'look'; readonly id: number; readonly frame: VideoFrame }
  | { readonly type: 'capture'; readonly id: number; readonly frame: VideoFrame }
  | {
      readonly type: 'still';
      readonly id: number;
      readonly frame: VideoFrame;
      readonly size: StillSize;
    };

/** `small`: 320 pixels wide. `whole`: as the camera gives it. */
export type StillSize = 'small' | 'whole';

/** A capture as the worker knows it: without the way to the page. */
export type WorkerCapture = Omit<FaceCapture, 'ageMs'>;

/** What the worker answers. */
export type VisionReply =
  /** Part of the face finder's files that has come, 0..1. */
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'ready' }
  /** Nothing more will come: the page should start another worker. */
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'identity-ready' }
  /** Only captures suffer: they have no descriptor. Asking again tries again. */
  | { readonly type: 'identity-failed'; readonly reason: string }
  /** The optional model of objects does not load or broke: objects are not looked for any more. */
  | { readonly type: 'objects-failed'; readonly reason: string }
  | {
      readonly type: 'looked';
      readonly id: number;
      readonly faces: Face[];
      /** undefined when this frame was not looked at for objects. */
      readonly objects: FoundObject[] | undefined;
      readonly luma: LumaStatistics;
      /** Milliseconds that the whole look took in the worker. */
      readonly lookMs: number;
    }
  | {
      readonly type: 'captured';
      readonly id: number;
      readonly capture: WorkerCapture;
      /** Milliseconds that the whole capture took in the worker, and its descriptor alone. */
      readonly captureMs: number;
      readonly descriptorMs: number | null;
    }
  | { readonly type: 'still'; readonly id: number; readonly jpeg: Uint8Array<ArrayBuffer> | null };
