import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import { INITIAL_WATCH, type Reference, watchIdentity } from '#shared/identity/identity-watch.ts';
import { distanceOf } from '#shared/identity/match.ts';
import {
  INITIAL_SHARPNESS,
  learnSharpness,
  leastSharpness,
} from '#shared/identity/own-sharpness.ts';
import { USUAL_THRESHOLDS } from '#shared/incident/identity-thresholds.ts';
import { descriptorOf, faceCapture } from '#test/support/fake/face-capture.ts';

const EVERY_MS = 10_000;
const TEMPLATE: Reference = { by: 'template', descriptor: descriptorOf(1) };
const anchor = (decidedT: number): Reference => ({ by: 'anchor', decidedT, descriptor: null });

interface Scene {
  readonly who: number;
  readonly count: number;
  readonly reference?: Reference | null;
  readonly change?: Partial<FaceCapture>;
}

/** Edges as `began+captures` and `ended+captures`, after how many captures of the whole watch. */
const watch = (scenes: readonly Scene[], thresholds = USUAL_THRESHOLDS) => {
  let state = INITIAL_WATCH;
  let made = 0;
  let n = 0;
  const edges: string[] = [];
  const facts: unknown[] = [];
  for (const { who, count, reference = TEMPLATE, change } of scenes) {
    for (let i = 0; i < count; i += 1) {
      n += 1;
      const capture = faceCapture(who, { frame: n, ...change });
      const outcome = watchIdentity(state, capture, n * EVERY_MS, reference, thresholds);
      state = outcome.state;
      if (outcome.anchor !== null) made += 1;
      for (const { phase, facts: told } of outcome.observations) {
        edges.push(`${phase}+${n}`);
        if (phase === 'began') facts.push(told);
      }
    }
  }
  return { edges, facts, made, state };
};

describe('who sits there', () => {
  it.each<readonly [string, readonly Scene[], readonly string[]]>([
    ['the right person for an hour', [{ who: 1, count: 360 }], []],
    [
      'somebody else from the start, not before a minute and a half',
      [{ who: 2, count: 40 }],
      ['began+10'],
    ],
    [
      'a change of person',
      [
        { who: 1, count: 20 },
        { who: 2, count: 20 },
      ],
      ['began+26'],
    ],
    [
      'a change and back',
      [
        { who: 1, count: 20 },
        { who: 2, count: 12 },
        { who: 1, count: 20 },
      ],
      ['began+26', 'ended+38'],
    ],
    [
      'somebody who looks in for half a minute',
      [
        { who: 1, count: 20 },
        { who: 2, count: 3 },
        { who: 1, count: 20 },
      ],
      [],
    ],
    ['two people in the picture', [{ who: 2, count: 40, change: { faces: 2 } }], []],
    ['the dark', [{ who: 2, count: 40, change: { faceMean: 20 } }], []],
    ['frames without a descriptor', [{ who: 2, count: 40, change: { descriptor: null } }], []],
    ['nobody whom it could be compared with', [{ who: 2, count: 40, reference: null }], []],
    [
      'distances between the thresholds',
      [{ who: 1, count: 40, change: { descriptor: [...descriptorOf(1, 0.58, 1)] } }],
      [],
    ],
  ])('%s', (_, scenes, edges) => {
    expect(watch(scenes).edges).toEqual(edges);
  });

  it('is told with the numbers that a person needs', () => {
    const { facts } = watch([
      { who: 1, count: 20 },
      { who: 2, count: 20 },
    ]);
    expect(facts).toEqual([{ distance: expect.any(Number), captures: 11, reference: 'template' }]);
    expect((facts[0] as { distance: number }).distance).toBeGreaterThan(USUAL_THRESHOLDS.no);
  });

  it('does not end between the thresholds', () => {
    const between = { descriptor: [...descriptorOf(1, 0.58, 1)] };
    expect(
      watch([
        { who: 2, count: 20 },
        { who: 1, count: 40, change: between },
      ]).edges,
    ).toEqual(['began+10']);
  });

  it('is nobody’s business while too few good frames come, however many bad ones', () => {
    const scenes = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((): Scene[] => [
      { who: 2, count: 1 },
      { who: 2, count: 9, change: { faceMean: 10 } },
    ]);
    expect(watch(scenes).edges).toEqual([]);
  });
});

