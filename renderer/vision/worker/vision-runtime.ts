import { FilesetResolver } from '@mediapipe/tasks-vision';
import type { VisionFiles } from '#renderer/vision/worker/vision-files.ts';

export const RUNTIME_FILE = 'vision_wasm_module_internal.wasm';

type Fileset = Awaited<ReturnType<typeof FilesetResolver.forVisionTasks>>;

/** The vision runtime, fetched and compiled once; each detector starts it anew. */
export class VisionRuntime {
  readonly #fileset: Fileset;
  readonly #factory: unknown;
  readonly #program: WebAssembly.Module;

  private constructor(fileset: Fileset, factory: unknown, program: WebAssembly.Module) {
    this.#fileset = fileset;
    this.#factory = factory;
    this.#program = program;
  }

  /**
   * @param base absolute address of the folder, ending in a slash.
   * @throws Error when a file is missing or is not what it should be.
   */
  static async load(base: string, files: VisionFiles): Promise<VisionRuntime> {
    const fileset = await FilesetResolver.forVisionTasks(base.replace(/\/$/, ''), true);
    const [script, program] = await Promise.all([
      import(/* @vite-ignore */ String(fileset.wasmLoaderPath)) as Promise<unknown>,
      files.bytes(RUNTIME_FILE).then((bytes) => WebAssembly.compile(bytes)),
    ]);
    if (typeof script !== 'object' || script === null || !('default' in script)) {
      throw new Error('the vision runtime exports nothing');
    }
    return new VisionRuntime(fileset, script.default, program);
  }

  /**
   * Makes a detector.
   * @param create the library's own way to make it.
   * @throws whatever breaks, also where the runtime itself would wait for ever.
   */
  async start<Detector>(create: (fileset: Fileset) => Promise<Detector>): Promise<Detector> {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      started: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object => {
      WebAssembly.instantiate(this.#program, imports).then(
        (instance) => started(instance, this.#program),
        (reason: unknown) => reject(reason),
      );
      return {};
    };
    // Both are taken away after use, and a module is evaluated only once.
    Object.assign(globalThis, { ModuleFactory: this.#factory, Module: { instantiateWasm } });
    return Promise.race([create(this.#fileset), failed]);
  }
}
