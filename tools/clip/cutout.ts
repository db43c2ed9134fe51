import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { FrameSize } from './y4m.ts';

/** Pixels in memory, three bytes each. */
export interface Picture extends FrameSize {
  readonly rgb: Uint8Array;
}

/** A person cut out of a photograph; soft at its sides so that no seam looks like an edge. */
export interface Cutout extends Picture {
  /** 0..255 for each pixel. */
  readonly alpha: Uint8Array;
  /** The face's middle in the cutout, and its size, in pixels. */
  readonly faceX: number;
  readonly faceY: number;
  readonly faceSize: number;
}

/** Where a face is in a sample photograph, in its pixels: its middle and the side of its square. */
export interface PhotographedFace {
  /** 1..6, the photographs that come with the dependency. */
  readonly photograph: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** How much to keep to the left and right of the middle, in face sizes. */
  readonly left: number;
  readonly right: number;
}

const UP = 1.25;
const DOWN = 2.3;
const FEATHER = 0.22;

/** Cuts a person out and scales so that the face has the given size in pixels. */
export async function cutPerson(
  face: PhotographedFace,
  faceSize: number,
  mirrored = false,
): Promise<Cutout> {
  const path = fileURLToPath(
    import.meta.resolve(`@vladmandic/face-api/demo/sample${face.photograph}.jpg`),
  );
  const photograph = sharp(path);
  const { width: fullWidth, height: fullHeight } = await photograph.metadata();
  const left = Math.max(0, Math.round(face.x - face.left * face.size));
  const top = Math.max(0, Math.round(face.y - UP * face.size));
  const right = Math.min(fullWidth, Math.round(face.x + face.right * face.size));
  const bottom = Math.min(fullHeight, Math.round(face.y + DOWN * face.size));
  const scale = faceSize / face.size;
  const width = Math.round((right - left) * scale);
  const height = Math.round((bottom - top) * scale);
  const { data } = await photograph
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize(width, height, { fit: 'fill' })
    .flop(mirrored)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const x = (face.x - left) * scale;
  return {
    width,
    height,
    rgb: new Uint8Array(data),
    alpha: featheredMask(width, height, FEATHER * faceSize),
    faceX: mirrored ? width - x : x,
    faceY: (face.y - top) * scale,
    faceSize,
  };
}

/** Renders a drawing to pixels. */
export async function renderSvg(svg: string, size: FrameSize): Promise<Picture> {
  const data = await sharp(Buffer.from(svg))
    .resize(size.width, size.height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();
  return { ...size, rgb: new Uint8Array(data) };
}

/** Draws a cutout over a picture in place, its top left corner at (left, top). */
export function drawOver(target: Picture, cutout: Cutout, left: number, top: number): void {
  const firstY = Math.max(0, -top);
  const lastY = Math.min(cutout.height, target.height - top);
  const firstX = Math.max(0, -left);
  const lastX = Math.min(cutout.width, target.width - left);
  for (let y = firstY; y < lastY; y++) {
    for (let x = firstX; x < lastX; x++) {
      const from = y * cutout.width + x;
      const to = ((y + top) * target.width + x + left) * 3;
      const a = (cutout.alpha[from] ?? 0) / 255;
      for (let c = 0; c < 3; c++) {
        const below = target.rgb[to + c] ?? 0;
        target.rgb[to + c] = below + ((cutout.rgb[from * 3 + c] ?? 0) - below) * a;
      }
    }
  }
}

/** Opaque, fading out over `feather` pixels at the top and both sides; the body runs out below. */
function featheredMask(width: number, height: number, feather: number): Uint8Array {
  const fade = (distance: number) => {
    const t = Math.max(0, Math.min(1, distance / feather));
    return t * t * (3 - 2 * t);
  };
  const alpha = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      alpha[y * width + x] = 255 * fade(x) * fade(width - 1 - x) * fade(y);
    }
  }
  return alpha;
}
