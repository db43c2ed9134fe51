/** A small seeded generator (mulberry32), so that the same clip comes out on every machine. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number in [from, to], both included. */
  integer(from: number, to: number): number;
}

/** @param seed any whole number; equal seeds give equal sequences. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, integer: (from, to) => from + Math.floor(next() * (to - from + 1)) };
}

/** A table of normally distributed whole numbers, drawn from at random for sensor-like noise. */
export function noiseTable(random: SeededRandom, deviation: number): Int8Array {
  return Int8Array.from({ length: 1 << 15 }, () => {
    const u = Math.max(random.next(), 1e-9);
    const normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.next());
    return Math.max(-100, Math.min(100, Math.round(normal * deviation)));
  });
}
