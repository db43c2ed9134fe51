import { describe, expect, it } from 'vitest';
import { classifyCamera } from '#shared/incident/camera-conditions.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { INITIAL_CAMERA } from '#shared/incident/camera-state.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Observation } from '#shared/incident/observation.ts';
import { cameraSample } from '#test/support/fake/camera-sample.ts';

const STEP_MS = 500;

/** Who is looked at: seconds and yaw; null for an empty chair. */
type Span = readonly [seconds: number, yaw: number | null];

const watch = (spans: readonly Span[]): readonly Observation[] => {
  let state = INITIAL_CAMERA;
  let t = 0;
  const observations: Observation[] = [];
  for (const [seconds, yaw] of spans) {
    for (let i = 0; i < (seconds * 1_000) / STEP_MS; i++, t += STEP_MS) {
      const seen = cameraSample(yaw === null ? 0 : 1, i);
      const sample: CameraSample = {
        ...seen,
        faces: seen.faces.map((face) => ({ ...face, yaw: (yaw ?? 0) + 0.01 * Math.sin(i) })),
      };
      const outcome = classifyCamera(state, sample, t);
      state = outcome.state;
      observations.push(...outcome.observations);
    }
  }
  return observations;
};

/** Longest time that a head was turned away, ms: an incident from the policy's minimum on. */
const longestTurn = (spans: readonly Span[]): number => {
  const turns = watch(spans).filter(({ kind }) => kind === 'turned-away');
  const endT = spans.reduce((sum, [seconds]) => sum + seconds * 1_000, 0);
  return Math.max(
    0,
    ...turns
      .filter(({ phase }) => phase === 'began')
      .map(({ t }) => (turns.find((o) => o.phase === 'ended' && o.t >= t)?.t ?? endT) - t),
  );
};
const COUNTS_MS = DEFAULT_POLICY.kinds['turned-away'].minMs;

describe('what was learnt of one person is not held against another', () => {
  it.each<[string, readonly Span[], boolean]>([
    [
      'one who looks ahead',
      [
        [40, -0.13],
        [60, -0.13],
      ],
      false,
    ],
    [
      'one who turns away',
      [
        [40, -0.13],
        [60, -0.5],
      ],
      true,
    ],
    [
      'another who holds the head the other way',
      [
        [40, -0.13],
        [3, null],
        [60, 0.17],
      ],
      false,
    ],
    [
      'another, at once',
      [
        [40, -0.13],
        [60, 0.14],
      ],
      false,
    ],
    [
      'another, who turns away later',
      [
        [40, -0.13],
        [3, null],
        [10, 0.17],
        [20, 0.5],
      ],
      true,
    ],
    [
      'another, who sits down turned away',
      [
        [40, -0.13],
        [3, null],
        [20, 0.6],
      ],
      true,
    ],
    [
      'the same, back from under the desk',
      [
        [40, -0.13],
        [3, null],
        [60, -0.13],
      ],
      false,
    ],
    [
      'the same, back and turned away',
      [
        [40, -0.13],
        [3, null],
        [60, -0.5],
      ],
      true,
    ],
    [
      'the same, lost for a moment while turned',
      [
        [40, -0.13],
        [2, -0.5],
        [1, null],
        [8, -0.5],
      ],
      true,
    ],
  ])('%s', (_, spans, turned) => {
    expect(longestTurn(spans) >= COUNTS_MS).toBe(turned);
  });
});
