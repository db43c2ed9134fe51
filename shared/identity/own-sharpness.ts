import { captureAdvice } from './capture-quality.ts';
import type { FaceCapture } from './face-capture.ts';

/** How long a person's own sharpness is learnt, ms, and from how many good frames at least. */
const LEARN_MS = 60_000;
const LEAST = 3;
const MOST = 60;
/**
 * A frame with less than this part of the person's own detail is blurred. Nothing absolute is possible: beard,
 * glasses, skin and lens decide how much detail a sharp face has. The value is a judgement: generated blur takes
 * nine tenths of it and more, a face that moves back by a third of its distance about half.
 */
const LEAST_PART = 0.25;

/** What is known of a person's sharpness. */
export interface Sharpness {
  readonly sinceT: number | null;
  /** Of good frames, relative to their own light. */
  readonly values: readonly number[];
}

export const INITIAL_SHARPNESS: Sharpness = { sinceT: null, values: [] };

/** Half the light has a quarter of the variance with the same detail. */
const light = ({ faceMean }: FaceCapture): number => Math.max(1, faceMean) ** 2;

/** Learns from the frames of the first minute that are good otherwise. */
export const learnSharpness = (known: Sharpness, capture: FaceCapture, t: number): Sharpness => {
  if (captureAdvice(capture) !== null) return known;
  const sinceT = known.sinceT ?? t;
  if (t - sinceT > LEARN_MS || known.values.length >= MOST) return known;
  return { sinceT, values: [...known.values, capture.sharpness / light(capture)] };
};

/** What `captureAdvice` asks of this frame, given its light; 0 while too little is known. */
export const leastSharpness = ({ values }: Sharpness, capture: FaceCapture): number => {
  if (values.length < LEAST) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[sorted.length >> 1] ?? 0) * LEAST_PART * light(capture);
};
