import type {
  StillSize,
  VisionReply,
  VisionRequest,
  WorkerCapture,
} from '#renderer/vision/worker/vision-messages.ts';

export type VisionState = 'loading' | 'ready' | 'failed';

/** The model of descriptors; `off` until somebody asks for it. */
export type IdentityState = 'off' | 'loading' | 'ready' | 'failed';

type TaskReply = Extract<VisionReply, { type: 'looked' | 'captured' }>;

export type Look = Omit<Extract<VisionReply, { type: 'looked' }>, 'type' | 'id'>;

export interface VisionProcessOptions {
  /** Absolute address of the folder with models and runtime, ending in a slash. */
  readonly base: string;
  readonly createWorker: () => Worker;
  /** @param reason what broke, for the log; only with 'failed'. */
  readonly onState: (state: VisionState, reason?: string) => void;
  /** @param fraction of the face finder's files that has come, 0..1. */
  readonly onProgress?: (fraction: number) => void;
  /** @param reason what broke, for the log; only with 'failed'. */
  readonly onIdentityState?: (state: IdentityState, reason?: string) => void;
}

const LOAD_LIMIT_MS = 90_000;
const LOOK_LIMIT_MS = 8_000;
const STILL_LIMIT_MS = 3_000;
const IDENTITY_LOAD_LIMIT_MS = 90_000;
/** How long a model that could not be loaded is left alone before a capture tries again. */
const IDENTITY_RETRY_MS = 30_000;
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
  /** The one frame that the worker is at: a capture never shares a moment with a look. */
  #task: { readonly id: number; readonly finish: (reply: TaskReply | null) => void } | undefined;
  #identity: IdentityState = 'off';
  #identityWanted = false;
  #identityTriedAt = Number.NEGATIVE_INFINITY;
  #identityLimit: ReturnType<typeof setTimeout> | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #lastId = 0;

  constructor(options: VisionProcessOptions) {
    this.#options = options;
  }

  /** True when it is loaded and not at work. */
  get free(): boolean {
    return this.#state === 'ready' && !this.#task;
  }

  /** Starts loading; does nothing when it runs already. */
  start(): void {
    if (this.#state === 'stopped') this.#load();
  }

  stop(): void {
    clearTimeout(this.#restart);
    this.#discard();
    this.#state = 'stopped';
    this.#identityWanted = false;
    this.#identityTriedAt = Number.NEGATIVE_INFINITY;
    this.#changeIdentity('off');
  }

  /**
   * Loads the model of descriptors, now or as soon as the face finder is there, and again in every
   * later worker. Does nothing while it is there, on its way or failed a moment ago.
   */
  wantIdentity(): void {
    this.#identityWanted = true;
    this.#loadIdentity();
  }

  /**
   * Looks at a frame, which it takes over.
   *
   * @returns null when the worker is not free or breaks over it.
   */
  async look(frame: VideoFrame): Promise<Look | null> {
    const reply = await this.#run('look', frame, 'a look took too long');
    return reply?.type === 'looked' ? reply : null;
  }

  /**
   * Looks at a frame, which it takes over, for identity; asks for the model of descriptors as well.
   *
   * @returns null when the worker is not free or breaks over it.
   */
  async capture(frame: VideoFrame): Promise<WorkerCapture | null> {
    this.wantIdentity();
    const reply = await this.#run('capture', frame, 'a capture took too long');
    return reply?.type === 'captured' ? reply.capture : null;
  }

  #run(type: 'look' | 'capture', frame: VideoFrame, tooLong: string): Promise<TaskReply | null> {
    const worker = this.#worker;
    if (!worker || !this.free) {
      frame.close();
      return Promise.resolve(null);
    }
    const id = ++this.#lastId;
    return new Promise((finish) => {
      this.#task = { id, finish };
      this.#within(LOOK_LIMIT_MS, tooLong);
      post(worker, { type, id, frame }, [frame]);
    });
  }

  /**
   * Makes a JPEG of a frame, which it takes over.
   *
   * @returns null when there is no worker or no picture could be made.
   */
  still(frame: VideoFrame, size: StillSize = 'small'): Promise<Uint8Array | null> {
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
      post(worker, { type: 'still', id, frame, size }, [frame]);
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
        this.#loadIdentity();
        break;
      case 'progress':
        this.#options.onProgress?.(reply.fraction);
        break;
      case 'identity-ready':
        this.#changeIdentity('ready');
        break;
      case 'identity-failed':
        this.#changeIdentity('failed', reply.reason);
        break;
      case 'objects-failed':
        // For technology staff; the room sees that objects are not looked for.
        console.error('the object model does not work', reply.reason);
        break;
      case 'failed':
        this.#broke(reply.reason);
        break;
      case 'looked':
      case 'captured': {
        const task = this.#task;
        if (task?.id !== reply.id) break;
        clearTimeout(this.#limit);
        this.#task = undefined;
        this.#failures = 0;
        task.finish(reply);
        break;
      }
      case 'still':
        this.#stills.get(reply.id)?.(reply.jpeg);
        break;
    }
  }

  #loadIdentity(): void {
    const worker = this.#worker;
    if (!worker || !this.#identityWanted || this.#state !== 'ready') return;
    if (this.#identity === 'loading' || this.#identity === 'ready') return;
    const now = performance.now();
    if (now - this.#identityTriedAt < IDENTITY_RETRY_MS) return;
    this.#identityTriedAt = now;
    this.#changeIdentity('loading');
    this.#identityLimit = setTimeout(
      () => this.#changeIdentity('failed', 'the identity model took too long to load'),
      IDENTITY_LOAD_LIMIT_MS,
    );
    post(worker, { type: 'load-identity' });
  }

  #changeIdentity(state: IdentityState, reason?: string): void {
    if (state !== 'loading') clearTimeout(this.#identityLimit);
    if (state === this.#identity) return;
    this.#identity = state;
    this.#options.onIdentityState?.(state, reason);
  }

  #broke(reason: string): void {
    this.#discard();
    // The next worker begins without it, and its own failure is not this one's.
    this.#identityTriedAt = Number.NEGATIVE_INFINITY;
    this.#changeIdentity('off');
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
    const task = this.#task;
    this.#task = undefined;
    task?.finish(null);
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
