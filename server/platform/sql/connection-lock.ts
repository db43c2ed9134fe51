/** Lets one holder in at a time, in the order in which they asked. */
export class ConnectionLock {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  /** Resolves when the lock is the caller's, who must release it. */
  async acquire(): Promise<void> {
    if (this.#held) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    this.#held = true;
  }

  /** Hands the lock to the one who has waited longest; nobody who asks now comes in between. */
  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#held = false;
    else next();
  }
}
