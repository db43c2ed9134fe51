import type { LumaStatistics } from '#renderer/vision/picture-quality.ts';
import type { Face } from '#shared/incident/camera-sample.ts';

/** What the page tells the vision worker. Frames are transferred; the worker closes them. */
export type VisionRequest =
  /** Absolute address of the folder with the models and the runtime, ending in a slash. */
  | { readonly type: 'load'; readonly base: string }
  | { readonly type: 'look'; readonly id: number; readonly frame: VideoFrame }
  | { readonly type: 'still'; readonly id: number; readonly frame: VideoFrame };

/** What the worker answers. */
export type VisionReply =
  | { readonly type: 'ready' }
  /** Nothing more will come: the page should start another worker. */
  | { readonly type: 'failed'; readonly reason: string }
  | {
      readonly type: 'looked';
      readonly id: number;
      readonly faces: Face[];
      readonly luma: LumaStatistics;
      /** Milliseconds that the whole look took in the worker. */
      readonly lookMs: number;
    }
  | { readonly type: 'still'; readonly id: number; readonly jpeg: Uint8Array<ArrayBuffer> | null };
