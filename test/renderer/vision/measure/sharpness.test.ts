import { describe, expect, it } from 'vitest';
import { sharpness } from '#renderer/vision/measure/sharpness.ts';

const SIDE = 150;

/** @param luma 0..255 at a place. */
const picture = (luma: (x: number, y: number) => number, side = SIDE) => {
  const data = new Uint8ClampedArray(side * side * 4);
  for (let i = 0; i < side * side; i++) {
    const value = luma(i % side, Math.floor(i / side));
    data.set([value, value, value, 255], i * 4);
  }
  return { data, width: side, height: side };
};

const step = (width: number) => (x: number) => 40 + 170 / (1 + Math.exp(-(x - SIDE / 2) / width));

describe('sharpness', () => {
  it.each<[string, (x: number, y: number) => number]>([
    ['a plain surface', () => 120],
    ['a light that grows evenly', (x) => x],
  ])('is nothing on %s', (_, luma) => {
    expect(sharpness(picture(luma))).toBeCloseTo(0, 3);
  });

  it('is the variance of the Laplacian', () => {
    // A chessboard: each pixel differs from its four neighbours by 10, up or down in turns.
    expect(sharpness(picture((x, y) => ((x + y) % 2) * 10))).toBeCloseTo(1_600, 3);
  });

  it('falls as an edge gets softer', () => {
    const values = [0.3, 1, 2, 4].map((width) => sharpness(picture(step(width))));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values[0]).toBeGreaterThan(20 * (values[3] ?? Number.NaN));
  });

  it('does not depend on how bright the picture is', () => {
    const dim = (x: number) => step(1)(x) - 30;
    expect(sharpness(picture(dim))).toBeCloseTo(sharpness(picture(step(1))), -1);
  });

  it('weighs the colours as the eye does', () => {
    const stripes = (channel: number) => {
      const { data, ...size } = picture((x) => (x % 2) * 100);
      for (let i = 0; i < data.length; i++) {
        if (i % 4 !== channel && i % 4 !== 3) data[i] = 0;
      }
      return sharpness({ data, ...size });
    };
    const [red = 0, green = 0, blue = 0] = [0, 1, 2].map(stripes);
    expect(green).toBeGreaterThan(red);
    expect(red).toBeGreaterThan(blue);
  });

  it('is 0 of a picture that has no inside', () => {
    expect(sharpness(picture(() => 9, 2))).toBe(0);
  });
});
