import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INITIAL_STILLNESS, STILLNESS_LIMITS, watchStillness } from '#shared/identity/stillness.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { cameraSample } from '#test/support/fake/camera-sample.ts';

/** Where a face is in a second of the watch. */
type Film = (second: number) => { x?: number; y?: number; height?: number; yaw?: number } | null;

const sampleOf = (at: ReturnType<Film>): CameraSample => {
  if (at === null) return cameraSample(0);
  const { x = 0, y = 0, height = 0, yaw = 0 } = at;
  const sample = cameraSample(1);
  return {
    ...sample,
    faces: sample.faces.map((face) => ({
      ...face,
      x: face.x + x,
      y: face.y + y,
      height: face.height * (1 + height),
      yaw: face.yaw + yaw,
    })),
  };
};

/** In which seconds a sign is told. */
const watch = (film: Film, seconds: number, neverTurnsUsed = false): string[] => {
  let state = INITIAL_STILLNESS;
  const told: string[] = [];
  for (let i = 0; i < seconds; i += 1) {
    const outcome = watchStillness(state, sampleOf(film(i)), i * 1_000, neverTurnsUsed);
    state = outcome.state;
    if (outcome.sign !== null) told.push(`${outcome.sign.sign}@${i}`);
  }
  return told;
};

const noise = (size: number, i: number, of: number): number =>
  size * Math.sin(i * (of + 1.3) * 7.7);
const PHOTOGRAPH: Film = (i) => ({
  x: noise(0.001, i, 1),
  y: noise(0.001, i, 2),
  height: noise(0.004, i, 3),
  yaw: noise(0.006, i, 4),
});
/** Breathing and sway of somebody who sits as quietly as one can: 2 % of the frame, a few degrees. */
const QUIET: Film = (i) => ({
  x: 0.01 * Math.sin(i / 31),
  y: 0.008 * Math.sin(i / 4),
  height: 0.015 * Math.sin(i / 23),
  yaw: 0.03 * Math.sin(i / 17),
});
const MOVED: Film = (i) => ({
  x: 0.1 * Math.sin(i / 9),
  y: 0.05 * Math.sin(i / 5),
  yaw: noise(0.006, i, 1),
});

describe('a face that does not move as a head does', () => {
  it.each<readonly [string, Film, number, readonly string[]]>([
    ['a photograph on a stand', PHOTOGRAPH, 175, []],
    ['a photograph on a stand for three minutes', PHOTOGRAPH, 600, ['held-still@178']],
    ['somebody who sits quietly', QUIET, 3_600, []],
    ['only breathing', (i) => ({ y: 0.006 * Math.sin(i / 4) }), 3_600, []],
    [
      'only the eyes wander, the head turns by some degrees',
      (i) => ({ yaw: 0.025 * Math.sin(i / 40) }),
      3_600,
      [],
    ],
    [
      'a photograph that is gone for a moment',
      (i) => (i % 120 === 119 ? null : PHOTOGRAPH(i)),
      600,
      [],
    ],
    [
      'a photograph that is pushed',
      (i) => (i < 300 ? PHOTOGRAPH(i) : { ...PHOTOGRAPH(i), x: 0.2 }),
      900,
      ['held-still@178', 'held-still@471'],
    ],
  ])('%s', (_, film, seconds, told) => {
    expect(watch(film, seconds)).toEqual(told);
  });

  it('that is moved about but never turns is told only where that sign is used', () => {
    expect(watch(MOVED, 600)).toEqual([]);
    expect(watch(MOVED, 600, true)).toEqual(['never-turns@178']);
    expect(watch(QUIET, 600, true)).toEqual([]);
  });

  it('needs samples without gaps: a sleepy camera proves nothing', () => {
    let state = INITIAL_STILLNESS;
    for (let t = 0; t < 900_000; t += 3_000) {
      const outcome = watchStillness(state, sampleOf(PHOTOGRAPH(t)), t);
      state = outcome.state;
      expect(outcome.sign).toBeNull();
    }
  });

  it('remembers no more than its window, however often it is asked', () => {
    let state = INITIAL_STILLNESS;
    for (let t = 0; t < 400_000; t += 200)
      state = watchStillness(state, sampleOf(QUIET(t / 1_000)), t).state;
    const { windowMs, stepMs } = STILLNESS_LIMITS;
    expect(state.looks.length).toBeLessThanOrEqual(windowMs / stepMs + 1);
  });

  it('is never told of a head that moves by more than its limits', () => {
    const size = fc.double({ min: 0.005, max: 0.1, noNaN: true });
    const period = fc.double({ min: 2, max: 40, noNaN: true });
    fc.assert(
      fc.property(size, period, (by, over) => {
        expect(watch((i) => ({ x: by * Math.sin(i / over) }), 240)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
