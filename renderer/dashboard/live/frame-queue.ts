/** A page in the background gets no animation frames; its messages are still taken this often, ms. */
const HIDDEN_FLUSH_MS = 500;

export interface FrameQueue<T> {
  push(item: T): void;
  /** Forgets what waits. */
  clear(): void;
}

/**
 * Gathers what arrives and hands it over once per animation frame, so that twenty messages in one
 * frame cost one drawing.
 * @param take gets everything since the last time, in order; never an empty list.
 */
export const createFrameQueue = <T>(take: (items: readonly T[]) => void): FrameQueue<T> => {
  let waiting: T[] = [];
  let frame: number | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const cancel = (): void => {
    if (frame !== null) cancelAnimationFrame(frame);
    if (timer !== null) clearTimeout(timer);
    frame = null;
    timer = null;
  };
  const flush = (): void => {
    cancel();
    const items = waiting;
    waiting = [];
    if (items.length > 0) take(items);
  };

  return {
    push: (item) => {
      waiting.push(item);
      if (timer !== null) return;
      frame = requestAnimationFrame(flush);
      timer = setTimeout(flush, HIDDEN_FLUSH_MS);
    },
    clear: () => {
      cancel();
      waiting = [];
    },
  };
};