describe('somebody whom a person let in', () => {
  it('is compared with whoever sat there right after', () => {
    const { edges, made } = watch([
      { who: 3, count: 30, reference: anchor(5_000) },
      { who: 4, count: 20, reference: anchor(5_000) },
    ]);
    expect(made).toBe(1);
    expect(edges).toEqual(['began+36']);
  });

  it('during the exam is not reported again, and a change after that is', () => {
    const decided = anchor(400_000);
    const { edges, made } = watch([
      { who: 2, count: 40 },
      { who: 2, count: 60, reference: decided },
      { who: 5, count: 20, reference: decided },
    ]);
    expect(edges).toEqual(['began+10', 'ended+41', 'began+106']);
    expect(made).toBe(1);
  });

  it('is anchored by the middle of five frames: one strange one does not matter', () => {
    const reference = anchor(1_000);
    const { state } = watch([
      { who: 3, count: 2, reference },
      { who: 4, count: 1, reference },
      { who: 3, count: 2, reference },
    ]);
    expect(distanceOf(state.against ?? [], descriptorOf(3))).toBeLessThan(USUAL_THRESHOLDS.match);
  });

  it('keeps the anchor of before a restart', () => {
    const kept: Reference = { by: 'anchor', decidedT: 1_000, descriptor: descriptorOf(3) };
    expect(watch([{ who: 4, count: 20, reference: kept }])).toMatchObject({
      edges: ['began+10'],
      made: 0,
    });
  });
});

describe('the watch', () => {
  it('says began and ended in turns, and never anything of one person', () => {
    const scene = fc.record({
      who: fc.constantFrom(1, 1, 2),
      count: fc.integer({ min: 1, max: 20 }),
      change: fc.constantFrom({}, { faces: 2 }, { faceMean: 20 }),
    });
    fc.assert(
      fc.property(fc.array(scene, { maxLength: 12 }), (scenes) => {
        const { edges } = watch(scenes);
        const kinds = edges.map((edge) => edge.split('+')[0]);
        for (const [i, kind] of kinds.entries()) expect(kind).toBe(i % 2 === 0 ? 'began' : 'ended');
        if (scenes.every(({ who }) => who === 1)) expect(edges).toEqual([]);
      }),
    );
  });
});

describe('sharpness', () => {
  const learn = (captures: readonly FaceCapture[]) =>
    captures.reduce(
      (known, capture, i) => learnSharpness(known, capture, i * EVERY_MS),
      INITIAL_SHARPNESS,
    );
  const frames = (count: number, change: Partial<FaceCapture> = {}) =>
    Array.from({ length: count }, () => faceCapture(1, change));

  it.each<readonly [string, readonly FaceCapture[], Partial<FaceCapture>, boolean]>([
    ['nothing is asked before three good frames', frames(2), { sharpness: 1 }, true],
    ['bad frames teach nothing', frames(9, { faceMean: 10 }), { sharpness: 1 }, true],
    ['a frame like the others is good', frames(6), { sharpness: 300 }, true],
    ['a little softer too', frames(6), { sharpness: 150 }, true],
    ['a blurred one is not', frames(6), { sharpness: 30 }, false],
    ['half the light is not blur', frames(6), { sharpness: 60, faceMean: 60 }, true],
    ['blur in half the light is', frames(6), { sharpness: 12, faceMean: 60 }, false],
    [
      'only the first minute is learnt from',
      [...frames(6), ...frames(40, { sharpness: 9_000 })],
      { sharpness: 300 },
      true,
    ],
  ])('%s', (_, learnt, change, good) => {
    const capture = faceCapture(1, change);
    expect(capture.sharpness >= leastSharpness(learn(learnt), capture)).toBe(good);
  });
});
