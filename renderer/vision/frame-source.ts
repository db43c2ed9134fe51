/**
 * Hands out a camera track's frames as they come.
 *
 * @param capturedAt when the frame was captured, on `performance.now()`'s clock, as well as known.
 * @param take makes a copy of the frame that the caller owns and must close or transfer; only valid
 *   during the call.
 */
export type FrameListener = (capturedAt: number, take: () => VideoFrame) => void;

/** Chromium has it in windows too; TypeScript knows it in workers only. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
type TrackProcessorConstructor = new (init: { track: MediaStreamTrack }) => TrackProcessor;

/**
 * Reads frames until stopped or until the track ends. Prefers the track itself to a video element,
 * whose callbacks stop while the page is hidden: a minimised window is not a camera that is off.
 *
 * @returns stops reading.
 */
export function readFrames(stream: MediaStream, listener: FrameListener): () => void {
  const [track] = stream.getVideoTracks();
  if (!track) return () => {};
  const Processor: unknown = Reflect.get(globalThis, 'MediaStreamTrackProcessor');
  return typeof Processor === 'function'
    ? readTrack(new (Processor as TrackProcessorConstructor)({ track }), listener)
    : readElement(stream, listener);
}

function readTrack(processor: TrackProcessor, listener: FrameListener): () => void {
  const reader = processor.readable.getReader();
  const clock = new CaptureClock();
  let stopped = false;
  const pump = async (): Promise<void> => {
    while (!stopped) {
      const { done, value: frame } = await reader.read();
      if (done) return;
      try {
        if (!stopped)
          listener(clock.captureTime(frame.timestamp, performance.now()), () => frame.clone());
      } finally {
        // A camera has few buffers; one kept open stops it.
        frame.close();
      }
    }
  };
  // The stream fails when the track does; the watch sees the silence and the track's state.
  pump().catch(() => {});
  return () => {
    stopped = true;
    reader.cancel().catch(() => {});
  };
}

function readElement(stream: MediaStream, listener: FrameListener): () => void {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  let handle = 0;
  const onFrame: VideoFrameRequestCallback = (now, metadata) => {
    handle = video.requestVideoFrameCallback(onFrame);
    listener(metadata.captureTime ?? now, () => new VideoFrame(video));
  };
  handle = video.requestVideoFrameCallback(onFrame);
  // Refused only when the element is thrown away at once, and then nobody listens.
  video.play().catch(() => {});
  return () => {
    video.cancelVideoFrameCallback(handle);
    video.srcObject = null;
  };
}

/** A gap this long between what was expected and what came means that the camera began anew. */
const NEW_START_MS = 2_000;
/** Per frame, so that a camera whose clock runs slow by a thousandth does not seem ever later. */
const DRIFT_MS = 0.1;

/**
 * Places frame timestamps (which count from some unknown moment) on the page's clock. The quickest
 * frame so far had next to no delay; how much later than it another one came is that one's delay.
 */
export class CaptureClock {
  #offset = Number.POSITIVE_INFINITY;

  /**
   * @param timestampUs the frame's own time in microseconds.
   * @param arrivedAt when it was read, in milliseconds.
   * @returns when it was captured, in milliseconds on the clock of `arrivedAt`.
   */
  captureTime(timestampUs: number, arrivedAt: number): number {
    const offset = arrivedAt - timestampUs / 1_000;
    this.#offset =
      offset > this.#offset + NEW_START_MS ? offset : Math.min(offset, this.#offset + DRIFT_MS);
    return timestampUs / 1_000 + this.#offset;
  }
}
