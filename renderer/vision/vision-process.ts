import type { VisionReply, VisionRequest } from '#renderer/vision/vision-messages.ts';

export type VisionState = 'loading' | 'ready' | 'failed';

export type Look = Omit<Extract<VisionReply, { type: 'looked' }>, 'type' | 'id'>;

export interface VisionProcessOptions {
  /** Absolute address of the folder with models and runtime, ending in a slash. */
  readonly base: string;
  readonly createWorker: () => Worker;
  /** @param reason what broke, for the log; only with 'failed'. */
  readonly onState: (state: VisionState, reason?: string) => void;
}

const LOAD_LIMIT_MS = 90_000;
const LOOK_LIMIT_MS = 8_000;
const STILL_LIMIT_MS = 3_000;
const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 10_000;

/**
 * The vision worker's life: loads it, asks it one thing at a time, and starts another when it
 * breaks or hangs, waiting a little longer each time.
 */
export class VisionProcess {
  readonly #options: VisionProcessOptions;
  readonly #stills = new Map<number, (jpeg: Uint8Array | null) => void>();
  #worker: Worker | undefined;
  #state: VisionState | 'stopped' = 'stopped';
  #look: { readonly id: number; readonly resolve: (look: Look | null) => void } | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #lastId = 0;

  constructor(options: VisionProcessOptions) {
    this.#options = options;
  }

  /** True when it is loaded and not at work. */
  get free(): boolean {
    return this.#state === 'ready' && !this.#look;
  }

  /** Starts loading; does nothing when it runs already. */
  start(): void {
    if (this.#state === 'stopped') this.#load();
  }

  stop(): void {
    clearTimeout(this.#restart);
    this.#discard();
    this.#state = 'stopped';
  }

  /**
   * Looks at a frame, which it takes over.
   *
   * @returns null when the worker is not free or breaks over it.
   */
  look(frame: VideoFrame): Promise<Look | null> {
    const worker = this.#worker;
    if (!worker || !this.free) {
      frame.close();
      return Promise.resolve(null);
    }
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#look = { id, resolve };
      this.#within(LOOK_LIMIT_MS, 'a look took too long');
      post(worker, { type: 'look', id, frame }, [frame]);
    });
  }

  /**
   * Makes a JPEG of 320x240 of a frame, which it takes over.
   *
   * @returns null when there is no worker or no picture could be made.
   */
  still(frame: VideoFrame): Promise<Uint8Array | null> {
    const worker = this.#worker;
    if (!worker) {
      frame.close();
      return Promise.resolve(null);
    }
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(null), STILL_LIMIT_MS);
      const finish = (jpeg: Uint8Array | null) => {
        clearTimeout(timer);
        this.#stills.delete(id);
        resolve(jpeg);
      };
      this.#stills.set(id, finish);
      post(worker, { type: 'still', id, frame }, [frame]);
    });
  }

  #load(): void {
    this.#change('loading');
    const worker = this.#options.createWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<VisionReply>) => this.#heard(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#broke(event.message || 'the worker did not start');
    };
    worker.onmessageerror = () => this.#broke('a message could not be read');
    this.#within(LOAD_LIMIT_MS, 'the models took too long to load');
    post(worker, { type: 'load', base: this.#options.base });
  }

  #heard(reply: VisionReply): void {
    switch (reply.type) {
      case 'ready':
        clearTimeout(this.#limit);
        this.#change('ready');
        break;
      case 'failed':
        this.#broke(reply.reason);
        break;
      case 'looked': {
        const look = this.#look;
        if (look?.id !== reply.id) break;
        clearTimeout(this.#limit);
        this.#look = undefined;
        this.#failures = 0;
        look.resolve(reply);
        break;
      }
      case 'still':
        this.#stills.get(reply.id)?.(reply.jpeg);
        break;
    }
  }

  #broke(reason: string): void {
    this.#discard();
    const wait = Math.min(LAST_RESTART_MS, FIRST_RESTART_MS * 2 ** this.#failures);
    this.#failures++;
    this.#restart = setTimeout(() => this.#load(), wait);
    this.#change('failed', reason);
  }

  /** Ends the worker and answers everybody who waits for it. */
  #discard(): void {
    clearTimeout(this.#limit);
    if (this.#worker) {
      this.#worker.onmessage = null;
      this.#worker.onerror = null;
      this.#worker.terminate();
      this.#worker = undefined;
    }
    const look = this.#look;
    this.#look = undefined;
    look?.resolve(null);
    for (const finish of [...this.#stills.values()]) finish(null);
  }

  #within(limitMs: number, reason: string): void {
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => this.#broke(reason), limitMs);
  }

  #change(state: VisionState, reason?: string): void {
    this.#state = state;
    this.#options.onState(state, reason);
  }
}

function post(worker: Worker, request: VisionRequest, transfer: Transferable[] = []): void {
  worker.postMessage(request, transfer);
}
