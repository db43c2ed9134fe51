import { type Grey, quantile } from './grey.ts';
import type { FrameBox } from './picture-quality.ts';

/** How far a card may be turned in its plane, degrees, and the steps in which it is looked for. */
const MOST_TURN = 24;
const TURN_STEP = 3;
/** Points along a side, and how far beside the straight line they may be: a card seen aslant is no rectangle. Pixels. */
const POINTS = 24;
const SLACK = 2;
/** Lines that are looked at for each side. */
const LINES = 6;
/** Change of brightness that is an edge at all, luma a pixel; and how much more it is than most of the picture changes. */
const LEAST_EDGE = 2;
const OVER_REST = 2.5;
/** Share of a side that is seen: fingers hold one, glare takes another. Of its part beside the face; of each; of all. */
const SEEN = { core: 0.6, each: 0.45, all: 0.66 } as const;
/**
 * A card's side ends at its corners; a shelf, a door and a stripe go on. Of eight ends so many may seem to. What is looked at
 * beyond a corner is a share of the side, of which so much must be in the picture.
 */
const GOES_ON = { share: 0.7, beyond: 0.25, known: 0.25, most: 2 } as const;
/** A smaller face is none on a document, and no longer than a point is wide: pixels. */
const LEAST_FACE = 2 * SLACK + 1;
/** Width to height, of a phone held upright to one held across; ID-1 is 1.59, a page of a passport 1.42. */
const SHAPE = { least: 0.55, most: 2.4 } as const;

interface Edges {
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  readonly least: number;
  readonly width: number;
  readonly height: number;
}

const edgesOf = ({ luma, width, height }: Grey): Edges => {
  const dx = new Float32Array(luma.length);
  const dy = new Float32Array(luma.length);
  const size = new Float32Array(luma.length);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const across = ((luma[i + 1] ?? 0) - (luma[i - 1] ?? 0)) / 2;
      const down = ((luma[i + width] ?? 0) - (luma[i - width] ?? 0)) / 2;
      dx[i] = across;
      dy[i] = down;
      size[i] = Math.hypot(across, down);
    }
  return { dx, dy, least: Math.max(LEAST_EDGE, OVER_REST * quantile(size, 0.5)), width, height };
};

/** A frame of reference that is turned about the face's middle: `along` its lines, `down` across them; pixels. */
interface Turned {
  readonly x: number;
  readonly y: number;
  readonly cos: number;
  readonly sin: number;
}
type Way = 'across' | 'upright';

const isInside = ({ width, height }: Edges, x: number, y: number): boolean =>
  x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;

/** Of the points along a straight line: those in the picture, and of them those on an edge whose brighter side stays the same. */
const pointsOn = (edges: Edges, turned: Turned, way: Way, at: number, from: number, to: number) => {
  const { dx, dy, least, width } = edges;
  const { x, y, cos, sin } = turned;
  // The line's own direction, and the one across it.
  const [alongX, alongY] = way === 'across' ? [cos, sin] : [-sin, cos];
  const [overX, overY] = way === 'across' ? [-sin, cos] : [cos, sin];
  let inside = 0;
  let bright = 0;
  let dark = 0;
  for (let point = 0; point < POINTS; point++) {
    const along = from + ((to - from) * (point + 0.5)) / POINTS;
    let up = 0;
    let down = 0;
    if (isInside(edges, x + alongX * along + overX * at, y + alongY * along + overY * at)) inside++;
    for (let slack = -SLACK; slack <= SLACK; slack++) {
      const px = Math.round(x + alongX * along + overX * (at + slack));
      const py = Math.round(y + alongY * along + overY * (at + slack));
      if (!isInside(edges, px, py)) continue;
      const i = py * width + px;
      const change = (dx[i] ?? 0) * overX + (dy[i] ?? 0) * overY;
      up = Math.max(up, change);
      down = Math.max(down, -change);
    }
    if (up >= least) bright++;
    if (down >= least) dark++;
  }
  return { inside, seen: Math.max(bright, dark) };
};

/** How much of a straight line is such an edge, 0..1. @param at its distance from the middle. */
const seenOf = (...line: Parameters<typeof pointsOn>): number => pointsOn(...line).seen / POINTS;

/** Whether a line is seen as far as the picture goes; where it ends at once nobody knows. */
const goesOn = (...line: Parameters<typeof pointsOn>): boolean => {
  const { inside, seen } = pointsOn(...line);
  return inside >= GOES_ON.known * POINTS && seen >= GOES_ON.share * inside;
};

