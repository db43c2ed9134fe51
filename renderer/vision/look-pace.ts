import type { CameraSample } from '#shared/incident/camera-sample.ts';

const CALM_MS = 500;
const ALERT_MS = 200;
const SLOW_MS = 1_000;
/** From this time per look on, the machine has better things to do than looking often. */
const SLOW_LOOK_MS = 120;
const REMEMBERED_LOOKS = 5;
/** Looks in a row that must be calm before the pace drops. */
const CALM_LOOKS = 3;
/**
 * Share by which each interval is made longer or shorter: a picture that repeats with the pace of
 * the looks would seem to stand still.
 */
const JITTER = 0.15;

/** Decides when to look again: seldom while all is well, often while something is going on. */
export class LookPace {
  readonly #random: () => number;
  readonly #costs: number[] = [];
  #calmLooks = 0;

  /** @param random uniform in [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** @param lookMs how long the worker took over it. */
  looked(sample: CameraSample, lookMs: number): void {
    this.#calmLooks = isCalm(sample) ? this.#calmLooks + 1 : 0;
    this.#costs.push(lookMs);
    if (this.#costs.length > REMEMBERED_LOOKS) this.#costs.shift();
  }

  /** Milliseconds from the last look to the next. */
  nextInterval(): number {
    return this.#base() * (1 - JITTER + 2 * JITTER * this.#random());
  }

  #base(): number {
    if (this.#usualCost() > SLOW_LOOK_MS) return SLOW_MS;
    return this.#calmLooks >= CALM_LOOKS ? CALM_MS : ALERT_MS;
  }

  /** The median; 0 while there are few, since the first look is always slow. */
  #usualCost(): number {
    if (this.#costs.length < REMEMBERED_LOOKS) return 0;
    return this.#costs.toSorted((a, b) => a - b)[Math.floor(REMEMBERED_LOOKS / 2)] ?? 0;
  }
}

/** Exactly one face, whole, about in the middle, in light, looking forward. Judges nothing else. */
export function isCalm(sample: CameraSample): boolean {
  const [face] = sample.faces;
  if (sample.status !== 'ok' || sample.faces.length !== 1 || !face) return false;
  const middle = face.x + face.width / 2;
  const inside =
    face.x > 0.02 && face.y > 0.02 && face.x + face.width < 0.98 && face.y + face.height < 0.98;
  return (
    inside &&
    middle > 0.2 &&
    middle < 0.8 &&
    face.height > 0.12 &&
    face.height < 0.65 &&
    Math.abs(face.yaw) < 0.25 &&
    (sample.luma?.faceMean ?? 0) >= 35 &&
    sample.luma?.difference !== 0
  );
}
