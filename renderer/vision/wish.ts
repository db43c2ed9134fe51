/** Something of the next frame that somebody waits for; null when it does not come in time. */
export class Wish<T> {
  readonly promise: Promise<T | null>;
  readonly #resolve: (value: T | null) => void;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #settled: () => void;
  #open = true;

  /** @param settled called once, when the next one may be made. */
  constructor(waitMs: number, settled: () => void) {
    const { promise, resolve } = Promise.withResolvers<T | null>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#settled = settled;
    this.#timer = setTimeout(() => this.grant(Promise.resolve(null)), waitMs);
  }

  /** Whether it still waits for its frame. */
  get open(): boolean {
    return this.#open;
  }

  /** Gives it what a frame is being made into; from then on it waits as long as that takes. */
  grant(made: Promise<T | null>): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#timer);
    void made.then((value) => {
      this.#settled();
      this.#resolve(value);
    });
  }
}
