import type { VisionReply, VisionRequest } from '#renderer/vision/worker/vision-messages.ts';
import type { BareDetector } from '#test/renderer/vision/page/bare-detector.ts';

/** What the watch's workers did, in milliseconds. */
export interface WorkerTimes {
  /** Each look, and the bare detector's call half-way to the next one, if asked for. */
  readonly looks: { readonly lookMs: number; readonly bareMs: number | null }[];
  /** Each capture in the worker, and its descriptor alone. */
  readonly captures: { readonly captureMs: number; readonly descriptorMs: number | null }[];
  /** How many frames the worker was ever asked to look at at the same time; stills are not looked at. */
  mostAtOnce: number;
  /** From the order for a still to its JPEG. */
  readonly stills: number[];
  /** Set to compare looks with it. */
  bare: BareDetector | null;
  /** Milliseconds between a look and the call: a machine that has idled is slower, for both. */
  bareAfterMs: number;
}

export interface WatchedWorkers extends WorkerTimes {
  readonly workers: Worker[];
}

/** Lets the tests see the workers that the watch makes, and measures them from outside. */
export function watchWorkers(): WatchedWorkers {
  const watched: WatchedWorkers = {
    workers: [],
    looks: [],
    captures: [],
    mostAtOnce: 0,
    stills: [],
    bare: null,
    bareAfterMs: 200,
  };
  const RealWorker = Worker;

  window.Worker = class extends RealWorker {
    readonly #ordered = new Map<number, number>();
    #atOnce = 0;

    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      watched.workers.push(this);
      this.addEventListener('message', ({ data }: MessageEvent<VisionReply>) => {
        if (data.type === 'looked') void this.#looked(data.lookMs);
        if (data.type === 'captured' || data.type === 'looked') this.#atOnce--;
        if (data.type === 'captured') {
          const { captureMs, descriptorMs } = data;
          watched.captures.push({ captureMs, descriptorMs });
        }
        const ordered = data.type === 'still' ? this.#ordered.get(data.id) : undefined;
        if (ordered !== undefined) watched.stills.push(performance.now() - ordered);
      });
    }

    override postMessage(
      message: VisionRequest,
      options?: StructuredSerializeOptions | Transferable[],
    ): void {
      if (message.type === 'look' || message.type === 'capture') {
        watched.mostAtOnce = Math.max(watched.mostAtOnce, ++this.#atOnce);
      }
      if (message.type === 'still') this.#ordered.set(message.id, performance.now());
      super.postMessage(message, Array.isArray(options) ? { transfer: options } : options);
    }

    async #looked(lookMs: number): Promise<void> {
      const bareMs = watched.bare ? await watched.bare.call(watched.bareAfterMs) : null;
      watched.looks.push({ lookMs, bareMs });
    }
  };
  return watched;
}
