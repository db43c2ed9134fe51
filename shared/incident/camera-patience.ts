import type { ExamTime } from '#shared/kernel/time.ts';
import { type CameraState, edges, type PerCameraKind } from './camera-state.ts';
import type { Observation } from './observation.ts';
import { withoutYaw } from './rules/head-turn.rule.ts';

/** Without samples for longer than this, nobody watches any more, ms. */
export const SILENT_MS = 2_000;
/** What was seen goes on without another look for at least so long, ms: a look may be late by itself. */
const LEAST_PATIENCE_MS = 700;
/** A pause of so many times the usual one is no slow look but none. */
const PATIENCE_GAPS = 2.5;

/**
 * What was seen is no longer known to go on when no look has come for longer than this, ms: the page, the worker or the
 * whole machine stood still, and nobody is held to time in which nobody looked. Slow machines look seldom.
 */
const patienceOf = ({ gaps }: CameraState): number =>
  Math.min(SILENT_MS, Math.max(LEAST_PATIENCE_MS, PATIENCE_GAPS * Math.max(0, ...gaps)));

/** The last two pauses between samples. */
export const withGap = ({ gaps, lastT }: CameraState, t: ExamTime): readonly number[] =>
  lastT === null ? gaps : [...gaps.slice(-1), Math.min(SILENT_MS, t - lastT)];

/**
 * Ends with the last sample what nobody has seen since.
 * @param sinceT when the last sample was heard, which may be later than its frame.
 * @returns after such a pause, a state in which there is no last sample.
 */
export const unlooked = (
  state: CameraState,
  sinceT: ExamTime,
  t: ExamTime,
): { readonly state: CameraState; readonly observations: readonly Observation[] } => {
  const { lastT } = state;
  if (lastT === null || t - sinceT <= patienceOf(state)) return { state, observations: [] };
  const { 'device-failure': failing } = state.on;
  const on: PerCameraKind<ExamTime> = failing === undefined ? {} : { 'device-failure': failing };
  return {
    state: { ...state, lastT: null, on, looks: {}, head: withoutYaw(state.head), still: null },
    observations: edges(
      state.on,
      on,
      () => lastT,
      () => ({}),
    ),
  };
};
