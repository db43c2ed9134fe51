/** A check this long after the one before it came when it was due, give or take a busy moment, ms. */
const ON_TIME_MS = 250;

/**
 * How long a camera has given nothing, counting only time in which the page itself ran: a page that stood still, because
 * the machine is starved or was asleep, heard no frames either, and that is no evidence of anything. All times are of
 * one monotonic clock, ms.
 */
export class CameraSilence {
  #sinceMs: number;
  #heardMs = 0;

  /** @param nowMs when the camera was opened. */
  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** For how long the page listened and heard nothing, ms. */
  get ms(): number {
    return this.#heardMs;
  }

  /** A frame came. */
  frame(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#heardMs = 0;
  }

  /** To be called ten times a second. */
  check(nowMs: number): void {
    const pause = nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    if (pause <= ON_TIME_MS) this.#heardMs += Math.max(0, pause);
  }
}
