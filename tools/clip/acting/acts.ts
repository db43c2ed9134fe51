import type { IncidentKind } from '#shared/incident/kind.ts';
import { seededRandom } from '#tools/clip/seeded-random.ts';
import type { PersonName } from './people.ts';
import type { Figure, Stage } from './stage.ts';

/** How far a head is turned, radians: the detector's yaw index is then some 0.35 to 0.5 from neutral (docs/vision.md). */
export const FULL_TURN = 0.85;

/** One act of a clip. */
export interface ActContext {
  /** ms since the clip's first frame, and since this act's beginning; the act's length. */
  readonly at: number;
  readonly inside: number;
  readonly ms: number;
  readonly who: PersonName;
  /** Somebody else, for acts that need two. */
  readonly other: PersonName;
  /** The person sitting still but alive. */
  readonly sitting: Figure;
}
type Change = (context: ActContext) => Partial<Stage>;

/** 0 to 1 over `rampMs` at the beginning, back to 0 at the end, without a jerk. */
const hump = ({ inside, ms }: ActContext, rampMs: number): number => {
  const edge = Math.min(inside, ms - inside) / rampMs;
  return smooth(edge);
};
const smooth = (part: number): number => {
  const t = Math.max(0, Math.min(1, part));
  return t * t * (3 - 2 * t);
};
const wave = (at: number, periodMs: number, phase = 0): number =>
  Math.sin((2 * Math.PI * at) / periodMs + phase);

/** The person alone, changed. */
const alone =
  (change: (context: ActContext) => Partial<Figure>): Change =>
  (context) => ({ figures: [{ ...context.sitting, ...change(context) }] });

/** Turning the head takes this long, ms. */
const TURN_MS = 350;
const LEAN_MS = 2_500;

const turned = (side: 1 | -1): Change =>
  alone((context) => ({
    turn: context.sitting.turn + side * FULL_TURN * hump(context, TURN_MS),
  }));

/** What is no violation of anything: it must not become an incident that counts. */
export const NORMAL_ACTS = {
  sitting: alone(() => ({})),
  /** A look to a side and back, as long as the act: under 3 s. */
  'glance-left': turned(-1),
  'glance-right': turned(1),
  nodding: alone((context) => ({
    nod: 0.16 * hump(context, 300) * wave(context.inside, 900),
  })),
  /** At the keyboard or a sheet of paper. */
  'looking-down': alone((context) => ({
    nod: 0.3 * hump(context, 500),
    y: context.sitting.y + 14 * hump(context, 500),
  })),
  /** Two seconds with a cup in front of the mouth; the act is about 3.4 s long. */
  drinking: alone((context) => ({
    cup: hump(context, 700),
    nod: -0.12 * hump(context, 700),
  })),
  'reading-aloud': alone((context) => ({
    jaw: hump(context, 300) * Math.max(0, wave(context.inside, 260) * wave(context.inside, 1_730)),
    nod: 0.06 * wave(context.inside, 2_900),
    turn: context.sitting.turn + 0.08 * wave(context.inside, 3_700),
  })),
  /** Somebody draws a curtain, the sun comes out. */
  dimming: (context) => ({ light: 1 - 0.5 * hump(context, Math.min(4_000, context.ms / 2)) }),
  brightening: (context) => ({ light: 1 + hump(context, Math.min(4_000, context.ms / 2)) }),
  'leaning-in': alone((context) => ({
    size: context.sitting.size * (1 + 0.55 * hump(context, LEAN_MS)),
    y: context.sitting.y + 18 * hump(context, LEAN_MS),
  })),
  'leaning-back': alone((context) => ({
    size: context.sitting.size * (1 - 0.35 * hump(context, LEAN_MS)),
    y: context.sitting.y + 16 * hump(context, LEAN_MS),
  })),
  /** Sits elsewhere for a while, head on a hand. */
  shifting: alone((context) => ({
    x: context.sitting.x + 95 * hump(context, 1_200),
    y: context.sitting.y + 25 * hump(context, 1_200),
    roll: context.sitting.roll + 0.28 * hump(context, 1_200),
  })),
  /** Under the desk after a pencil: gone for some two seconds of an act of 3.4. */
  'picking-up': alone((context) => ({
    x: context.sitting.x + 110 * hump(context, 800),
    y: context.sitting.y + 420 * hump(context, 800),
    roll: context.sitting.roll + 0.4 * hump(context, 800),
  })),
} as const satisfies Readonly<Record<string, Change>>;

interface Violation {
  readonly kind: IncidentKind;
  readonly change: Change;
}

