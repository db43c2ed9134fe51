import { type Grey, quantile } from './grey.ts';
import type { FrameBox } from './picture-quality.ts';

/** The picture is looked at at this size of the face, so that all lengths below are shares of it: pixels of its height. */
const FACE = 100;
/** What of the picture is looked at, from the face's middle, in heights of the face: a card reaches that far. */
const REACH = { side: 4, up: 1.2, down: 2 } as const;
const MOST_TURN = 20;
const TURN_STEP = 5;
/** Text is looked for in pieces of a line, pixels. */
const PIECE = 50;
const STEP = 25;
/** Letters change from dark to bright and back: so often in a piece at least; so often at most between lines. */
const CHANGES = { line: 7, between: 2 } as const;
/** How tall a line of print is beside the photo of the same document, pixels at this size: 1 to 4 mm where a face has 18. */
const LINE = { least: 3, most: 26 } as const;
/** So near to a line's letters there must be room, in its heights: their tops and tails are between. */
const ROOM = 0.8;
/** A change that is a stroke at all, luma; more than most of the picture changes; a share of the strongest nearby. */
const STROKE = { least: 3, overRest: 3, ofStrongest: 0.2 } as const;
/** Pieces side by side that make a line: a number of ten digits, a surname. */
const LEAST_PIECES = 2;
/** Where a person has shoulders and chest, in heights of the face: below the chin, and to either side of the middle. */
const BODY = { from: 0.6, to: 1.4, side: 1.35 } as const;
/** A line that goes on at the other side of the head, at the height of the face, is behind it: its middle, and the room for it. */
const BEHIND = { up: 0.7, down: 0.6, apart: 8 } as const;
/** The face itself with its hair and beard, which are fine-grained too: from its middle. */
const HEAD = { side: 0.62, up: 0.95, down: 0.6 } as const;

export interface TextLines {
  /** All around the face. */
  readonly all: number;
  /** Of them those that stand where the body of a person would be. */
  readonly body: number;
  /** Of them those that stand at both sides of the head: what is written behind a person. */
  readonly behind: number;
}
const NONE: TextLines = { all: 0, body: 0, behind: 0 };

const WIDTH = 2 * REACH.side * FACE;
const HEIGHT = (REACH.up + REACH.down) * FACE;

/** The surroundings of the face, turned back by an angle. Outside of the picture: NaN. */
const surroundings = ({ luma, width, height }: Grey, face: FrameBox, turn: number) => {
  const scale = (face.height * height) / FACE;
  const cos = Math.cos(turn) * scale;
  const sin = Math.sin(turn) * scale;
  const middleX = (face.x + face.width / 2) * width;
  const middleY = (face.y + face.height / 2) * height;
  const out = new Float32Array(WIDTH * HEIGHT);
  for (let row = 0; row < HEIGHT; row++)
    for (let column = 0; column < WIDTH; column++) {
      const u = column - WIDTH / 2;
      const v = row - REACH.up * FACE;
      const x = middleX + u * cos - v * sin;
      const y = middleY + u * sin + v * cos;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const at = row * WIDTH + column;
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) {
        out[at] = Number.NaN;
        continue;
      }
      const i = top * width + left;
      const upper = (luma[i] ?? 0) + ((luma[i + 1] ?? 0) - (luma[i] ?? 0)) * (x - left);
      const below = luma[i + width] ?? 0;
      const lower = below + ((luma[i + width + 1] ?? 0) - below) * (x - left);
      out[at] = upper + (lower - upper) * (y - top);
    }
  return out;
};

/** How brightness changes along the lines. Outside of the picture, and at its very end: NaN. */
const changesOf = (luma: Float32Array): Float32Array => {
  const change = new Float32Array(luma.length).fill(Number.NaN);
  for (let row = 0; row < luma.length; row += WIDTH)
    for (let i = row + 1; i < row + WIDTH - 1; i++)
      change[i] = (luma[i + 1] ?? Number.NaN) - (luma[i - 1] ?? Number.NaN);
  return change;
};

interface Piece {
  readonly column: number;
  readonly top: number;
  readonly bottom: number;
}

