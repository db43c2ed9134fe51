import type { Thresholds } from '#shared/incident/identity-thresholds.ts';
import { type Descriptor, TEMPLATE_MODEL, type Template } from './face-capture.ts';
import type { CheckOutcome } from './identity-facts.ts';

/** How many good captures a check takes the median of: one bad frame among five moves it little. */
export const CHECK_CAPTURES = { least: 3, wanted: 5 } as const;

/** Euclidean distance of two descriptors: 0 the same frame, about 0.4 the same person, 0.8 and more two people. */
export const distanceOf = (a: Descriptor, b: Descriptor): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0));

/** The middle value; 0 of none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
};

const perNumber = (
  descriptors: readonly Descriptor[],
  of: (values: readonly number[]) => number,
): Descriptor =>
  (descriptors[0] ?? []).map((_, i) => of(descriptors.map((descriptor) => descriptor[i] ?? 0)));

/** The mean of each number: what a template is made of. Empty of none. */
export const meanDescriptor = (descriptors: readonly Descriptor[]): Descriptor =>
  perNumber(descriptors, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);

/** The median of each number: one strange capture among several does not move it. Empty of none. */
export const medianDescriptor = (descriptors: readonly Descriptor[]): Descriptor =>
  perNumber(descriptors, median);

/** What the distance says of a 1:1 comparison. Exactly on a threshold it is not sure. */
export const outcomeOf = (
  distance: number,
  { match, no }: Thresholds,
): Extract<CheckOutcome, 'verified' | 'unsure' | 'no'> => {
  if (distance < match) return 'verified';
  return distance > no ? 'no' : 'unsure';
};

/** Median distance of several good captures of one person to a reference; null without captures. */
export const medianDistance = (
  captures: readonly Descriptor[],
  reference: Descriptor,
): number | null =>
  captures.length === 0 ? null : median(captures.map((capture) => distanceOf(capture, reference)));

/**
 * A template out of the good captures of one person.
 * @returns null for fewer than three; more than five are cut to the first five.
 */
export const templateOf = (captures: readonly Descriptor[]): Template | null => {
  const used = captures.slice(0, CHECK_CAPTURES.wanted);
  if (used.length < CHECK_CAPTURES.least) return null;
  return {
    model: TEMPLATE_MODEL,
    descriptor: [...meanDescriptor(used)],
    captures: used.length,
  };
};
