import type { CameraSample } from '#shared/incident/camera-sample.ts';

/**
 * A likely photograph before the camera (Art. 29s): a face that does not move as a head does. For review only.
 *
 * The limits come from the geometry of a head and from generated pictures; no living person was measured with a
 * real camera. They are set so that they rather miss a photograph than suspect somebody: breathing alone moves a
 * head by more.
 */
export const STILLNESS_LIMITS = {
  /** As long as this without a gap, ms, looked at once a second. */
  windowMs: 180_000,
  stepMs: 1_000,
  /** Looks in the window; fewer prove nothing. */
  least: 150,
  /** Nine tenths of all looks within this part of the frame: 2.5 of 640 pixels, some 3 mm at arm's length. */
  place: 0.004,
  /** The same for the face's height, as a part of itself. */
  size: 0.02,
  /** The same for the yaw index: some 3°. */
  yaw: 0.02,
} as const;

/**
 * A photograph that is moved about but never turns would show a yaw that stays while the place changes. How much
 * people's yaw changes who read without moving the head is not known; until it was measured with real cameras
 * this sign is not used.
 */
const NEVER_TURNS_USED = false;

interface Look {
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly yaw: number;
}

export interface Stillness {
  readonly looks: readonly Look[];
  /** Whether this stretch was told already. */
  readonly told: boolean;
}

export const INITIAL_STILLNESS: Stillness = { looks: [], told: false };

/** Between the tenth and the ninetieth part of the values: single wild looks do not matter. */
const spreadOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.round((sorted.length - 1) * part)] ?? 0;
  return at(0.95) - at(0.05);
};

/** What the looks of the window are; null while there are too few, or when they live. */
export type StillSign = 'held-still' | 'never-turns';

export interface Spread {
  readonly place: number;
  readonly size: number;
  readonly yaw: number;
}

const spreads = (looks: readonly Look[]): Spread => {
  const heights = looks.map(({ height }) => height);
  const mean = heights.reduce((sum, height) => sum + height, 0) / Math.max(1, heights.length);
  return {
    place: Math.max(spreadOf(looks.map(({ x }) => x)), spreadOf(looks.map(({ y }) => y))),
    size: mean === 0 ? 0 : spreadOf(heights) / mean,
    yaw: spreadOf(looks.map(({ yaw }) => yaw)),
  };
};

const signOf = ({ place, size, yaw }: Spread): StillSign | null => {
  const { place: most, size: mostSize, yaw: mostYaw } = STILLNESS_LIMITS;
  if (yaw >= mostYaw) return null;
  if (place < most && size < mostSize) return 'held-still';
  return place > 5 * most ? 'never-turns' : null;
};

/**
 * Takes in a camera sample.
 * @param t exam time of its frame.
 * @returns `sign` once per stretch, when it is three minutes long.
 */
export const watchStillness = (
  state: Stillness,
  sample: CameraSample,
  t: number,
  neverTurnsUsed: boolean = NEVER_TURNS_USED,
): {
  readonly state: Stillness;
  readonly sign: { readonly sign: StillSign; readonly spread: Spread } | null;
} => {
  const [face, second] = sample.faces;
  const last = state.looks.at(-1);
  if (last !== undefined && t - last.t < STILLNESS_LIMITS.stepMs) return { state, sign: null };
  // Without its face for a moment a head moved, or the picture was changed: it begins anew.
  if (sample.status !== 'ok' || face === undefined || second !== undefined)
    return { state: INITIAL_STILLNESS, sign: null };
  const { x, y, width, height, yaw } = face;
  const look = { t, x: x + width / 2, y: y + height / 2, height, yaw };
  const looks = [...state.looks, look].filter((one) => t - one.t <= STILLNESS_LIMITS.windowMs);
  const long =
    looks.length >= STILLNESS_LIMITS.least &&
    t - (looks[0]?.t ?? t) >= STILLNESS_LIMITS.windowMs - 2 * STILLNESS_LIMITS.stepMs;
  if (!long) return { state: { looks, told: state.told }, sign: null };
  const spread = spreads(looks);
  const found = signOf(spread);
  const sign = found === 'never-turns' && !neverTurnsUsed ? null : found;
  if (sign === null) return { state: { looks, told: false }, sign: null };
  return { state: { looks, told: true }, sign: state.told ? null : { sign, spread } };
};
