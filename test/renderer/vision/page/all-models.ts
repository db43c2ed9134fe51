import type { ModelFindings } from '#test/renderer/vision/page/all-models.worker.ts';

/** All face models side by side, without the thresholds that the product puts on them. */
export class AllModels {
  readonly #worker = new Worker(new URL('./all-models.worker.ts', import.meta.url), {
    type: 'module',
  });

  async load(models: readonly string[], minScore: number): Promise<void> {
    const base = new URL('./vision/', document.baseURI).href;
    await this.#ask({ base, models, minScore });
  }

  /** @param picture address of a picture on this origin. */
  async find(picture: string): Promise<ModelFindings[]> {
    const response = await fetch(picture);
    if (!response.ok) throw new Error(`${picture}: ${response.status}`);
    return (await this.#ask({ picture: await response.blob() })) as ModelFindings[];
  }

  #ask(message: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => resolve(data);
      this.#worker.onerror = (event) => reject(new Error(event.message));
      this.#worker.postMessage(message);
    });
  }
}
