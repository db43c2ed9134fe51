import type { Cutout } from '#tools/clip/cutout.ts';
import type { Actor } from './people.ts';

/** What a head does apart from being somewhere. */
export interface HeadPose {
  /** Turn to the picture's right, radians; about ±1 is as far as it looks like a head. */
  readonly turn: number;
  /** Down, radians; within ±0.5. */
  readonly nod: number;
  /** How far the mouth is open, 0..1. */
  readonly jaw: number;
}

/** Less than this moves no pixel. */
const NOTHING = 0.004;

/**
 * Turns the head of a cutout as if it had depth: each pixel moves by its distance from the head's axis, and what
 * is nearer hides what is behind. The far cheek and ear are not in the photograph, so beyond some 60° it becomes a
 * smear; the detector's yaw index is at its end before that.
 */
export function poseHead(actor: Actor, pose: HeadPose): Cutout {
  const turned = Math.abs(pose.turn) < NOTHING ? actor.cutout : turnedHead(actor, pose.turn);
  return Math.abs(pose.nod) < NOTHING && pose.jaw < NOTHING
    ? turned
    : noddedHead(actor, turned, pose);
}

function turnedHead({ cutout, depth, head, headRows, eyes }: Actor, turn: number): Cutout {
  const { width, faceX, faceSize } = cutout;
  const rgb = cutout.rgb.slice();
  const nearest = new Float32Array(width);
  const sin = Math.sin(turn);
  const shrink = Math.cos(turn) - 1;
  const axis = faceX + eyes[0] * faceSize;
  for (let y = headRows[0]; y < headRows[1]; y++) {
    const row = y * width;
    let place = Number.NaN;
    let touched = false;
    for (let x = 0; x < width; x++) {
      const i = row + x;
      const mask = head[i] ?? 0;
      const next = x + (depth[i] ?? 0) * sin + (x - axis) * shrink * mask;
      if (mask > 0 && !touched) {
        nearest.fill(Number.NEGATIVE_INFINITY);
        touched = true;
      }
      // From the last pixel's new place to this one's: what runs backwards shows its back and is not seen.
      if (touched && next > place) span(cutout, rgb, nearest, i, place, next, depth[i] ?? 0);
      place = next;
    }
  }
  return { ...cutout, rgb };
}

/** Fills a stretch of a row with the two pixels that were neighbours before. */
function span(
  from: Cutout,
  rgb: Uint8Array,
  nearest: Float32Array,
  source: number,
  left: number,
  right: number,
  depth: number,
): void {
  const { width } = from;
  const row = source - (source % width);
  const first = Math.max(0, Math.ceil(left));
  const last = Math.min(width - 1, Math.floor(right));
  for (let x = first; x <= last; x++) {
    if ((nearest[x] ?? 0) > depth) continue;
    nearest[x] = depth;
    const part = (x - left) / (right - left);
    const to = (row + x) * 3;
    for (let c = 0; c < 3; c++) {
      const a = from.rgb[(source - 1) * 3 + c] ?? 0;
      const b = from.rgb[source * 3 + c] ?? 0;
      rgb[to + c] = a + (b - a) * part;
    }
  }
}

/** Moves the face up or down by its depth, and what is below the lips by the jaw. Small moves only. */
function noddedHead(
  { depth, head, headRows, mouth }: Actor,
  cutout: Cutout,
  { nod, jaw }: HeadPose,
): Cutout {
  const { width, height, faceX, faceY, faceSize } = cutout;
  const rgb = cutout.rgb.slice();
  const sin = Math.sin(nod);
  const lips = { x: faceX + mouth[0] * faceSize, y: faceY + mouth[1] * faceSize };
  for (let y = headRows[0]; y < headRows[1]; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if ((head[i] ?? 0) === 0) continue;
      const dx = (x - lips.x) / (0.22 * faceSize);
      const dy = (y - lips.y) / (0.2 * faceSize);
      const drop =
        dy > 0 && jaw > 0 ? jaw * 0.09 * faceSize * Math.exp(-dx * dx - (dy - 0.4) ** 2) : 0;
      const from = Math.max(0, Math.min(height - 1, y - (depth[i] ?? 0) * sin - drop));
      const above = Math.floor(from);
      const part = from - above;
      const a = (above * width + x) * 3;
      const b = (Math.min(height - 1, above + 1) * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        const top = cutout.rgb[a + c] ?? 0;
        rgb[i * 3 + c] = top + ((cutout.rgb[b + c] ?? 0) - top) * part;
      }
    }
  }
  return { ...cutout, rgb };
}
