import type { ExamTime } from '#shared/kernel/time.ts';
import { cameraFacts } from './camera-facts.ts';
import type { CameraSample } from './camera-sample.ts';
import type { Facts, Observation } from './observation.ts';
import {
  type HeadState,
  INITIAL_HEAD,
  learnFromReturn,
  turnedAwaySince,
  withoutYaw,
  withYaw,
} from './rules/head-turn.rule.ts';
import { confirmedSince, type Look, type Verdict, withLook } from './rules/looks.ts';
import { framingOf, isCovered, isDark, isStill } from './rules/picture.rule.ts';

/** Kinds that follow from camera samples, the one that hides others first. */
const KINDS = [
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
type Kind = (typeof KINDS)[number];

/**
 * What cannot be said while something else is so: nobody is missing in a covered picture, a cut face
 * has no reliable direction. The hidden condition ends when the other began.
 */
const HIDES: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  'device-failure': KINDS.slice(1),
  'camera-off': KINDS.slice(2),
  'camera-covered': KINDS.slice(3),
  'several-faces': ['off-frame', 'turned-away'],
  'off-frame': ['turned-away'],
};

/**
 * A head in profile and a face at the edge are lost by the detector for moments: until the face has been
 * gone for this long, they are taken to go on (nobody was seen looking back), ms.
 */
const LOST_MS = 2_000;

/** What `kind` hides in this sample when it lasts for `forMs`. */
const hiddenBy = (kind: Kind, sample: CameraSample, forMs: number): readonly Kind[] => {
  // In the dark a face that is not found is no proof that nobody is there, and nothing is known of it.
  if (kind === 'low-light')
    // Neither is the little that changes in it: less light is less noise.
    return sample.faces.length === 0
      ? ['no-face', 'camera-frozen', 'off-frame', 'turned-away']
      : [];
  if (kind === 'no-face')
    return forMs < LOST_MS ? ['camera-frozen'] : ['camera-frozen', 'off-frame', 'turned-away'];
  return HIDES[kind] ?? [];
};

type PerKind<T> = Partial<Readonly<Record<Kind, T>>>;

/** What is remembered between samples. Plain data of bounded size. */
export interface CameraState {
  /** Time of the last sample; null before the first. */
  readonly lastT: ExamTime | null;
  /** What is so now, and since when. */
  readonly on: PerKind<ExamTime>;
  readonly looks: PerKind<readonly Look[]>;
  readonly head: HeadState;
  /** Since when nothing moves in the picture, and in how many samples; null when it moves. */
  readonly still: { readonly sinceT: ExamTime; readonly samples: number } | null;
  /** Whether the camera gave a picture since anybody looks: one that never came is not one that was switched off. */
  readonly worked: boolean;
}

export const INITIAL_CAMERA: CameraState = {
  lastT: null,
  on: {},
  looks: {},
  head: INITIAL_HEAD,
  still: null,
  worked: false,
};

/** So many still differences in a row make a frozen picture: one alone may be one frame looked at twice. */
const STILL_SAMPLES = 2;
/** Without samples for longer than this, nobody watches any more, ms. */
const SILENT_MS = 2_000;

const ALL_UNKNOWN: Readonly<Record<Kind, Verdict>> = {
  'device-failure': false,
  'camera-off': false,
  'camera-covered': null,
  'several-faces': null,
  'low-light': null,
  'no-face': null,
  'camera-frozen': null,
  'off-frame': null,
  'turned-away': null,
  'prohibited-object': null,
};

/** What one sample says by itself. Still pictures and head turns need more than one and are not here. */
const verdicts = (
  sample: CameraSample,
  wasOut: boolean,
  worked: boolean,
): Readonly<Record<Kind, Verdict>> => {
  if (sample.status === 'vision-failed') return { ...ALL_UNKNOWN, 'device-failure': true };
  // What never gave a picture was not switched off by anybody: a matter of the machine, and for the room to see.
  if (sample.status !== 'ok')
    return worked
      ? { ...ALL_UNKNOWN, 'camera-off': true }
      : { ...ALL_UNKNOWN, 'device-failure': true };
  const { objects } = sample;
  const seen = {
    ...ALL_UNKNOWN,
    'camera-covered': isCovered(sample),
    'prohibited-object': objects === undefined ? null : objects.length > 0,
  };
  if (seen['camera-covered']) return seen;
  const [face, second] = sample.faces;
  const dark = isDark(sample);
  if (face === undefined)
    return { ...seen, 'several-faces': false, 'low-light': dark, 'no-face': dark ? null : true };
  return {
    ...seen,
    'several-faces': second !== undefined,
    'low-light': dark,
    'no-face': false,
    'off-frame': second === undefined ? framingOf(face, wasOut) !== 'ok' : null,
  };
};

/** How many of the last three samples must show it. What the camera says of itself needs no second look. */
const neededLooks = (kind: Kind, sample: CameraSample): number =>
  kind === 'device-failure' || (kind === 'camera-off' && sample.status !== 'no-frames') ? 1 : 2;