/** In a column of pieces: where the changes are many, between places where they are few, as high as letters are. */
const piecesIn = (change: Float32Array, column: number, quiet: number): readonly Piece[] => {
  const left = column * STEP;
  let strongest = 0;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = left; x < left + PIECE; x++)
      strongest = Math.max(strongest, Math.abs(change[y * WIDTH + x] || 0));
  const least = Math.max(quiet, STROKE.ofStrongest * strongest);
  const counts = Array.from({ length: HEIGHT }, (_, y) => {
    let sign = 0;
    let count = 0;
    let inside = 0;
    for (let x = left; x < left + PIECE; x++) {
      const value = change[y * WIDTH + x] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      inside++;
      if (Math.abs(value) < least || Math.sign(value) === sign) continue;
      sign = Math.sign(value);
      count++;
    }
    // What lies outside of the picture is no room that is seen.
    return inside < PIECE / 2 ? Number.NaN : count;
  });
  const clear = (from: number, by: 1 | -1, room: number): boolean => {
    for (let away = 1; away <= room; away++)
      if ((counts[from + by * away] ?? Number.NaN) <= CHANGES.between) return true;
    return false;
  };
  const pieces: Piece[] = [];
  for (let y = 0; y < HEIGHT; y++) {
    if (!((counts[y] ?? 0) >= CHANGES.line)) continue;
    const top = y;
    while (y + 1 < HEIGHT && (counts[y + 1] ?? 0) >= CHANGES.line) y++;
    const tall = y - top + 1;
    const room = Math.ceil(ROOM * tall) + 2;
    if (tall < LINE.least || tall > LINE.most) continue;
    if (clear(top, -1, room) && clear(y, 1, room)) pieces.push({ column, top, bottom: y });
  }
  return pieces;
};

const beside = (a: Piece, b: Piece): boolean =>
  b.column - a.column === 1 &&
  a.top <= b.bottom &&
  b.top <= a.bottom &&
  Math.max(a.bottom - a.top, b.bottom - b.top) <
    2.5 * (Math.min(a.bottom - a.top, b.bottom - b.top) + 1);

const inHead = ({ column, top, bottom }: Piece): boolean => {
  const x = (column * STEP + PIECE / 2 - WIDTH / 2) / FACE;
  const y = (top + bottom) / 2 / FACE - REACH.up;
  return Math.abs(x) < HEAD.side && y > -HEAD.up && y < HEAD.down;
};

const onBody = ({ column, top, bottom }: Piece): boolean => {
  const x = (column * STEP + PIECE / 2 - WIDTH / 2) / FACE;
  const belowChin = (top + bottom) / 2 / FACE - REACH.up - 0.5;
  return Math.abs(x) <= BODY.side && belowChin >= BODY.from && belowChin <= BODY.to;
};

type Line = readonly Piece[];
const middleOf = (line: Line): number => {
  const [first] = line;
  return first === undefined ? 0 : (first.top + first.bottom) / 2;
};
const leftOf = (line: Line): boolean =>
  line.every(({ column }) => column * STEP + PIECE / 2 < WIDTH / 2);

/** Lines at different heights; two beside each other, left and right of the photo, are one. */
const heightsOf = (lines: readonly Line[]): number => {
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const middle of lines.map(middleOf).toSorted((a, b) => a - b)) {
    if (middle - last <= 2 * LINE.least) continue;
    count++;
    last = middle;
  }
  return count;
};

const behindOf = (lines: readonly Line[]): number => {
  const beside = lines.filter((line) => {
    const y = middleOf(line) / FACE - REACH.up;
    return y > -BEHIND.up && y < BEHIND.down;
  });
  const left = beside.filter(leftOf);
  const right = beside.filter((line) => !leftOf(line));
  return heightsOf(
    left.filter((line) =>
      right.some((other) => Math.abs(middleOf(line) - middleOf(other)) <= BEHIND.apart),
    ),
  );
};

const linesAt = (grey: Grey, face: FrameBox, turn: number): TextLines => {
  const change = changesOf(surroundings(grey, face, turn));
  const some = change.filter((value, i) => i % 11 === 0 && Math.abs(value) > 0).map(Math.abs);
  const quiet = Math.max(STROKE.least, STROKE.overRest * quantile(some, 0.4));
  const all: Piece[][] = [];
  for (let column = 0; column * STEP + PIECE <= WIDTH; column++) {
    for (const piece of piecesIn(change, column, quiet)) {
      if (inHead(piece)) continue;
      const before = all.find((line) => {
        const last = line.at(-1);
        return last !== undefined && beside(last, piece);
      });
      if (before === undefined) all.push([piece]);
      else before.push(piece);
    }
  }
  const lines = all.filter((line) => line.length >= LEAST_PIECES);
  return {
    all: heightsOf(lines),
    body: heightsOf(lines.filter((line) => line.some(onBody))),
    behind: behindOf(lines),
  };
};

/**
 * Lines of small print around a face, as a document has them: rows of strokes that are no taller than print is beside a
 * photo, with room above and below. Books, stripes and bricks are taller or have no rows; hair and leaves no room.
 *
 * @param grey as large as the photo is: print of a millimetre needs it.
 * @param face fractions of the picture.
 * @returns of the turn at which most is read.
 */
export const textAround = (grey: Grey, face: FrameBox): TextLines => {
  if (face.height * grey.height < 8) return NONE;
  let best = NONE;
  for (let degrees = -MOST_TURN; degrees <= MOST_TURN; degrees += TURN_STEP) {
    const lines = linesAt(grey, face, (degrees * Math.PI) / 180);
    if (lines.all > best.all) best = lines;
  }
  return best;
};
