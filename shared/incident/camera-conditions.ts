import type { ExamTime } from '#shared/kernel/time.ts';
import { cameraFacts } from './camera-facts.ts';
import { framelessAfter, isForgiven, SILENT_MS, unlooked, withGap } from './camera-patience.ts';
import type { CameraSample } from './camera-sample.ts';
import { CAMERA_KINDS, type CameraKind, type CameraState, edges } from './camera-state.ts';
import type { Observation } from './observation.ts';
import {
  type HeadState,
  learnFromReturn,
  turnedAwaySince,
  withoutYaw,
  withYaw,
} from './rules/head-turn.rule.ts';
import { confirmedSince, type Look, type Verdict, withLook } from './rules/looks.ts';
import { framingOf, isCovered, isDark, isStill } from './rules/picture.rule.ts';

/**
 * What cannot be said while something else is so: nobody is missing in a covered picture, a cut face
 * has no reliable direction. The hidden condition ends when the other began.
 */
const HIDES: Readonly<Partial<Record<CameraKind, readonly CameraKind[]>>> = {
  'device-failure': CAMERA_KINDS.slice(1),
  'camera-off': CAMERA_KINDS.slice(2),
  'camera-covered': CAMERA_KINDS.slice(3),
  'several-faces': ['off-frame', 'turned-away'],
  'off-frame': ['turned-away'],
};

/**
 * A head in profile and a face at the edge are lost by the detector for moments: until the face has been
 * gone for this long, they are taken to go on (nobody was seen looking back), ms.
 */
const LOST_MS = 2_000;

