/** A key that went down, as the exam's window told of it. */
export interface KeyTime {
  /** Monotonic, ms. */
  readonly atMs: number;
  /** The system repeats a key that is held. */
  readonly repeat: boolean;
  /** The program was busy just before: what arrives then comes in a heap and its times say nothing. */
  readonly late: boolean;
}

/** A run of keys that no hand types. */
export interface FastRun {
  readonly keys: number;
  /** The middle of the gaps between its keys, ms. */
  readonly medianMs: number;
}

/** What the rule remembers between keys. Plain data of bounded size. */
export interface TypingState {
  readonly lastMs: number | null;
  /** The latest gaps of the run, at most `RUN_KEYS - 1` of them. */
  readonly gaps: readonly number[];
  /** The run was stated already, or cannot be judged. */
  readonly done: boolean;
}
export const NO_TYPING: TypingState = { lastMs: null, gaps: [], done: false };

/** The world's fastest typists reach some 20 keys a second for moments: 50 ms. 25 keys at under 12 ms are no hand. */
const RUN_KEYS = 25;
const INHUMAN_MS = 12;
/** A keyboard reports at most every millisecond, and a key takes two reports: closer keys were queued somewhere. */
const QUEUED_MS = 1;
/**
 * A program that stalls again and again gets what a hand typed in heaps: fast in the middle, and as slow as the hand on
 * the whole. Less than this between keys on the average is no hand's either, ms.
 */
const INHUMAN_MEAN_MS = 30;
/** A pause that ends a run, ms. */
const PAUSE_MS = 400;

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)], sorted[middle]];
  return low === undefined || high === undefined ? 0 : (low + high) / 2;
};

/**
 * PEERS 13, Art. 29j: a device that types by itself (a "rubber ducky", a keyboard emulator). Judges only the
 * times of keys, never which. Single fast pairs happen (rolled fingers), so a whole run must be fast in the middle.
 *
 * It cannot tell such a device from assistive technology that injects keys (dictation, word prediction,
 * on-screen keyboards, text expanders), so what comes of it is evidence for people and never a copy attempt.
 *
 * @returns the new state, and the run once when it is long enough; null otherwise.
 */
export const typeKey = (
  state: TypingState,
  { atMs, repeat, late }: KeyTime,
): { readonly state: TypingState; readonly run: FastRun | null } => {
  // A held key says nothing about speed, and must not fill a run's gaps.
  if (repeat) return { state, run: null };
  const gap = state.lastMs === null ? Number.POSITIVE_INFINITY : atMs - state.lastMs;
  if (gap < 0 || gap > PAUSE_MS) {
    return { state: { lastMs: atMs, gaps: [], done: late }, run: null };
  }
  if (state.done || late) return { state: { lastMs: atMs, gaps: [], done: true }, run: null };
  const gaps = [...state.gaps, gap].slice(1 - RUN_KEYS);
  const medianMs = medianOf(gaps);
  const meanMs = gaps.reduce((sum, one) => sum + one, 0) / gaps.length;
  const inhuman =
    gaps.length === RUN_KEYS - 1 &&
    medianMs < INHUMAN_MS &&
    medianMs >= QUEUED_MS &&
    meanMs < INHUMAN_MEAN_MS;
  return {
    state: { lastMs: atMs, gaps: inhuman ? [] : gaps, done: inhuman },
    run: inhuman ? { keys: RUN_KEYS, medianMs: Math.round(medianMs * 10) / 10 } : null,
  };
};
