import { readFrames } from '#renderer/vision/frame-source.ts';

/** Runs the bare detector on the same camera at a steady pace, beside the watch. */
export class BareDetector {
  /** Milliseconds of each call. */
  readonly calls: number[] = [];
  readonly #worker = new Worker(new URL('./bare.worker.ts', import.meta.url), { type: 'module' });

  /** @returns when the detector is loaded and the first calls are under way. */
  start(stream: MediaStream, everyMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#worker.onmessage = ({ data }: MessageEvent<{ ready: true } | { callMs: number }>) => {
      if ('callMs' in data) {
        this.calls.push(data.callMs);
        return;
      }
      let next = 0;
      readFrames(stream.clone(), (at, take) => {
        if (at < next) return;
        next = at + everyMs - 50;
        const frame = take();
        this.#worker.postMessage({ frame }, [frame]);
      });
      resolve();
    };
    this.#worker.postMessage({ base: new URL('./vision/', document.baseURI).href });
    return promise;
  }
}
