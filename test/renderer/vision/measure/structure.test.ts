import { describe, expect, it } from 'vitest';
import {
  LUMA_HEIGHT,
  LUMA_WIDTH,
  lumaStatistics,
} from '#renderer/vision/measure/picture-quality.ts';
import { createStructureMemory } from '#renderer/vision/measure/structure.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { isCovered } from '#shared/incident/rules/picture.rule.ts';

/** Noise that is the same in every run. */
const noiseFrom = (seed: number) => {
  let state = seed;
  const uniform = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
};

type Paint = (x: number, y: number) => number;
const drawn = (paint: Paint, noise = 0, seed = 1): Uint8Array => {
  const next = noiseFrom(seed);
  return Uint8Array.from({ length: LUMA_WIDTH * LUMA_HEIGHT }, (_, i) => {
    const value = paint(i % LUMA_WIDTH, Math.floor(i / LUMA_WIDTH)) + next() * noise;
    return Math.max(0, Math.min(255, Math.round(value)));
  });
};

/** A room: wall with a shelf and a window, a head with eyes and mouth, shoulders. @param dx how far the head moved. */
const room =
  (dx = 0): Paint =>
  (x, y) => {
    const inHead = ((x - 80 - dx) / 24) ** 2 + ((y - 55) / 32) ** 2 < 1;
    if (inHead) {
      const eye = Math.hypot(Math.abs(x - 80 - dx) - 10, y - 48) < 4;
      return eye || (Math.abs(x - 80 - dx) < 9 && Math.abs(y - 72) < 2) ? 60 : 175;
    }
    if (y > 85 && Math.abs(x - 80 - dx) < 48) return 70;
    if (x < 35 && y < 50) return 230;
    if (x > 115 && y % 22 < 4) return 60;
    return x > 115 && x % 9 < 3 ? 90 : 135;
  };
const at =
  (paint: Paint, share: number, offset = 0): Paint =>
  (x, y) =>
    paint(x, y) * share + offset;

const judged = (before: Uint8Array, now: Uint8Array): CameraSample => {
  const memory = createStructureMemory();
  const looks = [before, now].map((luma) => {
    const statistics = lumaStatistics(luma, null, null);
    return { ...statistics, likeness: memory.look(luma, statistics) };
  });
  return { ageMs: 0, status: 'ok', faces: [], luma: looks[1] ?? null };
};
const bright = drawn(room(), 4, 7);

describe('a picture that goes dark while its structure stays', () => {
  const SHARES = [0.2, 0.15, 0.1, 0.08, 0.06, 0.04, 0.03];
  it.each(SHARES.flatMap((share) => [0, 1, 2].map((noise) => [share, noise] as const)))(
    'is not covered: %f of its light, noise %f',
    (share, noise) => {
      expect(isCovered(judged(bright, drawn(at(room(), share), noise, 3)))).toBe(false);
    },
  );
  it.each([2, 5, 9])('nor when the person has moved by %i since', (dx) => {
    expect(isCovered(judged(bright, drawn(at(room(dx), 0.08), 1, 4)))).toBe(false);
  });
  it.each([
    [0.08, 6],
    [0.05, 16],
    [0.07, 40],
  ])('nor when the camera lifts it: %f and %i more', (share, offset) => {
    expect(isCovered(judged(bright, drawn(at(room(), share, offset), 1.5, 5)))).toBe(false);
  });
  it('is as dark as any other: without a bright one before it nothing can be told', () => {
    const dark = drawn(at(room(), 0.06), 1, 3);
    expect(isCovered(judged(dark, dark))).toBe(true);
  });
});

describe('a cover', () => {
  const vignette: Paint = (x, y) => 18 - Math.hypot(x - 80, y - 60) / 8;
  const COVERS: readonly (readonly [string, Paint])[] = [
    ['a lens cap', () => 1],
    ['black tape with light at one side', (x) => 2 + x / 20],
    ['a hand: red, soft, brighter at the top', (x, y) => 30 - y / 8 + Math.sin(x / 30)],
    ['paper against the light', (x, y) => 205 + x / 40 - y / 50],
    ['a finger with a vignette', vignette],
    ['a sticker that lets some light through', (x, y) => 60 - Math.hypot(x - 110, y - 20) / 9],
  ];
  it.each(
    COVERS.flatMap(([name, paint]) => [0, 1, 2].map((noise) => [name, noise, paint] as const)),
  )('is one: %s, noise %f', (_, noise, paint) => {
    for (let seed = 11; seed < 31; seed += 1)
      expect(isCovered(judged(bright, drawn(paint, noise, seed)))).toBe(true);
  });
});
