import { seededRandom } from '#tools/clip/seeded-random.ts';

/** A figure with its 95 % confidence interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.96;

/** A share with Wilson's interval; for things that are independent of one another. Null of none. */
export const wilson = (hits: number, of: number): Interval | null => {
  if (of === 0) return null;
  const share = hits / of;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of))) / (1 + z2 / of);
  return { value: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
};

/** Probability of at most `count` events where `mean` are to be expected. */
const poissonUpTo = (count: number, mean: number): number => {
  let term = Math.exp(-mean);
  let sum = term;
  for (let i = 1; i <= count; i++) {
    term *= mean / i;
    sum += term;
  }
  return sum;
};

/** The mean at which `probability(mean)`, which falls with it, is `wanted`. */
const meanAt = (probability: (mean: number) => number, wanted: number, most: number): number => {
  let low = 0;
  let high = most;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (probability(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/** Events per unit with the exact Poisson interval: none in one hour may still be 3.7 an hour. Null of no time. */
export const poissonRate = (count: number, units: number): Interval | null => {
  if (units <= 0) return null;
  const most = count * 3 + 20;
  const low = count === 0 ? 0 : meanAt((mean) => poissonUpTo(count - 1, mean), 0.975, most);
  const high = meanAt((mean) => poissonUpTo(count, mean), 0.025, most);
  return { value: count / units, low: low / units, high: high / units };
};

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(part * (sorted.length - 1))))] ?? 0;

export const median = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

const RESAMPLES = 400;

/**
 * Interval by drawing whole units anew (people, clips): what belongs to one of them hangs together and is no
 * independent proof. Seeded: equal data give equal intervals.
 *
 * @param figure of a draw, which holds each unit any number of times; null where it says nothing.
 */
export const bootstrap = <T>(
  units: readonly T[],
  figure: (drawn: readonly T[]) => number | null,
): Interval | null => {
  const value = figure(units);
  if (value === null) return null;
  const random = seededRandom(units.length);
  const values: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const drawn = units.map(() => units[random.integer(0, units.length - 1)] as T);
    const once = figure(drawn);
    if (once !== null) values.push(once);
  }
  if (values.length < RESAMPLES / 2) return { value, low: Number.NaN, high: Number.NaN };
  values.sort((a, b) => a - b);
  return { value, low: percentile(values, 0.025), high: percentile(values, 0.975) };
};
