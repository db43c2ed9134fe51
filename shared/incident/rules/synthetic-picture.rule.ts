import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { isCovered, isDark, isStill } from './picture.rule.ts';

/**
 * A camera that shows the same frames again and again (Art. 29o): a clip that is played in a loop. Mean, contrast
 * and flatness of 19,200 pixels come out exactly alike only for exactly the same frame: a sensor's noise changes
 * each of them in every frame. For review only; the picture decides.
 *
 * What it cannot see: a clip longer than the window, one that is mixed with noise, and a still picture, which is
 * `camera-frozen`. Frames without noise are no sign: good cameras smooth it away in good light.
 */
export const REPEATS_LIMITS = {
  /** Looked back this far, and nothing is said before, ms. Longer loops are not found. */
  windowMs: 180_000,
  slackMs: 5_000,
  /** Frames nearer than this may be one frame looked at twice, which drivers give out when it is dark, ms. */
  apartMs: 2_000,
  /** Looks in the window; fewer prove nothing. */
  least: 120,
  /** This part of the looks of the last minute must be repetitions: a single one is chance ... */
  share: 0.5,
  recentMs: 60_000,
  /** ... and below this part it is over. */
  released: 0.1,
  /** At 5 a second. */
  most: 900,
} as const;

interface Print {
  readonly t: ExamTime;
  readonly print: string;
  readonly repeats: boolean;
}

/** What is remembered of the pictures: their numbers, no pictures. */
export interface Repeats {
  readonly prints: readonly Print[];
  readonly on: boolean;
}

export const INITIAL_REPEATS: Repeats = { prints: [], on: false };

/** Exactly this frame; null for one that says nothing (dark, covered, unmoved, or drawn flat by the camera itself). */
const printOf = (sample: CameraSample): string | null => {
  const { luma } = sample;
  if (sample.status !== 'ok' || luma === null) return null;
  if (isCovered(sample) || isDark(sample) || isStill(sample)) return null;
  return `${luma.mean} ${luma.std} ${luma.flatFraction}`;
};

/** Which part of the last minute's looks repeats older frames. */
export const repeatedShare = ({ prints }: Repeats): number => {
  const lastT = prints.at(-1)?.t ?? 0;
  const recent = prints.filter(({ t }) => lastT - t <= REPEATS_LIMITS.recentMs);
  return recent.filter(({ repeats }) => repeats).length / Math.max(1, recent.length);
};

/** Takes in a sample. @param t exam time of its frame; must not run backwards. */
export const withPicture = (state: Repeats, sample: CameraSample, t: ExamTime): Repeats => {
  const print = printOf(sample);
  if (print === null) return state;
  const { windowMs, slackMs, apartMs, least, share, released, most } = REPEATS_LIMITS;
  const known = state.prints.filter((one) => t - one.t <= windowMs).slice(1 - most);
  const repeats = known.some((one) => one.print === print && t - one.t >= apartMs);
  const next: Repeats = { prints: [...known, { t, print, repeats }], on: state.on };
  const part = repeatedShare(next);
  if (state.on) return { ...next, on: part >= released };
  const long = t - (next.prints[0]?.t ?? t) >= windowMs - slackMs;
  return { ...next, on: long && next.prints.length >= least && part >= share };
};
