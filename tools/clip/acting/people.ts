import { type Cutout, cutPerson, type PhotographedFace } from '#tools/clip/cutout.ts';

/** A point of a face, from its middle, in face sizes; y downwards. */
type Mark = readonly [x: number, y: number];

interface Person {
  readonly face: PhotographedFace;
  /** Middle of the eyes, tip of the nose, middle of the mouth, as the full-range model marks them. */
  readonly eyes: Mark;
  readonly nose: Mark;
  readonly mouth: Mark;
}

const person = (
  [photograph, x, y, size]: readonly [number, number, number, number],
  eyes: Mark,
  nose: Mark,
  mouth: Mark,
): Person => ({ face: { photograph, x, y, size, left: 0.95, right: 0.95 }, eyes, nose, mouth });

/**
 * Those of the sample photographs who look about into the lens, with nobody else near by. `p01` and `p02` are
 * the `person` and `person-b` of the scenes.
 */
export const PEOPLE = {
  p01: person([3, 1166, 379, 254], [0, -0.19], [-0.08, 0.06], [-0.08, 0.22]),
  p02: person([4, 737, 203, 184], [0.03, -0.15], [-0.15, 0.03], [-0.21, 0.24]),
  p03: person([3, 680.5, 469.5, 239], [-0.02, -0.15], [-0.07, 0.09], [-0.04, 0.28]),
  p04: person([3, 1600.5, 459.5, 237], [0, -0.2], [0.09, 0.01], [0.06, 0.18]),
  p05: person([5, 1184.5, 322.5, 187], [0.03, -0.14], [-0.03, 0.08], [0, 0.29]),
  p06: person([6, 366.5, 639.5, 235], [0.03, -0.15], [0.12, 0.13], [0.11, 0.28]),
  p07: person([6, 1279.5, 466.5, 247], [-0.03, -0.14], [-0.03, 0.17], [-0.05, 0.28]),
  p08: person([6, 1579.5, 423.5, 245], [0, -0.15], [-0.12, 0.12], [-0.14, 0.28]),
} as const satisfies Readonly<Record<string, Person>>;
export type PersonName = keyof typeof PEOPLE;
export const PERSON_NAMES = Object.keys(PEOPLE) as PersonName[];

/** A person cut out, with what is needed to turn the head. */
export interface Actor {
  readonly cutout: Cutout;
  readonly eyes: Mark;
  readonly nose: Mark;
  readonly mouth: Mark;
  /** How far each pixel is in front of the head's axis, in pixels; 0 outside the head. */
  readonly depth: Float32Array;
  /** How much each pixel belongs to the head, 0..1. */
  readonly head: Float32Array;
  /** The rows of the cutout that have something of the head: from the first up to, not including, the last. */
  readonly headRows: readonly [first: number, end: number];
}

/** Face size in pixels at which people are cut out; drawn smaller or larger as the scene needs. */
const FACE = 176;
/**
 * Half a head's width and height, its depth, the nose on it and the hollows of the eyes, in face sizes. Narrower
 * and deeper than a real head: with these the detector's yaw index goes furthest (docs/vision.md, "Generated set").
 */
const HALF_WIDTH = 0.46;
const HALF_HEIGHT = 0.8;
const DEPTH = 0.8;
const NOSE = { height: 0.12, width: 0.1 };
const HOLLOW = { depth: 0.05, width: 0.13 };

const gauss = (dx: number, dy: number, width: number): number =>
  Math.exp(-(dx * dx + dy * dy) / (2 * width * width));

/** Cuts a person out and models the head as an ellipsoid with a nose. */
export async function loadActor(name: PersonName): Promise<Actor> {
  const { face, eyes, nose, mouth } = PEOPLE[name];
  const cutout = await cutPerson(face, FACE);
  const { width, height, faceX, faceY } = cutout;
  const depth = new Float32Array(width * height);
  const head = new Float32Array(width * height);
  let first = height;
  let end = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const u = (x - faceX) / FACE;
      const v = (y - faceY) / FACE;
      const r2 = ((u - eyes[0]) / HALF_WIDTH) ** 2 + ((v - 0.02) / HALF_HEIGHT) ** 2;
      if (r2 >= 1) continue;
      first = Math.min(first, y);
      end = y + 1;
      const edge = Math.min(1, (1 - r2) / 0.35);
      const soft = edge * edge * (3 - 2 * edge);
      head[i] = soft;
      depth[i] =
        FACE *
        (DEPTH * Math.sqrt(1 - r2) +
          NOSE.height * gauss(u - nose[0], v - nose[1], NOSE.width) -
          HOLLOW.depth * gauss((u - eyes[0]) * 0.45, v - eyes[1], HOLLOW.width)) *
        soft;
    }
  }
  return { cutout, eyes, nose, mouth, depth, head, headRows: [first, end] };
}
