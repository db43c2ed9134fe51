import { describe, expect, it } from 'vitest';
import {
  type HeadState,
  INITIAL_HEAD,
  learnAgain,
  turnedAwaySince,
  withYaw,
} from '#shared/incident/rules/head-turn.rule.ts';

const STEP_MS = 500;
type Span = readonly [seconds: number, yaw: number];

/** Looks twice a second. */
const look = (spans: readonly Span[], from: HeadState = INITIAL_HEAD, fromT = 0) => {
  let head = from;
  let t = fromT;
  let turnedT: number | null = null;
  for (const [seconds, yaw] of spans) {
    for (let i = 0; i < seconds * 2; i += 1) {
      t += STEP_MS;
      head = withYaw(head, yaw, t);
      turnedT = turnedAwaySince(head, turnedT);
    }
  }
  return { head, t, turned: turnedT !== null };
};

describe('the neutral position', () => {
  it.each<readonly [string, readonly Span[], number]>([
    ['is straight ahead before anything is known', [[4, 0.1]], 0],
    ['is where the head mostly is in the first 30 s', [[30, 0.1]], 0.1],
    [
      'is not moved by glances',
      [
        [10, 0.1],
        [3, 0.5],
        [10, 0.1],
        [3, -0.5],
      ],
      0.1,
    ],
    [
      'is not moved by looking away for long',
      [
        [10, 0],
        [18, 0.5],
      ],
      0,
    ],
    ['is no more than a camera beside the screen gives', [[30, 0.4]], 0.15],
    ['on either side', [[30, -0.4]], -0.15],
    [
      'does not follow after the first 30 s',
      [
        [31, 0],
        [600, 0.14],
      ],
      0,
    ],
  ])('%s', (_, spans, neutral) => {
    expect(look(spans).head.neutral).toBeCloseTo(neutral);
  });

  it('is learnt anew when the exam begins, and holds until enough was seen', () => {
    const before = look([[60, -0.12]]);
    expect(before.head.neutral).toBeCloseTo(-0.12);
    const starts = learnAgain(before.head);
    expect(look([[4, 0.1]], starts, before.t).head.neutral).toBeCloseTo(-0.12);
    expect(look([[30, 0.1]], starts, before.t).head.neutral).toBeCloseTo(0.1);
  });
});

describe('a camera beside the screen', () => {
  const SEATED = look([[40, 0.14]]);

  it.each<readonly [string, number, boolean]>([
    ['reading the screen', 0.14, false],
    ['looking into the camera', -0.1, false],
    ['a look over the far edge of the screen', 0.4, false],
    ['turned away from the camera', 0.45, true],
    ['turned away past the camera', -0.16, true],
  ])('%s', (_, yaw, turned) => {
    expect(look([[5, yaw]], SEATED.head, SEATED.t).turned).toBe(turned);
  });

  it('is no reason for an hour of suspicion', () => {
    expect(look([[3_600, 0.14]], SEATED.head, SEATED.t).turned).toBe(false);
  });
});
