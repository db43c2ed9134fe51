import { type ActName, kindOf, NORMAL_ACTS, type NormalAct } from '#tools/clip/acting/acts.ts';
import { PERSON_NAMES, type PersonName } from '#tools/clip/acting/people.ts';
import { seededRandom } from '#tools/clip/seeded-random.ts';
import type { SetFile } from './vision-set.ts';

type Clip = NonNullable<SetFile['clips']>[number];
type Part = NonNullable<Clip['acts']>[number];

/** Clips of normal behaviour: this many of this length are an hour. */
const NORMAL = { clips: 30, ms: 120_000 };
/** Before a violation, so that the person's neutral head is known, and after it. */
const BEFORE_MS = 14_000;
const AFTER_MS = 9_000;
/** How long each violation lasts: its rule's minimum and more. */
const LASTS_MS = 16_000;
/** Who sits there is judged by the median over minutes. */
const OTHER_MS = 180_000;

/** Who can be drawn turning so far to which side (docs/vision.md, "Generated set"). */
const TURNS: Readonly<Record<'turned-left' | 'turned-right', readonly PersonName[]>> = {
  'turned-left': ['p03', 'p06'],
  'turned-right': ['p01', 'p02', 'p05', 'p06'],
};

const LENGTHS: Readonly<Record<NormalAct, readonly [number, number]>> = {
  sitting: [3_000, 9_000],
  'glance-left': [1_000, 2_500],
  'glance-right': [1_000, 2_500],
  nodding: [1_500, 3_000],
  'looking-down': [1_500, 4_000],
  drinking: [3_400, 3_800],
  'reading-aloud': [4_000, 12_000],
  dimming: [10_000, 20_000],
  brightening: [10_000, 20_000],
  'leaning-in': [6_000, 12_000],
  'leaning-back': [6_000, 12_000],
  shifting: [5_000, 12_000],
  'picking-up': [3_000, 3_600],
};

/** One act after the other with sitting in between, about `ms` long. */
const normalParts = (who: PersonName, seed: number): Part[] => {
  const random = seededRandom(seed);
  const acts = (Object.keys(NORMAL_ACTS) as NormalAct[]).filter((act) => act !== 'sitting');
  const length = (act: NormalAct): number => {
    const [least, most] = LENGTHS[act];
    return random.integer(least / 100, most / 100) * 100;
  };
  const parts: Part[] = [{ act: 'sitting', ms: 12_000, who }];
  let left = NORMAL.ms - 12_000;
  while (left > 0) {
    const act = acts[random.integer(0, acts.length - 1)] ?? 'nodding';
    for (const next of [act, 'sitting'] as const) {
      const ms = Math.min(left, length(next));
      // Cut short, an act would be a sudden movement.
      if (ms > 0)
        parts.push({ act: ms < length(next) / 2 ? 'sitting' : next, ms: Math.max(100, ms) });
      left -= ms;
    }
  }
  return parts;
};

const spansOf = (parts: readonly Part[], wanted: (act: ActName) => boolean) => {
  let at = 0;
  return parts.flatMap(({ act, ms }) => {
    const span = { fromMs: at, toMs: at + ms };
    at += ms;
    return wanted(act) ? [{ act, ...span }] : [];
  });
};

const clipOf = (condition: string, person: PersonName, parts: Part[], seed: number): Clip => ({
  acts: parts,
  seed,
  person,
  condition,
  expected: spansOf(parts, (act) => kindOf(act) !== null).flatMap(({ act, fromMs, toMs }) => {
    const kind = kindOf(act);
    return kind === null ? [] : [{ kind, fromMs, toMs }];
  }),
  faceless: spansOf(parts, (act) => act === 'picking-up').map(({ fromMs, toMs }) => ({
    fromMs,
    toMs,
  })),
});

const at = <T>(list: readonly T[], index: number, otherwise: T): T =>
  list[index % list.length] ?? otherwise;

const violation = (act: ActName, who: PersonName, seed: number): Clip =>
  clipOf(
    act,
    who,
    [
      { act: 'sitting', ms: BEFORE_MS, who },
      { act, ms: LASTS_MS },
      { act: 'sitting', ms: AFTER_MS },
    ],
    seed,
  );

/**
 * The clips that the repository carries: an hour of varied normal behaviour and every violation that a camera rule
 * knows. They show whether the program does what it was made for; they say nothing about other people, glasses, skin
 * tones or cameras.
 */
export const generatedClips = (): Clip[] => [
  ...Array.from({ length: NORMAL.clips }, (_, i) => {
    const who = at(PERSON_NAMES, i, 'p01');
    return clipOf('normal', who, normalParts(who, 1_000 + i), 1_000 + i);
  }),
  ...TURNS['turned-left'].map((who, i) => violation('turned-left', who, 2_000 + i)),
  ...TURNS['turned-right'].map((who, i) => violation('turned-right', who, 2_100 + i)),
  ...(
    [
      ...(['gone', 'two-people', 'cut', 'far', 'near', 'dark', 'covered', 'frozen'] as const),
      ...(['silent', 'lights-out'] as const),
    ] as const
  ).flatMap((act, i) =>
    [0, 1, 2].map((j) => violation(act, at(PERSON_NAMES, i + j * 3, 'p01'), 2_200 + i * 10 + j)),
  ),
  ...(['p01', 'p04', 'p06'] as const).map((who, i) =>
    clipOf(
      'another-person',
      who,
      [
        { act: 'sitting', ms: 60_000, who },
        { act: 'another-person', ms: OTHER_MS },
      ],
      2_400 + i,
    ),
  ),
];
