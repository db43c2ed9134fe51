import {
  DESCRIPTOR_LENGTH,
  type Descriptor,
  type FaceCapture,
  TEMPLATE_MODEL,
  type Template,
} from '#shared/identity/face-capture.ts';

/** A small generator of numbers in [0, 1), the same for the same seed. */
const numbers = (seed: number): (() => number) => {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const direction = (seed: number): number[] => {
  const next = numbers(seed);
  // Sums of uniform numbers are nearly normal: directions without a preference.
  const raw = Array.from({ length: DESCRIPTOR_LENGTH }, () => next() + next() + next() - 1.5);
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
};

/** People are this far from the middle of all faces: two of them are about 0.8 apart. */
const RADIUS = 0.57;

/**
 * The descriptor of a person in one frame.
 * @param person any whole number; the same one is the same person.
 * @param away how far this frame is from the person's own middle: 0.2-0.4 in good light.
 */
export const descriptorOf = (person: number, away = 0, frame = 0): Descriptor => {
  const own = direction(1_000 + person);
  const noise = direction(900_000 + person * 1_000 + frame);
  return own.map((value, i) => value * RADIUS + (noise[i] ?? 0) * away);
};

export const templateFor = (person: number): Template => ({
  model: TEMPLATE_MODEL,
  descriptor: [...descriptorOf(person)],
  captures: 5,
});

/** A good frame of a person, unless `change` spoils it. */
export const faceCapture = (
  person: number,
  change: Partial<FaceCapture> & { readonly yaw?: number; readonly frame?: number } = {},
): FaceCapture => {
  const { yaw = 0, frame = 0, ...rest } = change;
  return {
    ageMs: 40,
    faces: 1,
    face: { x: 0.35, y: 0.25, width: 0.28, height: 0.38, score: 0.95, yaw },
    facePixels: 180,
    faceMean: 120,
    sharpness: 300,
    relief: yaw,
    // A turned head is further from the template.
    descriptor: [...descriptorOf(person, 0.3 + Math.abs(yaw) / 2, frame)],
    ...rest,
  };
};

/** Nobody in the picture. */
export const emptyCapture = (): FaceCapture => ({
  ageMs: 40,
  faces: 0,
  face: null,
  facePixels: 0,
  faceMean: 0,
  sharpness: 0,
  descriptor: null,
});
