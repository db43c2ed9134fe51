import { describe, expect, it } from 'vitest';
import {
  LUMA_HEIGHT,
  LUMA_WIDTH,
  lumaOf,
  lumaStatistics,
} from '#renderer/vision/measure/picture-quality.ts';

type Painter = (x: number, y: number) => number;

function picture(paint: Painter): Uint8Array {
  return Uint8Array.from({ length: LUMA_WIDTH * LUMA_HEIGHT }, (_, i) =>
    paint(i % LUMA_WIDTH, Math.floor(i / LUMA_WIDTH)),
  );
}

const grey = (value: number) => picture(() => value);
const chessboard = picture((x, y) => ((x + y) % 2 === 0 ? 0 : 200));
const halves = picture((x) => (x < LUMA_WIDTH / 2 ? 40 : 240));

/** A grey picture of any size as the canvas gives it. */
function rgba(width: number, height: number, paint: Painter) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const value = paint(i % width, Math.floor(i / width));
    data.set([value, value, value, 255], i * 4);
  }
  return { data, width, height };
}

describe('luma of a picture', () => {
  it.each([
    ['black', [0, 0, 0], 0],
    ['white', [255, 255, 255], 255],
    ['red', [255, 0, 0], 77],
    ['green', [0, 255, 0], 149],
    ['blue', [0, 0, 255], 29],
  ])('%s', (_, [r = 0, g = 0, b = 0], expected) => {
    const picture = rgba(320, 240, () => 0);
    for (let i = 0; i < picture.data.length; i += 4) picture.data.set([r, g, b, 255], i);
    expect(new Set(lumaOf(picture))).toEqual(new Set([expected]));
  });

  it.each([
    ['as it is', 160, 120],
    ['of a 4:3 camera', 320, 240],
    ['of a wide camera', 320, 180],
    ['of an upright camera', 180, 320],
    ['odd', 333, 251],
    ['smaller than wanted', 80, 60],
  ])('%s, in one shade', (_, width, height) => {
    const luma = lumaOf(rgba(width, height, () => 90));
    expect(luma).toHaveLength(LUMA_WIDTH * LUMA_HEIGHT);
    expect(new Set(luma)).toEqual(new Set([90]));
  });

  it('averages the pixels that make one', () => {
    const noisy = rgba(320, 240, (x, y) => ((x + y) % 2 ? 100 : 50));
    expect(new Set(lumaOf(noisy))).toEqual(new Set([75]));
  });

  it.each([
    [320, 240],
    [320, 180],
    [640, 480],
  ])('leaves everything in its place (%dx%d)', (width, height) => {
    const quarters: Painter = (x, y) => (x >= width / 2 ? 100 : 0) + (y >= height / 2 ? 50 : 0);
    const luma = lumaOf(rgba(width, height, quarters));
    const at = (x: number, y: number) => luma[y * LUMA_WIDTH + x];
    expect([at(78, 58), at(81, 58), at(78, 61), at(81, 61)]).toEqual([0, 100, 50, 150]);
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
