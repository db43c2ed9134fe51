import type { ExamTime } from '#shared/kernel/time.ts';
import { SECOND } from '#shared/kernel/time.ts';

/** Turned away beyond this from the person's own neutral position; about 45°. */
const ENTER = 0.28;
/** Back again below this; about 30°. */
const RELEASE = 0.2;
/** A camera beside the screen shifts neutral by at most this; more would let somebody train the watch to look away. */
const MOST_NEUTRAL = 0.15;
const LEARN_MS = 30 * SECOND;
/** Fewer samples give no neutral position. */
const LEAST_SAMPLES = 10;
/** 30 s at 5 a second. */
const MOST_SAMPLES = 150;
const WINDOW = 3;
const FRESH_MS = 3 * SECOND;

/** What is remembered of a person's head. */
export interface HeadState {
  readonly recent: readonly { readonly t: ExamTime; readonly yaw: number }[];
  /** Yaw index when looking straight at the screen, -0.15..0.15. */
  readonly neutral: number;
  /** null when learning is over. */
  readonly learning: { readonly sinceT: ExamTime | null; readonly yaws: readonly number[] } | null;
}

export const INITIAL_HEAD: HeadState = {
  recent: [],
  neutral: 0,
  learning: { sinceT: null, yaws: [] },
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
};

const clamped = (yaw: number): number => Math.max(-MOST_NEUTRAL, Math.min(MOST_NEUTRAL, yaw));

const learn = (head: HeadState, yaw: number, t: ExamTime): HeadState => {
  if (head.learning === null) return head;
  const sinceT = head.learning.sinceT ?? t;
  if (t - sinceT > LEARN_MS || head.learning.yaws.length >= MOST_SAMPLES)
    return { ...head, learning: null };
  // Who is turned away is looked at more often: learnt from too, it would make looking ahead the turned position.
  const turned = head.learning.yaws.length >= LEAST_SAMPLES && Math.abs(yaw - head.neutral) > ENTER;
  if (turned) return head;
  const yaws = [...head.learning.yaws, yaw];
  const neutral = yaws.length < LEAST_SAMPLES ? head.neutral : clamped(median(yaws));
  return { ...head, neutral, learning: { sinceT, yaws } };
};

/**
 * Learns the neutral position anew from the next 30 s, as when the exam begins or goes on: before it people look at
 * the proctor or at their neighbour, and after a pause the machine may stand elsewhere. Until enough was seen, what
 * was learnt before holds.
 */
export const learnAgain = (head: HeadState): HeadState => ({
  ...head,
  learning: { sinceT: null, yaws: [] },
});

/**
 * Learns anew because a face is back after it was gone: it may be another's, or sit elsewhere. Until enough was seen
 * the first look stands for it, since what was learnt of somebody else would make looking ahead a turned head.
 */
export const learnFromReturn = (head: HeadState, yaw: number): HeadState => ({
  ...learnAgain(head),
  neutral: clamped(yaw),
});

/** Takes in the yaw index of the only face in a sample. */
export const withYaw = (head: HeadState, yaw: number, t: ExamTime): HeadState => {
  const recent = [...head.recent.filter((look) => t - look.t <= FRESH_MS), { t, yaw }];
  return { ...learn(head, yaw, t), recent: recent.slice(-WINDOW) };
};

/** Forgets the last looks (the face was gone), not what was learnt. */
export const withoutYaw = (head: HeadState): HeadState =>
  head.recent.length === 0 ? head : { ...head, recent: [] };

/**
 * Since when the head is turned away (Art. 29e): entered by the median of three looks, kept until a look
 * comes back.
 * @param turnedSince since when it was, as far as known; null when it was not.
 */
export const turnedAwaySince = (head: HeadState, turnedSince: ExamTime | null): ExamTime | null => {
  // Nearer to the camera than anybody's neutral may be from it: who sits like that looks ahead, whatever was learnt of
  // somebody else, or before the machine was moved.
  const angleOf = (yaw: number): number =>
    Math.abs(yaw) <= MOST_NEUTRAL ? 0 : Math.abs(yaw - head.neutral);
  const off = head.recent.map(({ t, yaw }) => ({ t, angle: angleOf(yaw) }));
  const last = off.at(-1);
  if (last === undefined) return turnedSince;
  if (turnedSince !== null) return last.angle < RELEASE ? null : turnedSince;
  if (off.length < WINDOW || last.angle <= ENTER) return null;
  if (angleOf(median(head.recent.map(({ yaw }) => yaw))) <= ENTER) return null;
  const run = off.slice(off.findLastIndex(({ angle }) => angle <= ENTER) + 1);
  return run[0]?.t ?? null;
};
