import { describe, expect, it } from 'vitest';
import { classifyCamera } from '#shared/incident/camera-conditions.ts';
import type { CameraSample, FoundObject } from '#shared/incident/camera-sample.ts';
import { INITIAL_CAMERA } from '#shared/incident/camera-state.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Observation } from '#shared/incident/observation.ts';
import { cameraSample } from '#test/support/fake/camera-sample.ts';

const PHONE: FoundObject = { kind: 'phone', score: 0.8, x: 0.6, y: 0.6, width: 0.1, height: 0.2 };
const BOOK: FoundObject = { ...PHONE, kind: 'book', score: 0.6 };

/** A sample each half second; every fourth is looked at for objects, as the worker does it. */
const watch = (objectsOfLooks: readonly (readonly FoundObject[] | undefined)[]): Observation[] => {
  let state = INITIAL_CAMERA;
  const observations: Observation[] = [];
  objectsOfLooks.forEach((objects, look) => {
    for (let i = 0; i < 4; i++) {
      const sample: CameraSample = {
        ...cameraSample(1, i),
        ...(i === 0 && objects !== undefined ? { objects: [...objects] } : {}),
      };
      const outcome = classifyCamera(state, sample, 60_000 + look * 2_000 + i * 500);
      state = outcome.state;
      observations.push(...outcome.observations);
    }
  });
  return observations;
};
const outline = (observations: readonly Observation[]) =>
  observations.map(({ kind, phase, t }) => `${kind} ${phase} ${t}`);

describe('a prohibited object', () => {
  it.each<[string, Parameters<typeof watch>[0], string[]]>([
    ['without a model, nothing is said', [undefined, undefined, undefined], []],
    ['nothing on the table', [[], [], []], []],
    ['one look alone proves nothing', [[], [PHONE], [], []], []],
    [
      'two looks in a row: since the first of them',
      [[], [PHONE], [PHONE], [PHONE]],
      ['prohibited-object began 62000'],
    ],
    [
      'put away: over at the first look without it',
      [[PHONE], [PHONE], [], []],
      ['prohibited-object began 60000', 'prohibited-object ended 64000'],
    ],
  ])('%s', (_, looks, expected) => {
    expect(outline(watch(looks))).toEqual(expected);
  });

  it('names the surest thing, for whoever looks at the picture', () => {
    expect(
      watch([
        [BOOK, PHONE],
        [BOOK, PHONE],
      ])[0]?.facts,
    ).toEqual({
      object: 'object-phone',
      score: 0.8,
    });
  });

  it('is for people to review, never counted', () => {
    expect(DEFAULT_POLICY.kinds['prohibited-object'].effect).toBe('review');
  });
});