const nextHead = ({ head, on }: CameraState, sample: CameraSample, t: ExamTime): HeadState => {
  const [face, second] = sample.faces;
  if (sample.status !== 'ok' || isCovered(sample)) return withoutYaw(head);
  if (face === undefined || second !== undefined || framingOf(face) !== 'ok') return head;
  const gone = on['no-face'];
  const isBack = gone !== undefined && t - gone >= LOST_MS;
  return withYaw(isBack ? learnFromReturn(head, face.yaw) : head, face.yaw, t);
};

const nextStill = (state: CameraState, sample: CameraSample, t: ExamTime): CameraState['still'] => {
  if (sample.status !== 'ok' || !isStill(sample)) return null;
  // The stretch began with the sample that this one does not differ from.
  return state.still === null
    ? { sinceT: state.lastT ?? t, samples: 1 }
    : { ...state.still, samples: state.still.samples + 1 };
};

/** Since when each kind is so after this sample, before anything is hidden. */
const since = (
  kind: Kind,
  state: CameraState,
  verdict: Verdict,
  looks: readonly Look[],
  still: CameraState['still'],
  head: HeadState,
  sample: CameraSample,
): ExamTime | null => {
  const known = state.on[kind] ?? null;
  if (kind === 'camera-frozen')
    return still !== null && still.samples >= STILL_SAMPLES ? (known ?? still.sinceT) : null;
  if (kind === 'turned-away') return turnedAwaySince(head, known);
  if (verdict === null) return known;
  // An end is believed at once, a beginning when it is confirmed: doubts are for the examinee.
  if (!verdict) return null;
  return known ?? confirmedSince(looks, neededLooks(kind, sample));
};

const edges = (
  before: PerKind<ExamTime>,
  after: PerKind<ExamTime>,
  endedT: (kind: Kind) => ExamTime,
  facts: (kind: Kind) => Facts,
): readonly Observation[] => {
  const ended = KINDS.flatMap((kind): Observation[] =>
    before[kind] !== undefined && after[kind] === undefined
      ? [{ kind, phase: 'ended', t: endedT(kind), facts: {} }]
      : [],
  );
  const began = KINDS.flatMap((kind): Observation[] => {
    const t = after[kind];
    return t !== undefined && before[kind] === undefined
      ? [{ kind, phase: 'began', t, facts: facts(kind) }]
      : [];
  });
  return [...ended, ...began];
};

/**
 * Turns one camera sample into the facts that follow from it.
 *
 * A beginning needs two of the last three samples (what the camera says of itself: one) and is dated
 * back to the first of them; an end is believed at once. How long something must last, and which breaks
 * do not matter, is for `evaluate`.
 *
 * @param state `INITIAL_CAMERA`, or what the last call returned.
 * @param t exam time at which the sample's frame was taken.
 */
export const classifyCamera = (
  state: CameraState,
  sample: CameraSample,
  t: ExamTime,
): { readonly state: CameraState; readonly observations: readonly Observation[] } => {
  const now = Math.max(t, state.lastT ?? 0);
  const worked = sample.worked !== false && (state.worked || sample.status === 'ok');
  const said = verdicts(sample, state.on['off-frame'] !== undefined, worked);
  const head = nextHead(state, sample, now);
  const still = nextStill(state, sample, now);
  const on: { [K in Kind]?: ExamTime } = {};
  const looks: { [K in Kind]?: readonly Look[] } = {};
  const hiddenSince: { [K in Kind]?: ExamTime } = {};
  for (const kind of KINDS) {
    const hidden = hiddenSince[kind] !== undefined;
    const seen = hidden ? [] : withLook(state.looks[kind] ?? [], said[kind], now);
    if (seen.length > 0) looks[kind] = seen;
    if (hidden) continue;
    const startedT = since(kind, state, said[kind], seen, still, head, sample);
    if (startedT === null) continue;
    on[kind] = startedT;
    for (const other of hiddenBy(kind, sample, now - startedT)) hiddenSince[other] ??= startedT;
  }
  const endedT = (kind: Kind): ExamTime => hiddenSince[kind] ?? now;
  const observations = edges(state.on, on, endedT, (kind) => cameraFacts(kind, sample, head));
  return {
    state: {
      lastT: now,
      on,
      looks,
      head: hiddenSince['turned-away'] === undefined ? head : withoutYaw(head),
      still,
      worked,
    },
    observations,
  };
};

/**
 * To be called now and then: when no sample came for more than 2 s, nobody watches. That is a failure
 * of the program (a page or worker that died), not an act: `device-failure`, and all else ends with the
 * last sample. The next sample ends it.
 */
export const silence = (
  state: CameraState,
  t: ExamTime,
): { readonly state: CameraState; readonly observations: readonly Observation[] } => {
  if (state.lastT === null) return { state: { ...state, lastT: t }, observations: [] };
  const { lastT } = state;
  if (t - lastT <= SILENT_MS || state.on['device-failure'] !== undefined)
    return { state, observations: [] };
  const on = { 'device-failure': lastT };
  return {
    // The page that comes next opens its camera anew.
    state: { ...state, on, looks: {}, head: withoutYaw(state.head), still: null, worked: false },
    observations: edges(
      state.on,
      on,
      () => lastT,
      () => ({ part: 'page' }),
    ),
  };
};