/** What `kind` hides in this sample when it lasts for `forMs`. */
const hiddenBy = (kind: CameraKind, sample: CameraSample, forMs: number): readonly CameraKind[] => {
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

/** So many still differences in a row make a frozen picture: one alone may be one frame looked at twice. */
const STILL_SAMPLES = 2;
const ALL_UNKNOWN: Readonly<Record<CameraKind, Verdict>> = {
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

/**
 * Whether a sample without a picture is a matter of the machine, for the room to see: nobody watched; the camera never gave a
 * picture, so that nobody switched it off; or its frames stopped by themselves, for less time than any stall lasts.
 */
const isMachines = ({ status }: CameraSample, worked: boolean, framelessMs: number): boolean =>
  status === 'vision-failed' ||
  status === 'unheard' ||
  !worked ||
  (status === 'no-frames' && isForgiven(framelessMs));

/** What one sample says by itself. Still pictures and head turns need more than one and are not here. */
const verdicts = (
  sample: CameraSample,
  wasOut: boolean,
  isMachines: boolean,
): Readonly<Record<CameraKind, Verdict>> => {
  if (sample.status !== 'ok')
    return { ...ALL_UNKNOWN, [isMachines ? 'device-failure' : 'camera-off']: true };
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
const neededLooks = (kind: CameraKind, sample: CameraSample): number =>
  (kind === 'device-failure' || kind === 'camera-off') && sample.status !== 'no-frames' ? 1 : 2;

const nextHead = ({ head, on }: CameraState, sample: CameraSample, t: ExamTime): HeadState => {
  const [face, second] = sample.faces;
  if (sample.status !== 'ok' || isCovered(sample)) return withoutYaw(head);
  if (face === undefined || second !== undefined || framingOf(face) !== 'ok') return head;
  const gone = on['no-face'];
  const isBack = gone !== undefined && t - gone >= LOST_MS;
  return withYaw(isBack ? learnFromReturn(head, face.yaw) : head, face.yaw, t);
};

const nextStill = (
  { still, lastT }: CameraState,
  sample: CameraSample,
  t: ExamTime,
): CameraState['still'] => {
  if (sample.status !== 'ok' || sample.luma === null) return null;
  // The same frame once more says nothing, for as long as a new one may take.
  if (sample.luma.difference === null)
    return still !== null && t - still.lastT <= SILENT_MS ? still : null;
  if (!isStill(sample)) return null;
  // The stretch began with the sample that this one does not differ from.
  return { sinceT: still?.sinceT ?? lastT ?? t, lastT: t, samples: (still?.samples ?? 0) + 1 };
};

/** Since when each kind is so after this sample, before anything is hidden. */
const since = (
  kind: CameraKind,
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

/**
 * Turns one camera sample into the facts that follow from it.
 *
 * A beginning needs two of the last three samples (what the camera says of itself: one) and is dated
 * back to the first of them; an end is believed at once. What was not looked at for a while has ended with the last
 * look, and begins anew. How long something must last, and which breaks do not matter, is for `evaluate`.
 *
 * @param before `INITIAL_CAMERA`, or what the last call returned.
 * @param t exam time at which the sample's frame was taken.
 */
export const classifyCamera = (
  before: CameraState,
  sample: CameraSample,
  t: ExamTime,
): { readonly state: CameraState; readonly observations: readonly Observation[] } => {
  const now = Math.max(t, before.lastT ?? 0);
  const { state, observations: ended } = unlooked(before, before.lastT ?? now, now);
  const worked = sample.worked !== false && (state.worked || sample.status === 'ok');
  const framelessMs = framelessAfter(state, now, sample.status);
  const machines = isMachines(sample, worked, framelessMs);
  const said = verdicts(sample, state.on['off-frame'] !== undefined, machines);
  const head = nextHead(state, sample, now);
  const still = nextStill(state, sample, now);
  const on: { [K in CameraKind]?: ExamTime } = {};
  const looks: { [K in CameraKind]?: readonly Look[] } = {};
  const hiddenSince: { [K in CameraKind]?: ExamTime } = {};
  for (const kind of CAMERA_KINDS) {
    const hidden = hiddenSince[kind] !== undefined;
    const seen = hidden ? [] : withLook(state.looks[kind] ?? [], said[kind], now);
    if (seen.length > 0) looks[kind] = seen;
    if (hidden) continue;
    const startedT = since(kind, state, said[kind], seen, still, head, sample);
    if (startedT === null) continue;
    on[kind] = startedT;
    for (const other of hiddenBy(kind, sample, now - startedT)) hiddenSince[other] ??= startedT;
  }
  // After a stall, what is over now was last seen before it.
  const over = state.lastT === null ? (before.lastT ?? now) : now;
  const endedT = (kind: CameraKind): ExamTime =>
    hiddenSince[kind] ?? (kind === 'device-failure' ? now : over);
  const observations = edges(state.on, on, endedT, (kind) => cameraFacts(kind, sample, head));
  return {
    state: {
      lastT: now,
      on,
      looks,
      head: hiddenSince['turned-away'] === undefined ? head : withoutYaw(head),
      still,
      gaps: withGap(before, now),
      framelessMs,
      worked,
    },
    observations: [...ended, ...observations],
  };
};

/**
 * To be called some times a second: what no sample has confirmed for a while has ended with the last one, and when none
 * came for more than 2 s, nobody watches. That is a failure of the program (a page or worker that died), not an act:
 * `device-failure`, until the next sample.
 * @param heardT when the last sample was heard, which is later than its frame; null when none was.
 */
export const silence = (
  before: CameraState,
  t: ExamTime,
  heardT: ExamTime | null = before.lastT,
): { readonly state: CameraState; readonly observations: readonly Observation[] } => {
  if (before.lastT === null) return { state: { ...before, lastT: t }, observations: [] };
  const { lastT } = before;
  const sinceT = heardT ?? lastT;
  const { state, observations } = unlooked(before, sinceT, t);
  if (t - sinceT <= SILENT_MS || state.on['device-failure'] !== undefined)
    return { state: { ...state, lastT }, observations };
  const on = { ...state.on, 'device-failure': lastT };
  const facts = () => ({ part: 'page' });
  return {
    // The page that comes next opens its camera anew.
    state: { ...state, lastT, on, gaps: [], worked: false },
    observations: [...observations, ...edges(state.on, on, () => lastT, facts)],
  };
};
