import { describe, expect, it } from 'vitest';
import { identityFigures, type KnownFace } from '#tools/bench-vision/identity-figures.ts';
import { bootstrap, median, poissonRate, wilson } from '#tools/bench-vision/statistics.ts';

describe('intervals', () => {
  it.each([
    // Known values of Wilson's interval.
    [0, 10, 0, 0.278],
    [5, 10, 0.237, 0.763],
    [10, 10, 0.722, 1],
    [1, 100, 0.0018, 0.0545],
  ])('wilson of %i in %i', (hits, of, low, high) => {
    const interval = wilson(hits, of);
    expect(interval?.value).toBe(hits / of);
    expect(interval?.low).toBeCloseTo(low, 2);
    expect(interval?.high).toBeCloseTo(high, 2);
  });

  it.each([
    // Known values of the exact Poisson interval.
    [0, 1, 0, 3.69],
    [1, 1, 0.025, 5.57],
    [10, 2, 2.4, 9.2],
  ])('%i events in %i hours', (count, hours, low, high) => {
    const interval = poissonRate(count, hours);
    expect(interval?.low).toBeCloseTo(low, 1);
    expect(interval?.high).toBeCloseTo(high, 1);
  });

  it('says nothing of nothing', () => {
    expect([wilson(0, 0), poissonRate(0, 0), median([]), bootstrap([], () => null)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('draws whole units, the same each time', () => {
    const mean = (values: readonly number[]) =>
      values.reduce((sum, v) => sum + v, 0) / values.length;
    const once = bootstrap([1, 2, 3, 4, 5, 6, 7, 8], mean);
    expect(once).toEqual(bootstrap([1, 2, 3, 4, 5, 6, 7, 8], mean));
    expect(once?.value).toBe(4.5);
    expect(once?.low).toBeGreaterThan(2);
    expect(once?.low).toBeLessThan(4);
    expect(once?.high).toBeGreaterThan(5);
  });
});

/** People on a line, `spread` apart, each with pictures around their place. */
const faces = (people: number, pictures: number, spread: number, wobble: number): KnownFace[] =>
  Array.from({ length: people }, (_, i) =>
    Array.from({ length: pictures }, (_, j) => ({
      person: `p${i}`,
      descriptor: [i * spread + (j - (pictures - 1) / 2) * wobble],
    })),
  ).flat();

describe('identity', () => {
  it('is without error where people are far apart', () => {
    const figures = identityFigures(faces(8, 6, 1, 0.05));
    expect(figures).toMatchObject({ people: 8, pictures: 48, samePairs: 120, otherPairs: 1_008 });
    expect(figures.eer).toMatchObject({ value: 0, high: 0 });
    expect(figures.tarAtFar01?.value).toBe(1);
    // Half-way between the largest distance within a person and the smallest to another is right too.
    expect(figures.thresholdAtFar01).toBeGreaterThan(0.25);
    expect(figures.thresholdAtFar01).toBeLessThan(1);
  });

  it('errs where they overlap', () => {
    const figures = identityFigures(faces(8, 6, 0.1, 0.1));
    expect(figures.eer?.value).toBeGreaterThan(0.2);
    expect(figures.tarAtFar1?.value).toBeLessThan(0.7);
  });

  it('does not state a rate that too few pairs cannot show', () => {
    const figures = identityFigures(faces(3, 3, 1, 0.05));
    expect(figures.otherPairs).toBe(27);
    expect([figures.tarAtFar1, figures.tarAtFar01, figures.thresholdAtFar01]).toEqual([
      null,
      null,
      null,
    ]);
    expect(identityFigures([]).eer).toBeNull();
    expect(identityFigures(faces(1, 4, 1, 0.1)).eer).toBeNull();
  });
});