/** What breaks a rule when it lasts, each with the kind of incident that must come of it. */
export const VIOLATIONS = {
  'turned-left': { kind: 'turned-away', change: turned(-1) },
  'turned-right': { kind: 'turned-away', change: turned(1) },
  gone: { kind: 'no-face', change: () => ({ figures: [] }) },
  'two-people': {
    kind: 'several-faces',
    change: ({ sitting, other }) => ({
      figures: [
        { ...sitting, who: other, x: sitting.x + 185, y: sitting.y - 22, size: 118, roll: 0 },
        { ...sitting, x: sitting.x - 80 },
      ],
    }),
  },
  cut: { kind: 'off-frame', change: alone(({ sitting }) => ({ x: sitting.x - 292 })) },
  far: { kind: 'off-frame', change: alone(({ sitting }) => ({ size: 54, y: sitting.y + 35 })) },
  near: { kind: 'off-frame', change: alone(({ sitting }) => ({ size: 370, y: sitting.y + 35 })) },
  dark: { kind: 'low-light', change: () => ({ light: 0.13 }) },
  /** The lights of the room go out and come back: the picture is there, at 8 % of its light. */
  'lights-out': {
    kind: 'low-light',
    change: (context) => ({ light: 1 - 0.92 * hump(context, 150) }),
  },
  covered: { kind: 'camera-covered', change: () => ({ figures: [], covered: true }) },
  frozen: { kind: 'camera-frozen', change: ({ at, inside }) => ({ frozenAt: at - inside }) },
  /** Frames stop on a live camera and come back: a matter of the machine. */
  silent: { kind: 'device-failure', change: () => ({ silent: true }) },
  /** The same person, printed and held up: it moves and tilts, but nothing in it turns. */
  photograph: {
    kind: 'identity-mismatch',
    change: alone(({ at, sitting }) => ({
      printed: true,
      turn: 0,
      nod: 0,
      jaw: 0,
      x: sitting.x + 22 * wave(at, 3_100) + 9 * wave(at, 1_300),
      y: sitting.y + 12 * wave(at, 2_300),
      roll: 0.16 * wave(at, 2_700),
    })),
  },
  /** Somebody else sits there. */
  'another-person': {
    kind: 'identity-mismatch',
    change: alone(({ other }) => ({ who: other })),
  },
} as const satisfies Readonly<Record<string, Violation>>;

export type NormalAct = keyof typeof NORMAL_ACTS;
export type ViolationAct = keyof typeof VIOLATIONS;
export type ActName = NormalAct | ViolationAct;
export const ACT_NAMES: readonly ActName[] = [
  ...(Object.keys(NORMAL_ACTS) as NormalAct[]),
  ...(Object.keys(VIOLATIONS) as ViolationAct[]),
];

/** The kind of incident that an act must lead to when it lasts; null for normal behaviour. */
export const kindOf = (act: ActName): IncidentKind | null =>
  act in VIOLATIONS ? VIOLATIONS[act as ViolationAct].kind : null;

/** A person who sits and lives: sways, drifts, breathes, nods and looks about a little. Smooth in time. */
function sittingFigure(who: PersonName, at: number, seed: number): Figure {
  const random = seededRandom(seed * 7919 + 13);
  const phase = (): number => random.next() * 2 * Math.PI;
  return {
    who,
    x:
      320 +
      5 * wave(at, 7_300, phase()) +
      3 * wave(at, 2_900, phase()) +
      16 * wave(at, 61_000, phase()),
    y:
      215 +
      2 * wave(at, 4_100, phase()) +
      3 * wave(at, 9_700, phase()) +
      9 * wave(at, 47_000, phase()),
    size: 144 * (1 + 0.012 * wave(at, 4_000, phase()) + 0.05 * wave(at, 53_000, phase())),
    roll: 0.035 * wave(at, 8_900, phase()) + 0.02 * wave(at, 3_300, phase()),
    turn: 0.07 * wave(at, 5_300, phase()) + 0.05 * wave(at, 17_000, phase()),
    nod: 0.03 * wave(at, 3_700, phase()) + 0.03 * wave(at, 13_000, phase()),
    jaw: 0,
    cup: 0,
    printed: false,
  };
}

/** What is to be seen in an act at one moment. */
export function stageOf(act: ActName, context: Omit<ActContext, 'sitting'>, seed: number): Stage {
  const sitting = sittingFigure(context.who, context.at, seed);
  const change: Change =
    act in VIOLATIONS ? VIOLATIONS[act as ViolationAct].change : NORMAL_ACTS[act as NormalAct];
  return {
    figures: [sitting],
    light: 1,
    covered: false,
    frozenAt: null,
    silent: false,
    ...change({ ...context, sitting }),
  };
}
