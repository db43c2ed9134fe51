import type { ExamTime } from '#shared/kernel/time.ts';
import type { Facts, Observation } from './observation.ts';
import { type HeadState, INITIAL_HEAD } from './rules/head-turn.rule.ts';
import type { Look } from './rules/looks.ts';

/** Kinds that follow from camera samples, the one that hides others first. */
export const CAMERA_KINDS = [
  'device-failure',
  'camera-off',
  'camera-covered',
  'several-faces',
  'low-light',
  'no-face',
  'camera-frozen',
  'off-frame',
  'turned-away',
  'prohibited-object',
] as const;
export type CameraKind = (typeof CAMERA_KINDS)[number];

export type PerCameraKind<T> = Partial<Readonly<Record<CameraKind, T>>>;

/** What is remembered between samples. Plain data of bounded size. */
export interface CameraState {
  /** Time of the last sample; null before the first. */
  readonly lastT: ExamTime | null;
  /** What is so now, and since when. */
  readonly on: PerCameraKind<ExamTime>;
  readonly looks: PerCameraKind<readonly Look[]>;
  readonly head: HeadState;
  /** Since when nothing moves in the picture, until which new frame, and in how many; null when it moves. */
  readonly still: {
    readonly sinceT: ExamTime;
    readonly lastT: ExamTime;
    readonly samples: number;
  } | null;
  /** How far apart the last samples were, ms. */
  readonly gaps: readonly number[];
  /** For how long no frames came of a live camera, less a part of the time in which they did, ms. */
  readonly framelessMs: number;
  /** Whether the camera gave a picture since anybody looks: one that never came is not one that was switched off. */
  readonly worked: boolean;
}

export const INITIAL_CAMERA: CameraState = {
  lastT: null,
  on: {},
  looks: {},
  head: INITIAL_HEAD,
  still: null,
  gaps: [],
  framelessMs: 0,
  worked: false,
};

/** What begins and what ends from one set of conditions to the next: ends first. */
export const edges = (
  before: PerCameraKind<ExamTime>,
  after: PerCameraKind<ExamTime>,
  endedT: (kind: CameraKind) => ExamTime,
  facts: (kind: CameraKind) => Facts,
): readonly Observation[] => {
  const ended = CAMERA_KINDS.flatMap((kind): Observation[] =>
    before[kind] !== undefined && after[kind] === undefined
      ? [{ kind, phase: 'ended', t: endedT(kind), facts: {} }]
      : [],
  );
  const began = CAMERA_KINDS.flatMap((kind): Observation[] => {
    const t = after[kind];
    return t !== undefined && before[kind] === undefined
      ? [{ kind, phase: 'began', t, facts: facts(kind) }]
      : [];
  });
  return [...ended, ...began];
};
