/** Bytes of each file by name, written beside them (`tools/bundle/prepare-vision.ts`). */
const SIZES = 'sizes.json';

/** Fetches the files of one model and says how much of them has come. */
export class VisionFiles {
  readonly #base: string;
  readonly #known: ReadonlySet<string>;
  readonly #total: number;
  readonly #onProgress: (fraction: number) => void;
  #come = 0;

  private constructor(
    base: string,
    known: ReadonlySet<string>,
    total: number,
    onProgress: (fraction: number) => void,
  ) {
    this.#base = base;
    this.#known = known;
    this.#total = total;
    this.#onProgress = onProgress;
  }

  /**
   * @param base absolute address of the folder, ending in a slash.
   * @param names all that will be asked for: what the progress is a part of.
   * @param onProgress 0..1; never called when the sizes are not known.
   */
  static async of(
    base: string,
    names: readonly string[],
    onProgress: (fraction: number) => void,
  ): Promise<VisionFiles> {
    const sizes: unknown = await fetch(base + SIZES)
      .then((response) => (response.ok ? response.json() : null))
      // Without sizes there is no progress to tell, and everything else works.
      .catch(() => null);
    const total = names.reduce((sum, name) => {
      const size: unknown = sizes === null ? undefined : Reflect.get(Object(sizes), name);
      return sum + (typeof size === 'number' ? size : Number.NaN);
    }, 0);
    return new VisionFiles(base, new Set(Object.keys(Object(sizes))), total, onProgress);
  }

  /** Whether the folder has a file that it may have or not. */
  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** @throws Error when it is not there. */
  async bytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await fetch(this.#base + name);
    if (!response.ok || !response.body) throw new Error(`${name}: ${response.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
      this.#came(value.length);
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #came(bytes: number): void {
    this.#come += bytes;
    if (Number.isFinite(this.#total)) this.#onProgress(Math.min(1, this.#come / this.#total));
  }
}
