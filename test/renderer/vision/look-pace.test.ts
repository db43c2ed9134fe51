import { describe, expect, it } from 'vitest';
import { isCalm, LookPace } from '#renderer/vision/look-pace.ts';
import type { CameraSample, Face } from '#shared/incident/camera-sample.ts';

const FACE: Face = { x: 0.4, y: 0.3, width: 0.2, height: 0.28, score: 0.9, yaw: 0.05 };

function sample(change: Partial<CameraSample> = {}, luma: object = {}): CameraSample {
  return {
    ageMs: 20,
    status: 'ok',
    faces: [FACE],
    luma: { mean: 120, std: 50, flatFraction: 0.2, faceMean: 140, difference: 2, ...luma },
    ...change,
  };
}

describe('a calm picture', () => {
  it.each<[string, CameraSample, boolean]>([
    ['one person, centred, forward', sample(), true],
    ['nobody', sample({ faces: [] }), false],
    ['two people', sample({ faces: [FACE, { ...FACE, x: 0.1 }] }), false],
    ['turned', sample({ faces: [{ ...FACE, yaw: -0.3 }] }), false],
    ['cut by the left edge', sample({ faces: [{ ...FACE, x: -0.05 }] }), false],
    ['at the lower edge', sample({ faces: [{ ...FACE, y: 0.72 }] }), false],
    ['far', sample({ faces: [{ ...FACE, width: 0.06, height: 0.08 }] }), false],
    ['near', sample({ faces: [{ ...FACE, x: 0.2, y: 0.1, width: 0.5, height: 0.7 }] }), false],
    ['dark', sample({}, { faceMean: 20 }), false],
    ['standing still to the last bit', sample({}, { difference: 0 }), false],
    ['the first look', sample({}, { difference: null }), true],
    ['no frames', sample({ status: 'no-frames', luma: null }), false],
  ])('%s: %#', (_, looked, expected) => {
    expect(isCalm(looked)).toBe(expected);
  });
});

describe('the pace', () => {
  const alert = sample({ faces: [] });
  it.each<[string, [CameraSample, number][], number]>([
    ['before the first look', [], 200],
    ['not yet calm for long', Array(2).fill([sample(), 20]), 200],
    ['calm', Array(3).fill([sample(), 20]), 500],
    ['something happened', [...Array(5).fill([sample(), 20]), [alert, 20]], 200],
    ['just over', [[alert, 20], ...Array(2).fill([sample(), 20])], 200],
    ['slow machine, calm', Array(5).fill([sample(), 150]), 1_000],
    ['slow machine, alert', Array(5).fill([alert, 150]), 1_000],
    ['a slow first look', [[sample(), 900]], 200],
    ['one slow look', [...Array(4).fill([sample(), 20]), [sample(), 900]], 500],
  ])('%s', (_, looks, expected) => {
    const pace = new LookPace(() => 0.5);
    for (const [looked, ms] of looks) pace.looked(looked, ms);
    expect(pace.nextInterval()).toBeCloseTo(expected, 6);
  });

  it.each([
    [0, 170],
    [0.999_999, 230],
  ])('strays by 15 %% at most (%d)', (random, expected) => {
    expect(new LookPace(() => random).nextInterval()).toBeCloseTo(expected, 2);
  });
});
