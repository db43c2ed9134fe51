import type { Thresholds } from '#shared/incident/identity-thresholds.ts';
import type { Observation } from '#shared/incident/observation.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { captureAdvice } from './capture-quality.ts';
import type { Descriptor, FaceCapture } from './face-capture.ts';
import { distanceOf, median, medianDescriptor } from './match.ts';
import {
  INITIAL_SHARPNESS,
  learnSharpness,
  leastSharpness,
  type Sharpness,
} from './own-sharpness.ts';

/**
 * Identity during the exam (Art. 21, 29s): a capture every ten seconds, judged by the median over minutes. One
 * capture of the right person may be as far as another's; the middle of five over a minute and a half rarely is.
 * With eleven, another person is found after six good captures, a minute.
 */
export const WATCH_LIMITS = {
  /** Good captures that the median is of; odd, so that it takes a majority. */
  most: 11,
  least: 5,
  /** The window must reach over this long, ms ... */
  spanMs: 90_000,
  /** ... and what is older than this says nothing about now, ms. */
  oldestMs: 300_000,
  /** Good captures that make an anchor. */
  anchor: 5,
} as const;

/**
 * With whom the face is compared: the template when it let the examinee in; else whoever sat there right after a
 * person decided that it is the examinee, so that a change is found also for somebody who is not enrolled.
 */
export type Reference =
  | { readonly by: 'template'; readonly descriptor: Descriptor }
  | {
      readonly by: 'anchor';
      /** When the person decided. A later decision makes a new anchor. */
      readonly decidedT: ExamTime;
      /** As it was made before a restart; null when it is still to be made. */
      readonly descriptor: Descriptor | null;
    };

/** What is remembered of the person in front of the camera. Biometric: kept in memory only. */
export interface IdentityWatchState {
  /** Names the reference; null while there is none. */
  readonly key: string | null;
  readonly against: Descriptor | null;
  readonly anchoring: readonly Descriptor[];
  readonly distances: readonly { readonly t: ExamTime; readonly distance: number }[];
  readonly sharpness: Sharpness;
  /** Whether somebody else is reported right now. */
  readonly reported: boolean;
}

export const INITIAL_WATCH: IdentityWatchState = {
  key: null,
  against: null,
  anchoring: [],
  distances: [],
  sharpness: INITIAL_SHARPNESS,
  reported: false,
};

const keyOf = (reference: Reference | null): string | null =>
  reference === null
    ? null
    : reference.by === 'template'
      ? 'template'
      : `anchor ${reference.decidedT}`;

const rounded = (value: number): number => Math.round(value * 100) / 100;

interface Outcome {
  readonly state: IdentityWatchState;
  readonly observations: readonly Observation[];
}

const ended = (t: ExamTime): Observation => ({
  kind: 'identity-mismatch',
  phase: 'ended',
  t,
  facts: {},
});

/**
 * Takes note of whom to compare with. A new decision ends what was reported against the old reference: the
 * same person is not reported again.
 */
const referTo = (state: IdentityWatchState, reference: Reference | null, t: ExamTime): Outcome => {
  const key = keyOf(reference);
  if (key === state.key) return { state, observations: [] };
  const against = reference?.descriptor ?? null;
  return {
    state: { ...INITIAL_WATCH, sharpness: state.sharpness, key, against },
    observations: state.reported ? [ended(t)] : [],
  };
};

const judged = (
  state: IdentityWatchState,
  t: ExamTime,
  by: Reference['by'],
  { match, no }: Thresholds,
): Outcome => {
  const { distances } = state;
  const spans = t - (distances[0]?.t ?? t) >= WATCH_LIMITS.spanMs;
  if (distances.length < WATCH_LIMITS.least || !spans) return { state, observations: [] };
  const distance = median(distances.map((one) => one.distance));
  // Between the thresholds nothing changes: neither suspicion nor its end hangs on one capture more.
  if (!state.reported && distance > no) {
    const facts = { distance: rounded(distance), captures: distances.length, reference: by };
    const began: Observation = { kind: 'identity-mismatch', phase: 'began', t, facts };
    return { state: { ...state, reported: true }, observations: [began] };
  }
  if (state.reported && distance < match)
    return { state: { ...state, reported: false }, observations: [ended(t)] };
  return { state, observations: [] };
};

/**
 * Takes in one capture. Only good ones are looked at: what is dark, blurred, turned or has two people in it says
 * nothing about who it is.
 * @param t exam time of its frame; must not run backwards.
 * @returns `anchor`, once, when it was made and should be kept for a restart.
 */
export const watchIdentity = (
  before: IdentityWatchState,
  capture: FaceCapture,
  t: ExamTime,
  reference: Reference | null,
  thresholds: Thresholds,
): Outcome & { readonly anchor: Descriptor | null } => {
  const referred = referTo(before, reference, t);
  const { descriptor } = capture;
  const least = leastSharpness(referred.state.sharpness, capture);
  const sharpness = learnSharpness(referred.state.sharpness, capture, t);
  const state = { ...referred.state, sharpness };
  const said = { state, observations: referred.observations, anchor: null };
  if (reference === null || descriptor === null || captureAdvice(capture, least) !== null)
    return said;
  if (state.against === null) {
    const anchoring = [...state.anchoring, descriptor];
    if (anchoring.length < WATCH_LIMITS.anchor) return { ...said, state: { ...state, anchoring } };
    const anchor = medianDescriptor(anchoring);
    return { ...said, state: { ...state, anchoring: [], against: anchor }, anchor };
  }
  const distances = [...state.distances, { t, distance: distanceOf(descriptor, state.against) }]
    .filter((one) => t - one.t <= WATCH_LIMITS.oldestMs)
    .slice(-WATCH_LIMITS.most);
  const outcome = judged({ ...state, distances }, t, reference.by, thresholds);
  return {
    state: outcome.state,
    observations: [...referred.observations, ...outcome.observations],
    anchor: null,
  };
};
