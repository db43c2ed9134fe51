import { type IdentityFigures, identityFigures, type KnownFace } from './identity-figures.ts';
import { leastMs } from './judge-clip.ts';
import type { MeasuredClip, MeasuredPicture } from './measure.ts';
import { bootstrap, type Interval, median, poissonRate, wilson } from './statistics.ts';

/** The figures of some clips and pictures: a condition, a group of people, or all. */
export interface Figures {
  readonly name: string;
  readonly people: number;
  readonly clips: number;
  readonly pictures: number;
  readonly hours: number;
  /** Share of pictures with as many faces as they have. */
  readonly picturesRight: Interval | null;
  /** Share of a clip's looks in which a face that is there is seen. */
  readonly looksWithFace: Interval | null;
  readonly falseIncidents: number;
  readonly falseCounted: number;
  readonly falsePerHour: Interval | null;
  readonly expected: number;
  readonly found: number;
  /** From the rule's minimum to when it was noticed, ms. */
  readonly lateMedianMs: number | null;
  readonly lateMostMs: number | null;
  readonly identity: IdentityFigures | null;
  /** Why these figures say little; null when they may say something. */
  readonly warning: string | null;
}

export interface Report {
  readonly set: { readonly name: string; readonly about: string; readonly generated: boolean };
  readonly all: Figures;
  readonly conditions: readonly Figures[];
  /** By label, then by its values. */
  readonly groups: Readonly<Record<string, readonly Figures[]>>;
  readonly normal: { readonly hours: number; readonly copyAttempts: number };
  readonly late: readonly string[];
  readonly missed: readonly string[];
  readonly wrong: readonly string[];
  readonly badPictures: readonly string[];
  /** Whether every violation was found in time, and nothing else counted. */
  readonly goalsReached: boolean;
}

/** With fewer people than this a group's figures are those of these people, not of the group. */
const LEAST_PEOPLE = 10;
/** After the rule's minimum, ms. */
export const GOAL_LATE_MS = 2_000;

const warningOf = (people: number, pictures: number): string | null => {
  if (people >= LEAST_PEOPLE) return null;
  return people === 0
    ? `the set does not say who is in these ${pictures} pictures`
    : `${people} ${people === 1 ? 'person' : 'people'}: too few to say anything about others`;
};

const figuresOf = (
  name: string,
  clips: readonly MeasuredClip[],
  pictures: readonly MeasuredPicture[],
): Figures => {
  const people = new Set([
    ...clips.map(({ clip }) => clip.person),
    ...pictures.flatMap(({ picture }) => picture.person ?? []),
  ]);
  const hours = clips.reduce((sum, { durationMs }) => sum + durationMs, 0) / 3_600_000;
  const unexpected = clips.flatMap((clip) => clip.unexpected);
  const found = clips.flatMap((clip) => clip.found);
  const late = found.flatMap(({ lateMs }) => lateMs ?? []);
  const known = pictures.flatMap((picture) => picture.known ?? []);
  const right = pictures.filter(({ picture, faces }) => faces === picture.faces).length;
  return {
    name,
    people: people.size,
    clips: clips.length,
    pictures: pictures.length,
    hours,
    picturesRight: wilson(right, pictures.length),
    looksWithFace: bootstrap(clips, (drawn) => {
      const looks = drawn.reduce((sum, clip) => sum + clip.faceLooks.looks, 0);
      const seen = drawn.reduce((sum, clip) => sum + clip.faceLooks.seen, 0);
      return looks === 0 ? null : seen / looks;
    }),
    falseIncidents: unexpected.length,
    falseCounted: unexpected.filter(({ counted }) => counted).length,
    falsePerHour: poissonRate(unexpected.length, hours),
    expected: found.length,
    found: late.length,
    lateMedianMs: median(late),
    lateMostMs: late.length === 0 ? null : Math.max(...late),
    identity: known.length === 0 ? null : identityFigures(known as readonly KnownFace[]),
    warning: warningOf(people.size, pictures.length),
  };
};

const groupBy = <T>(
  items: readonly T[],
  key: (item: T) => string | undefined,
): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
};

const figuresBy = (
  clips: readonly MeasuredClip[],
  pictures: readonly MeasuredPicture[],
  ofClip: (clip: MeasuredClip) => string | undefined,
  ofPicture: (picture: MeasuredPicture) => string | undefined,
): readonly Figures[] => {
  const byClip = groupBy(clips, ofClip);
  const byPicture = groupBy(pictures, ofPicture);
  return [...new Set([...byClip.keys(), ...byPicture.keys()])].map((name) =>
    figuresOf(name, byClip.get(name) ?? [], byPicture.get(name) ?? []),
  );
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const placeOf = ({ clip }: MeasuredClip): string =>
  `${clip.id} (${clip.condition}, ${clip.person})`;

/** Sums up what was measured. */
export const reportOf = (
  set: Report['set'],
  clips: readonly MeasuredClip[],
  pictures: readonly MeasuredPicture[],
): Report => {
  const labels = new Set([
    ...clips.flatMap(({ clip }) => Object.keys(clip.labels)),
    ...pictures.flatMap(({ picture }) => Object.keys(picture.labels)),
  ]);
  const normal = clips.filter(({ clip }) => clip.expected.length === 0);
  const findings = clips.flatMap((clip) => clip.found.map((found) => ({ clip, ...found })));
  const missed = findings
    .filter(({ lateMs }) => lateMs === null)
    .map(
      ({ clip, expected }) =>
        `${placeOf(clip)}: no ${expected.kind} at ${seconds(expected.fromMs)}`,
    );
  const late = findings
    // Who it is, is looked at every ten seconds and judged by a median: it has no moment at which it must be known.
    .filter(({ expected }) => expected.kind !== 'identity-mismatch')
    .filter(({ lateMs }) => (lateMs ?? 0) > GOAL_LATE_MS)
    .map(
      ({ clip, expected, lateMs }) =>
        `${placeOf(clip)}: ${expected.kind} ${seconds(lateMs ?? 0)} after its ${seconds(leastMs(expected.kind))}`,
    );
  const wrong = clips.flatMap((clip) =>
    clip.unexpected.map(
      ({ kind, startedMs, counted }) =>
        `${placeOf(clip)}: ${kind} at ${seconds(startedMs)}${counted ? ', COUNTED' : ''}`,
    ),
  );
  const copyAttempts = normal.reduce((sum, clip) => sum + clip.copyAttempts, 0);
  return {
    set,
    all: figuresOf('all', clips, pictures),
    conditions: figuresBy(
      clips,
      pictures,
      ({ clip }) => clip.condition,
      ({ picture }) => picture.condition,
    ),
    groups: Object.fromEntries(
      [...labels].map((label) => [
        label,
        figuresBy(
          clips,
          pictures,
          ({ clip }) => clip.labels[label],
          ({ picture }) => picture.labels[label],
        ),
      ]),
    ),
    normal: {
      hours: normal.reduce((sum, { durationMs }) => sum + durationMs, 0) / 3_600_000,
      copyAttempts,
    },
    late,
    missed,
    wrong,
    badPictures: pictures.flatMap(({ picture, advice }) =>
      advice === null ? [] : [`${picture.file}: ${advice}`],
    ),
    goalsReached:
      copyAttempts === 0 &&
      missed.length === 0 &&
      late.length === 0 &&
      !clips.some((clip) => clip.unexpected.some(({ counted }) => counted)),
  };
};
