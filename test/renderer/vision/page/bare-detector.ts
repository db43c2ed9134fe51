import { readFrames } from '#renderer/vision/frame-source.ts';

/** The bare detector beside the watch: what a look would cost if it were nothing but the call. */
export class BareDetector {
  #wantedAt = Number.POSITIVE_INFINITY;
  #answer: (callMs: number) => void = () => {};

  private constructor(worker: Worker, stream: MediaStream) {
    readFrames(stream.clone(), (_at, take) => {
      if (performance.now() < this.#wantedAt) return;
      this.#wantedAt = Number.POSITIVE_INFINITY;
      const frame = take();
      worker.postMessage({ frame }, [frame]);
    });
  }

  static load(stream: MediaStream): Promise<BareDetector> {
    const worker = new Worker(new URL('./bare.worker.ts', import.meta.url), { type: 'module' });
    const bare = new BareDetector(worker, stream);
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }: MessageEvent<{ ready: true } | { callMs: number }>) => {
        if ('callMs' in data) bare.#answer(data.callMs);
        else resolve(bare);
      };
      worker.postMessage({ base: new URL('./vision/', document.baseURI).href });
    });
  }

  /**
   * Calls the detector on a frame, the moment it comes, as the watch does.
   *
   * @param afterMs how long to idle before.
   * @returns milliseconds that the call took.
   */
  call(afterMs: number): Promise<number> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#wantedAt = performance.now() + afterMs;
    });
  }
}
