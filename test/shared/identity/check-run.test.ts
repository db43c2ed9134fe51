import { describe, expect, it } from 'vitest';
import type { Turn } from '#shared/identity/challenge.ts';
import {
  beginCheck,
  CHECK_LIMITS,
  type CheckRun,
  type CheckSettings,
  captureInCheck,
  checkEndsT,
  waitCheck,
} from '#shared/identity/check-run.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import { USUAL_THRESHOLDS } from '#shared/incident/identity-thresholds.ts';
import { descriptorOf, emptyCapture, faceCapture } from '#test/support/fake/face-capture.ts';

const EVERY_MS = 300;
const draw = (): readonly Turn[] => ['left', 'right'];
const ENROLLED: CheckSettings = {
  template: descriptorOf(1),
  challenge: true,
  thresholds: USUAL_THRESHOLDS,
};
const PLAIN: CheckSettings = { ...ENROLLED, challenge: false };

const run = (settings: CheckSettings, captures: readonly FaceCapture[]): CheckRun => {
  let check = beginCheck(settings, 0);
  for (const [i, capture] of captures.entries())
    check = captureInCheck(check, capture, (i + 1) * EVERY_MS, draw);
  return check;
};

const of = (person: number, count: number, change: Parameters<typeof faceCapture>[1] = {}) =>
  Array.from({ length: count }, (_, i) => faceCapture(person, { frame: i, ...change }));
const turned = (person: number, yaw: number) => of(person, 2, { yaw });
const turns = (person: number) => [
  ...turned(person, 0.3),
  ...of(person, 2),
  ...turned(person, -0.3),
  ...of(person, 2),
];
const dark = faceCapture(1, { faceMean: 20 });

describe('a check', () => {
  it.each<readonly [string, CheckSettings, readonly FaceCapture[], CheckRun['result']]>([
    ['of too few frames', PLAIN, of(1, 4), null],
    [
      'of five good frames',
      PLAIN,
      of(1, 5),
      expect.objectContaining({ outcome: 'verified', captures: 5, challenge: 'off' }),
    ],
    [
      'of bad frames among good ones',
      PLAIN,
      [dark, ...of(1, 2), dark, emptyCapture(), ...of(1, 3)],
      expect.objectContaining({ outcome: 'verified', captures: 5 }),
    ],
    ['of somebody else', PLAIN, of(2, 5), expect.objectContaining({ outcome: 'no' })],
    [
      'with one strange frame',
      PLAIN,
      [...of(1, 2), ...of(2, 1), ...of(1, 2)],
      expect.objectContaining({ outcome: 'verified' }),
    ],
    [
      'without a template',
      { ...ENROLLED, template: null },
      of(1, 5),
      { outcome: 'not-enrolled', distance: null, captures: 5, challenge: 'off' },
    ],
    ['before its turns', ENROLLED, of(1, 3), null],
    [
      'with its turns',
      ENROLLED,
      [...of(1, 3), ...turns(1), ...of(1, 2)],
      expect.objectContaining({ outcome: 'verified', captures: 5, challenge: 'passed' }),
    ],
    [
      'with its turns, of somebody else',
      ENROLLED,
      [...of(2, 3), ...turns(2), ...of(2, 2)],
      expect.objectContaining({ outcome: 'no', challenge: 'passed' }),
    ],
    [
      'with another face at the end',
      ENROLLED,
      [...of(1, 3), ...turns(1), ...of(2, 2)],
      expect.objectContaining({ outcome: 'challenge-failed', challenge: 'failed' }),
    ],
    [
      'with another face at the start',
      ENROLLED,
      [...of(2, 3), ...turns(1), ...of(1, 2)],
      expect.objectContaining({ outcome: 'challenge-failed' }),
    ],
    [
      'whose turns another face makes',
      ENROLLED,
      [...of(1, 3), ...turns(2), ...of(1, 2)],
      expect.objectContaining({ outcome: 'challenge-failed' }),
    ],
    [
      'whose turns are not made',
      ENROLLED,
      [...of(1, 3), ...of(1, 15)],
      expect.objectContaining({ outcome: 'challenge-failed' }),
    ],
  ])('%s', (_, settings, captures, result) => {
    expect(run(settings, captures).result).toEqual(result);
  });

  it('tells what to mend, and forgets it with a good frame', () => {
    expect(run(PLAIN, [dark]).advice).toBe('more-light');
    expect(run(PLAIN, [dark, ...of(1, 1)]).advice).toBeNull();
    expect(run(PLAIN, [emptyCapture()]).advice).toBe('nobody');
  });

  it.each([
    [0, 'no-capture'],
    [2, 'no-capture'],
    [3, 'verified'],
  ] as const)('that found %i good frames in its time is %s', (good, outcome) => {
    const looked = run(PLAIN, of(1, good));
    const { lookingMs } = CHECK_LIMITS;
    expect(checkEndsT(looked)).toBe(lookingMs);
    expect(waitCheck(looked, lookingMs, draw).stage).toBe('looking');
    const over = waitCheck(looked, lookingMs + 1, draw);
    expect(over.result?.outcome).toBe(outcome);
    expect(checkEndsT(over)).toBeNull();
    expect(captureInCheck(over, faceCapture(1), lookingMs + 2, draw)).toBe(over);
  });

  it.each([
    [0, 'challenge-failed'],
    [1, 'verified'],
  ] as const)('with %i frames after the turns is %s when its time is over', (good, outcome) => {
    const turnsMade = run(ENROLLED, [...of(1, 3), ...turns(1), ...of(1, good)]);
    expect(turnsMade.stage).toBe('ending');
    expect(waitCheck(turnsMade, 60_000, draw).result?.outcome).toBe(outcome);
  });

  it('whose turns nobody makes and no frame comes fails by the clock', () => {
    const asked = run(ENROLLED, of(1, 3));
    expect(asked.stage).toBe('challenge');
    expect(waitCheck(asked, 60_000, draw).result).toMatchObject({ outcome: 'challenge-failed' });
  });
});
