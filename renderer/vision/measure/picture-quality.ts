import type { CameraSample } from '#shared/incident/camera-sample.ts';

/** Pictures are judged at this size whatever the camera gives. */
export const LUMA_WIDTH = 160;
export const LUMA_HEIGHT = 120;

const BLOCK = 10;
const FLAT_DEVIATION = 3;

export type LumaStatistics = NonNullable<CameraSample['luma']>;

/** Fractions of the frame; may leave 0..1. */
export interface FrameBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of any size, four bytes a pixel. */
export interface RgbaPicture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/**
 * Samples a side for one pixel of luma: enough to halve a sensor's noise, so that it does not hide
 * a covered lens; more cost time at every look.
 */
const MOST_SAMPLES = 2;

/** The luma plane of a picture, shrunk (or stretched) to 160x120. */
export function lumaOf({ data, width, height }: RgbaPicture): Uint8Array {
  const luma = new Uint8Array(LUMA_WIDTH * LUMA_HEIGHT);
  const columns = samplePlaces(width, LUMA_WIDTH);
  const rows = samplePlaces(height, LUMA_HEIGHT);
  const samples = columns.perPixel * rows.perPixel;
  for (let y = 0, i = 0; y < LUMA_HEIGHT; y++) {
    for (let x = 0; x < LUMA_WIDTH; x++, i++) {
      let sum = 0;
      for (let v = 0; v < rows.perPixel; v++) {
        const row = at(rows.places, y * rows.perPixel + v) * width;
        for (let u = 0; u < columns.perPixel; u++) {
          const p = (row + at(columns.places, x * columns.perPixel + u)) * 4;
          // BT.601 in 1/256 steps.
          sum += 77 * at(data, p) + 150 * at(data, p + 1) + 29 * at(data, p + 2);
        }
      }
      luma[i] = Math.round(sum / (256 * samples));
    }
  }
  return luma;
}

/** Which columns (or rows) of `length` make up each of `pixels`: those in its middle. */
function samplePlaces(length: number, pixels: number): { perPixel: number; places: Uint16Array } {
  const perPixel = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(length / pixels)));
  const places = Uint16Array.from({ length: pixels * perPixel }, (_, i) => {
    const middle = ((Math.floor(i / perPixel) + 0.5) * length) / pixels;
    const place = Math.floor(middle - perPixel / 2) + (i % perPixel);
    return Math.max(0, Math.min(length - 1, place));
  });
  return { perPixel, places };
}

/**
 * Brightness, contrast, flatness and change of a picture.
 *
 * @param luma of this frame, 160x120.
 * @param previous of the frame looked at before, null for the first.
 * @param face the largest face's box, null without a face.
 */
export function lumaStatistics(
  luma: Uint8Array,
  previous: Uint8Array | null,
  face: FrameBox | null,
): LumaStatistics {
  let sum = 0;
  let squares = 0;
  let change = 0;
  for (let i = 0; i < luma.length; i++) {
    const value = at(luma, i);
    sum += value;
    squares += value * value;
    if (previous) change += Math.abs(value - at(previous, i));
  }
  const mean = sum / luma.length;
  return {
    mean,
    std: deviation(sum, squares, luma.length),
    flatFraction: flatFraction(luma),
    faceMean: face ? meanInside(luma, face) : null,
    difference: previous ? change / luma.length : null,
  };
}

function flatFraction(luma: Uint8Array): number {
  let flat = 0;
  let blocks = 0;
  for (let top = 0; top < LUMA_HEIGHT; top += BLOCK) {
    for (let left = 0; left < LUMA_WIDTH; left += BLOCK) {
      let sum = 0;
      let squares = 0;
      for (let y = top; y < top + BLOCK; y++) {
        for (let x = left; x < left + BLOCK; x++) {
          const value = at(luma, y * LUMA_WIDTH + x);
          sum += value;
          squares += value * value;
        }
      }
      blocks++;
      if (deviation(sum, squares, BLOCK * BLOCK) < FLAT_DEVIATION) flat++;
    }
  }
  return flat / blocks;
}

/** Mean luma inside a box, 0..255; null when no pixel of the box is inside the frame. @param luma 160x120. */
export function meanInside(luma: Uint8Array, box: FrameBox): number | null {
  const left = Math.max(0, Math.floor(box.x * LUMA_WIDTH));
  const top = Math.max(0, Math.floor(box.y * LUMA_HEIGHT));
  const right = Math.min(LUMA_WIDTH, Math.ceil((box.x + box.width) * LUMA_WIDTH));
  const bottom = Math.min(LUMA_HEIGHT, Math.ceil((box.y + box.height) * LUMA_HEIGHT));
  let sum = 0;
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      sum += at(luma, y * LUMA_WIDTH + x);
      count++;
    }
  }
  return count === 0 ? null : sum / count;
}

function deviation(sum: number, squares: number, count: number): number {
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

function at(values: Uint8Array | Uint16Array | Uint8ClampedArray, index: number): number {
  return values[index] ?? 0;
}
