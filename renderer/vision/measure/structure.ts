import { LUMA_HEIGHT, LUMA_WIDTH } from './picture-quality.ts';

/** Structure is looked at this much smaller: a sensor's noise and the steps of a dark picture average out. */
const SHRINK = 4;
const WIDTH = LUMA_WIDTH / SHRINK;
const HEIGHT = LUMA_HEIGHT / SHRINK;
/** What is wider than this is light, not structure: a leak beside a tape, a bright side of the room. */
const REACH = 3;
/** Less than this is no structure at all, only rounding: luma. */
const LEAST_ENERGY = 0.02;

/** What of a picture does not depend on its light: edges and fine shapes, of length 1; null where there is nothing. */
export type Structure = Float32Array | null;

const shrunk = (luma: Uint8Array): Float32Array => {
  const small = new Float32Array(WIDTH * HEIGHT);
  for (let y = 0; y < LUMA_HEIGHT; y++)
    for (let x = 0; x < LUMA_WIDTH; x++) {
      const at = Math.floor(y / SHRINK) * WIDTH + Math.floor(x / SHRINK);
      small[at] = (small[at] ?? 0) + (luma[y * LUMA_WIDTH + x] ?? 0) / (SHRINK * SHRINK);
    }
  return small;
};

const meanAround = (small: Float32Array, x: number, y: number): number => {
  let sum = 0;
  let count = 0;
  for (let v = Math.max(0, y - REACH); v <= Math.min(HEIGHT - 1, y + REACH); v++)
    for (let u = Math.max(0, x - REACH); u <= Math.min(WIDTH - 1, x + REACH); u++) {
      sum += small[v * WIDTH + u] ?? 0;
      count++;
    }
  return sum / count;
};

/** @param luma 160x120. */
const structureOf = (luma: Uint8Array): Structure => {
  const small = shrunk(luma);
  const fine = new Float32Array(small.length);
  let energy = 0;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const at = y * WIDTH + x;
      const value = (small[at] ?? 0) - meanAround(small, x, y);
      fine[at] = value;
      energy += value * value;
    }
  const length = Math.sqrt(energy);
  if (length / Math.sqrt(fine.length) < LEAST_ENERGY) return null;
  return fine.map((value) => value / length);
};

/** How alike two pictures' structures are, -1..1; 0 where one of them has none. */
const likeness = (a: Structure, b: Structure): number => {
  if (a === null || b === null) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return Math.max(-1, Math.min(1, sum));
};

/** A picture that others are compared with has light and contrast. Luma. */
const BRIGHT_MEAN = 35;
const BRIGHT_STD = 15;

/** Remembers the last bright picture's structure, and says how much of it is in each later one. */
export const createStructureMemory = () => {
  let bright: Structure = null;
  return {
    /**
     * @param luma of this frame, 160x120. @param mean of it. @param std of it.
     * @returns null while there was no bright picture.
     */
    look: (luma: Uint8Array, { mean, std }: { mean: number; std: number }): number | null => {
      const isBright = mean >= BRIGHT_MEAN && std >= BRIGHT_STD;
      // Bright ones need no comparison: nothing lies on that lens, and each look would pay for it.
      if (isBright) {
        bright = structureOf(luma);
        return null;
      }
      return bright === null ? null : likeness(structureOf(luma), bright);
    },
  };
};
