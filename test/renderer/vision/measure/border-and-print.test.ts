import { describe, expect, it } from 'vitest';
import { borderAround } from '#renderer/vision/measure/card-border.ts';
import type { Grey } from '#renderer/vision/measure/grey.ts';
import { textAround } from '#renderer/vision/measure/text-lines.ts';

const drawn = (width: number, height: number, at: (x: number, y: number) => number): Grey => ({
  width,
  height,
  luma: Float32Array.from({ length: width * height }, (_, i) =>
    at(i % width, Math.floor(i / width)),
  ),
});
const EMPTY = [
  drawn(1, 1, () => 90),
  drawn(1, 100, () => 90),
  drawn(100, 1, () => 90),
  drawn(0, 0, () => 0),
];
const NO_FACES = [0, 0.001, Number.NaN, -0.2, Number.POSITIVE_INFINITY].flatMap((size) => [
  { x: 0.5, y: 0.5, width: size, height: 0.2 },
  { x: 0.5, y: 0.5, width: 0.2, height: size },
  { x: 0.5, y: 0.5, width: size, height: size },
]);

describe('a border around a face', () => {
  const face = { x: 0.44, y: 0.4, width: 0.12, height: 0.2 };
  const [left, right, top, bottom] = [20, 140, 14, 106];

  it('is one where its sides end', () => {
    const card = drawn(160, 120, (x, y) =>
      x >= left && x < right && y >= top && y < bottom ? 200 : 60,
    );
    expect(borderAround(card, face)).toBeGreaterThan(0.9);
  });

  it('is also one that reaches to the end of the picture: nobody knows what is beyond', () => {
    const card = drawn(160, 120, (x, y) => (x >= 4 && x < 156 && y >= 4 && y < 116 ? 200 : 60));
    expect(borderAround(card, face)).toBeGreaterThan(0.9);
  });

  it('is none where lines go on to the end of the picture', () => {
    const lines = drawn(160, 120, (x, y) =>
      [left, right].some((at) => Math.abs(x - at) < 2) ||
      [top, bottom].some((at) => Math.abs(y - at) < 2)
        ? 200
        : 60,
    );
    expect(borderAround(lines, face)).toBe(0);
  });

  it.each(NO_FACES)('is none around what is no face: %o', (none) => {
    const grid = drawn(160, 120, (x, y) => (x % 12 < 2 || y % 12 < 2 ? 200 : 20));
    expect(borderAround(grid, none)).toBe(0);
  });

  it.each(EMPTY)('is none in a picture of nothing (%#)', (grey) => {
    expect(borderAround(grey, face)).toBe(0);
  });
});

describe('print around a face', () => {
  /** 100 pixels tall, in the middle. */
  const face = { x: 0.46, y: 0.4, width: 0.08, height: 0.2 };
  const [WIDTH, HEIGHT] = [1_000, 500];
  /** Strokes as letters have them, between these heights and columns, in a picture with a little noise. */
  const strokes = (top: number, bottom: number, left = 0, right = WIDTH) =>
    drawn(WIDTH, HEIGHT, (x, y) => {
      const stroke = y >= top && y < bottom && x >= left && x < right && x % 6 < 3;
      return (stroke ? 30 : 210) + ((x * 7 + y * 13) % 5);
    });

  it('is read where there is room above and below', () => {
    expect(textAround(strokes(380, 392), face)).toMatchObject({ all: 1, body: 1 });
  });

  it.each([
    ['is not known to end at the end of the picture, below', strokes(HEIGHT - 14, HEIGHT)],
    ['nor where nobody looks further up', strokes(0, 142)],
  ])('%s: what is taller than print is none', (_name, grey) => {
    expect(textAround(grey, face).all).toBe(0);
  });

  it.each([
    ['left', 100, 155],
    ['right', 845, 900],
  ])('is read as far to the %s as to the other side', (_side, from, to) => {
    expect(textAround(strokes(250, 262, from, to), face).all).toBe(1);
  });

  it.each(NO_FACES)('is none around what is no face: %o', (none) => {
    expect(textAround(strokes(10, 22, 0, 10), none).all).toBe(0);
  });

  it.each(EMPTY)('is none in a picture of nothing (%#)', (grey) => {
    expect(textAround(grey, { ...face, height: 20 })).toEqual({ all: 0, body: 0, behind: 0 });
  });
});
