import { type CaptureAdvice, captureAdvice } from '#shared/identity/capture-quality.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import { CAPTURES } from '#shared/wire/enrolment.ts';

/** When a frame of the enrolment is taken. */
export const CAPTURE_CHOICE = {
  /** Between two that are taken: the same moment five times over is one frame, not five. ms */
  gapMs: 700,
  /** After somebody else was in the picture, the person has to be alone for this long. ms */
  aloneMs: 1_500,
  /** A frame with less than this part of the sharpest one so far is blurred. */
  sharpness: 0.4,
} as const;

/** What is known of the frames so far. Times are of one monotonic clock, ms. */
export interface CaptureHistory {
  readonly taken: readonly FaceCapture[];
  readonly lastTakenAt: number | null;
  /** When a second person was last seen. */
  readonly lastCrowdAt: number | null;
  /** Sharpest so far. */
  readonly sharpest: number;
}

export const NO_CAPTURES: CaptureHistory = {
  taken: [],
  lastTakenAt: null,
  lastCrowdAt: null,
  sharpest: 0,
};

export interface CaptureChoice {
  readonly history: CaptureHistory;
  /** What the person should mend; null when the frame is good. */
  readonly advice: CaptureAdvice | null;
  /** Whether this frame may be one of the enrolment's. */
  readonly take: boolean;
}

const same = (a: FaceCapture, b: FaceCapture): boolean =>
  a.descriptor?.every((value, i) => value === b.descriptor?.[i]) === true;

/** Judges one frame: what to say, and whether to take it. */
export const chooseCapture = (
  before: CaptureHistory,
  capture: FaceCapture,
  now: number,
): CaptureChoice => {
  const advice = captureAdvice(capture, before.sharpest * CAPTURE_CHOICE.sharpness);
  const crowd = capture.faces > 1;
  const history: CaptureHistory = {
    ...before,
    lastCrowdAt: crowd ? now : before.lastCrowdAt,
    sharpest: advice === null ? Math.max(before.sharpest, capture.sharpness) : before.sharpest,
  };
  const since = (at: number | null): number => (at === null ? Number.POSITIVE_INFINITY : now - at);
  const take =
    advice === null &&
    history.taken.length < CAPTURES.most &&
    since(history.lastTakenAt) >= CAPTURE_CHOICE.gapMs &&
    since(history.lastCrowdAt) >= CAPTURE_CHOICE.aloneMs &&
    // A picture that comes again bit for bit is no camera's.
    !history.taken.some((taken) => same(capture, taken));
  return { history, advice, take };
};

/** The history with this frame among those that were taken. */
export const withTaken = (
  history: CaptureHistory,
  capture: FaceCapture,
  now: number,
): CaptureHistory => ({ ...history, taken: [...history.taken, capture], lastTakenAt: now });