/** The best lines on one side of the face, apart from each other. @param sign which side. */
const linesOf = (
  edges: Edges,
  turned: Turned,
  way: Way,
  sign: 1 | -1,
  nearest: number,
  farthest: number,
  core: number,
): readonly number[] => {
  const found: { readonly at: number; readonly seen: number }[] = [];
  for (let away = nearest; away <= farthest; away++) {
    const seen = seenOf(edges, turned, way, sign * away, -core, core);
    if (seen >= SEEN.core) found.push({ at: sign * away, seen });
  }
  found.sort((a, b) => b.seen - a.seen);
  const apart: number[] = [];
  for (const { at } of found) {
    if (apart.length === LINES) break;
    if (apart.every((other) => Math.abs(other - at) > 2 * SLACK)) apart.push(at);
  }
  return apart;
};

interface Sides {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** How well the four lines are a border that closes and ends, 0..1. */
const closedness = (edges: Edges, turned: Turned, { top, bottom, left, right }: Sides): number => {
  const shape = (right - left) / (bottom - top);
  if (shape < SHAPE.least || shape > SHAPE.most) return 0;
  const sides = [
    ['across', bottom, left, right],
    ['across', top, left, right],
    ['upright', left, top, bottom],
    ['upright', right, top, bottom],
  ] as const;
  let sum = 0;
  for (const [way, at, from, to] of sides) {
    const seen = seenOf(edges, turned, way, at, from, to);
    if (seen < SEEN.each) return 0;
    sum += seen;
  }
  if (sum / sides.length < SEEN.all) return 0;
  let goOn = 0;
  for (const [way, at, from, to] of sides) {
    const beyond = (to - from) * GOES_ON.beyond;
    // A little room first: a side's last points lie within the slack of the corner.
    for (const [start, end] of [
      [from - beyond - SLACK, from - SLACK - 1],
      [to + SLACK + 1, to + beyond + SLACK],
    ] as const) {
      if (goesOn(edges, turned, way, at, start, end)) goOn++;
    }
  }
  return goOn > GOES_ON.most ? 0 : sum / sides.length;
};

/**
 * Whether a face is inside of a border of four straight sides that end where they meet: a card, a page, a phone, the photo
 * on one of them. Nothing but a flat thing has such a border also below a face, where a person has shoulders.
 *
 * @param grey about 160 pixels wide: noise, print and glare average out, a side does not.
 * @param face fractions of the picture.
 * @returns how much of the best border is seen, 0..1; 0 without one.
 */
export const borderAround = (grey: Grey, face: FrameBox): number => {
  const edges = edgesOf(grey);
  const wide = face.width * grey.width;
  const tall = face.height * grey.height;
  const middle = {
    x: (face.x + face.width / 2) * grey.width,
    y: (face.y + face.height / 2) * grey.height,
  };
  // Written so that what is no number is too small as well.
  if (!(wide >= LEAST_FACE && tall >= LEAST_FACE)) return 0;
  // Beyond the picture there is nothing, however large a face is said to be.
  const end = Math.hypot(grey.width, grey.height);
  const upTo = (most: number): number => Math.min(most, end);
  let best = 0;
  for (let degrees = -MOST_TURN; degrees <= MOST_TURN; degrees += TURN_STEP) {
    const turn = (degrees * Math.PI) / 180;
    const turned = { ...middle, cos: Math.cos(turn), sin: Math.sin(turn) };
    // Hair stands above the box of a face; a photo ends at the shoulders at the earliest.
    const top = linesOf(edges, turned, 'across', -1, 0.68 * tall, upTo(3.5 * tall), 0.6 * wide);
    const bottom = linesOf(edges, turned, 'across', 1, 0.7 * tall, upTo(4 * tall), 0.6 * wide);
    if (top.length === 0 || bottom.length === 0) continue;
    const left = linesOf(edges, turned, 'upright', -1, 0.6 * wide, upTo(6 * wide), 0.5 * tall);
    const right = linesOf(edges, turned, 'upright', 1, 0.6 * wide, upTo(6 * wide), 0.5 * tall);
    for (const b of bottom)
      for (const t of top)
        for (const l of left)
          for (const r of right) {
            const sides = { top: t, bottom: b, left: l, right: r };
            best = Math.max(best, closedness(edges, turned, sides));
          }
  }
  return best;
};
