import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import { MAX_FRAMES, POLL_MS, type PollAnswer } from './polled.ts';

/** After a request that failed, ms. */
const PAUSE_MS = 500;
/** So many failures in a row end the link. */
const TRIES = 6;
/** A network that cuts idle requests gets shorter ones, ms, down to this. */
const SHORTEST_MS = 1_000;
/** The server itself says that there is no such link; anything else may be the network. */
const FINAL: ReadonlySet<ProblemCode> = new Set([
  'bad-request',
  'unauthorised',
  'forbidden',
  'not-found',
  'conflict',
  'protocol-version',
  'too-large',
]);

export interface PolledClientOptions {
  /** One exchange; `link` is named by whoever asks. */
  readonly ask: (body: {
    readonly first: number;
    readonly frames: readonly unknown[];
    readonly have: number;
    readonly waitMs: number;
  }) => Promise<Result<PollAnswer, Problem>>;
  readonly after: (ms: number, task: () => void) => () => void;
  readonly monotonicMs: () => number;
  /** Whether the first exchange waits until there is something to send. */
  readonly speaksFirst: boolean;
  readonly onMessage: (message: unknown) => void;
  /** Exactly once. @param problem what the server said, when it was the server. */
  readonly onClose: (problem: Problem | null) => void;
}

export interface PolledClient {
  send(frame: unknown): void;
  close(): void;
}

/**
 * The frames of a socket by plain requests: one that waits for the server to speak, and one for each thing to say.
 * Frames are numbered in both directions, so that a request whose answer was lost is asked again and nothing is
 * taken twice. Every answer ends: whatever buffers answers lets them through.
 */
export const openPolledClient = (options: PolledClientOptions): PolledClient => {
  let closed = false;
  let have = 0;
  let sent = 0;
  let queue: readonly unknown[] = [];
  let sending = false;
  let polling = false;
  let failures = 0;
  let waitMs = POLL_MS;

  const close = (problem: Problem | null): void => {
    if (closed) return;
    closed = true;
    options.onClose(problem);
  };

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      options.after(ms, resolve);
    });

  const take = (answer: PollAnswer): void => {
    answer.frames.forEach((frame, i) => {
      if (closed || answer.first + i !== have + 1) return;
      have += 1;
      options.onMessage(frame);
    });
    if (answer.closed !== undefined) close(null);
  };

  /** @returns whether it went through; otherwise it may be asked again. */
  const exchange = async (frames: readonly unknown[], wait: number): Promise<boolean> => {
    const answer = await options.ask({ first: sent + 1, frames, have, waitMs: wait });
    if (closed) return false;
    if (answer.ok) {
      failures = 0;
      take(answer.value);
      return true;
    }
    failures += 1;
    if (FINAL.has(answer.error.code) || failures >= TRIES) close(answer.error);
    else await sleep(PAUSE_MS);
    return false;
  };

  const poll = async (): Promise<void> => {
    if (polling) return;
    polling = true;
    while (!closed) {
      const asked = options.monotonicMs();
      const through = await exchange([], waitMs);
      if (through || closed) continue;
      const heldMs = options.monotonicMs() - asked - PAUSE_MS;
      if (heldMs >= SHORTEST_MS) waitMs = Math.max(SHORTEST_MS, Math.min(waitMs, heldMs) / 2);
      waitMs = Math.floor(waitMs);
    }
  };

  const sendAll = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    while (queue.length > 0 && !closed) {
      const frames = queue.slice(0, MAX_FRAMES);
      if (!(await exchange(frames, 0))) continue;
      sent += frames.length;
      queue = queue.slice(frames.length);
      void poll();
    }
    sending = false;
  };

  if (!options.speaksFirst) void poll();
  return {
    send: (frame) => {
      if (closed) return;
      queue = [...queue, frame];
      void sendAll();
    },
    close: () => close(null),
  };
};
