import type { ExamTime } from '#shared/kernel/time.ts';
import type { CameraStatus } from './camera-sample.ts';
import { CAMERA_KINDS, type CameraKind, type CameraState, edges } from './camera-state.ts';
import { CATALOGUE } from './catalogue.ts';
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
 * Frames of a live camera that stop say nothing of who stopped them: the program that captures them may be starved, or a
 * driver hang. Until they have been gone for so long it is a matter of the machine, and then (three seconds later) the camera
 * is off, ms. With those three it is ten seconds, what opening a camera anew takes on a slow machine; the rules ask for three.
 */
const FRAMELESS_MS = 7_000;
/** A camera that gives pictures earns back one part in so many of that time: who lets it come and go gains nothing. */
const EARNED = 10;

/** For how long no frames came, after a sample of `t`, ms. */
export const framelessAfter = (
  { framelessMs, lastT }: CameraState,
  t: ExamTime,
  status: CameraStatus,
): number => {
  const gapMs = lastT === null ? 0 : Math.min(SILENT_MS, t - lastT);
  if (status === 'no-frames') return Math.min(FRAMELESS_MS, framelessMs + gapMs);
  return status === 'ok' ? Math.max(0, framelessMs - gapMs / EARNED) : framelessMs;
};

/** Whether frames that do not come are still the machine's matter. */
export const isForgiven = (framelessMs: number): boolean => framelessMs < FRAMELESS_MS;

/** One act is not made two by a stall: what was an incident before it is taken to go on for so long, ms. */
const CARRY_MS = 15_000;

/** Whether a condition was seen long enough to be an incident: a pause in the looks then decides nothing any more. */
const isIncident = (kind: CameraKind, startedT: ExamTime, lastT: ExamTime): boolean =>
  kind === 'device-failure' || lastT - startedT >= CATALOGUE[kind].policy.minMs;

/**
 * Ends with the last sample what nobody has seen since, but for what was an incident by then: of that, the next look
 * says whether it went on.
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
  const on: { [K in CameraKind]?: ExamTime } = {};
  for (const kind of CAMERA_KINDS) {
    const startedT = state.on[kind];
    const carried = kind === 'device-failure' || t - sinceT <= CARRY_MS;
    if (startedT !== undefined && carried && isIncident(kind, startedT, lastT)) on[kind] = startedT;
  }
  return {
    state: {
      ...state,
      lastT: null,
      on,
      looks: {},
      head: withoutYaw(state.head),
      still: on['camera-frozen'] === undefined ? null : state.still,
    },
    observations: edges(
      state.on,
      on,
      () => lastT,
      () => ({}),
    ),
  };
};
