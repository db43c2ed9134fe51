import { describe, expect, it } from 'vitest';
import {
  LUMA_HEIGHT,
  LUMA_WIDTH,
  lumaOf,
  lumaStatistics,
  shrinkLuma,
} from '#renderer/vision/picture-quality.ts';

type Painter = (x: number, y: number) => number;

function picture(paint: Painter): Uint8Array {
  return Uint8Array.from({ length: LUMA_WIDTH * LUMA_HEIGHT }, (_, i) =>
    paint(i % LUMA_WIDTH, Math.floor(i / LUMA_WIDTH)),
  );
}

const grey = (value: number) => picture(() => value);
const chessboard = picture((x, y) => ((x + y) % 2 === 0 ? 0 : 200));
const halves = picture((x) => (x < LUMA_WIDTH / 2 ? 40 : 240));

describe('luma of colours', () => {
  it.each([
    ['black', [0, 0, 0], 0],
    ['white', [255, 255, 255], 255],
    ['red', [255, 0, 0], 77],
    ['green', [0, 255, 0], 149],
    ['blue', [0, 0, 255], 29],
  ])('%s', (_, [r = 0, g = 0, b = 0], expected) => {
    const rgba = new Uint8ClampedArray(LUMA_WIDTH * LUMA_HEIGHT * 4);
    for (let i = 0; i < rgba.length; i += 4) rgba.set([r, g, b, 255], i);
    const luma = lumaOf(rgba);
    expect(luma.length).toBe(LUMA_WIDTH * LUMA_HEIGHT);
    expect(new Set(luma)).toEqual(new Set([expected]));
  });
});

describe('luma of a camera frame', () => {
  /** A plane with padding before it, after each row and outside its levels. */
  function plane(width: number, height: number, fullRange: boolean, paint: Painter) {
    const offset = 5;
    const stride = width + 3;
    const bytes = new Uint8Array(offset + stride * height).fill(255);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) bytes[offset + y * stride + x] = paint(x, y);
    }
    return { bytes, offset, stride, width, height, fullRange };
  }

  it.each([
    ['as it is', 160, 120, true, 90, 90],
    ['a quarter', 640, 480, true, 90, 90],
    ['large', 1920, 1080, true, 90, 90],
    ['odd', 333, 251, true, 90, 90],
    ['smaller than wanted', 80, 60, true, 90, 90],
    ['video black', 640, 480, false, 16, 0],
    ['video white', 640, 480, false, 235, 255],
    ['below video black', 640, 480, false, 3, 0],
  ])('%s', (_, width, height, fullRange, level, expected) => {
    const luma = shrinkLuma(plane(width, height, fullRange, () => level));
    expect(luma).toHaveLength(LUMA_WIDTH * LUMA_HEIGHT);
    expect(new Set(luma)).toEqual(new Set([expected]));
  });

  it('averages the pixels that make one', () => {
    const noisy = plane(640, 480, true, (x, y) => ((x + y) % 2 ? 100 : 50));
    expect(new Set(shrinkLuma(noisy))).toEqual(new Set([75]));
  });

  it('leaves everything in its place', () => {
    const luma = shrinkLuma(
      plane(640, 480, true, (x, y) => (x >= 320 ? 100 : 0) + (y >= 240 ? 50 : 0)),
    );
    const at = (x: number, y: number) => luma[y * LUMA_WIDTH + x];
    expect([at(79, 59), at(80, 59), at(79, 60), at(80, 60)]).toEqual([0, 100, 50, 150]);
  });
});

describe('statistics of a picture', () => {
  it.each([
    ['black', grey(0), { mean: 0, std: 0, flatFraction: 1 }],
    ['grey', grey(120), { mean: 120, std: 0, flatFraction: 1 }],
    ['a chessboard of pixels', chessboard, { mean: 100, std: 100, flatFraction: 0 }],
    ['dark and light halves', halves, { mean: 140, std: 100, flatFraction: 1 }],
    [
      'noise of one step around black',
      picture((x, y) => 8 + ((x + y) % 2)),
      { mean: 8.5, std: 0.5, flatFraction: 1 },
    ],
    [
      'a chessboard in the upper half',
      picture((x, y) => (y < LUMA_HEIGHT / 2 && (x + y) % 2 ? 100 : 0)),
      { mean: 25, flatFraction: 0.5 },
    ],
  ])('%s', (_, luma, expected) => {
    const statistics = lumaStatistics(luma, null, null);
    for (const [name, value] of Object.entries(expected)) {
      expect(Reflect.get(statistics, name), name).toBeCloseTo(value, 5);
    }
    expect(statistics.difference).toBeNull();
    expect(statistics.faceMean).toBeNull();
  });

  it.each([
    ['nothing changed', halves, halves, 0],
    ['all became 3 lighter', grey(50), grey(53), 3],
    ['all became 3 darker', grey(53), grey(50), 3],
    ['half of it became 200 lighter', grey(40), halves, 100],
  ])('difference: %s', (_, before, now, expected) => {
    expect(lumaStatistics(now, before, null).difference).toBeCloseTo(expected, 5);
  });

  it.each([
    ['in the dark half', { x: 0.1, y: 0.2, width: 0.3, height: 0.4 }, 40],
    ['in the light half', { x: 0.6, y: 0.2, width: 0.3, height: 0.4 }, 240],
    ['across both', { x: 0.25, y: 0.25, width: 0.5, height: 0.5 }, 140],
    ['cut by the left edge', { x: -0.2, y: 0.2, width: 0.3, height: 0.4 }, 40],
    ['cut by the right bottom corner', { x: 0.9, y: 0.9, width: 0.5, height: 0.5 }, 240],
    ['outside', { x: 1.2, y: 0.2, width: 0.3, height: 0.4 }, null],
  ])('light on a face %s', (_, box, expected) => {
    expect(lumaStatistics(halves, null, box).faceMean).toBe(expected);
  });
});
