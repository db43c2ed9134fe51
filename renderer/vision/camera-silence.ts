/** A check this long after the one before it came when it was due, give or take a busy moment, ms. */
const ON_TIME_MS = 250;
/** So many late checks in a row without a frame between them, and so long since the last one, ms: nobody watches any more. */
const UNHEARD = { checks: 3, ms: 2_500 } as const;

/**
 * How long a camera has given nothing, counting only time in which the page itself ran: a page that stood still, because
 * the machine is starved or was asleep, heard no frames either, and that is no evidence of anything. All times are of
 * one monotonic clock, ms.
 */
export class CameraSilence {
  #sinceMs: number;
  #frameMs: number;
  #heardMs = 0;
  /** Checks in a row that came late. */
  #late = 0;

  /** @param nowMs when the camera was opened. */
  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
    this.#frameMs = nowMs;
  }

  /** For how long the page listened and heard nothing, ms. */
  get ms(): number {
    return this.#heardMs;
  }

  /** How long ago the last frame came, whatever the page did meanwhile, ms. */
  sinceFrame(nowMs: number): number {
    return nowMs - this.#frameMs;
  }

  /**
   * Whether the page's timers come late again and again (a page out of sight has one a second, or a minute) and no frame
   * came between them. After a stall a frame waits together with the timer, so that this is none; but why no frame comes,
   * nobody can tell.
   */
  unheard(nowMs: number): boolean {
    return this.#late >= UNHEARD.checks && this.sinceFrame(nowMs) >= UNHEARD.ms;
  }

  /** A frame came. */
  frame(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#frameMs = nowMs;
    this.#heardMs = 0;
    this.#late = 0;
  }

  /** To be called ten times a second. */
  check(nowMs: number): void {
    const pause = nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    this.#late = pause <= ON_TIME_MS ? 0 : this.#late + 1;
    if (this.#late === 0) this.#heardMs += Math.max(0, pause);
  }
}
