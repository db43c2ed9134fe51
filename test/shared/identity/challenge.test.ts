import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yawIndex } from '#renderer/vision/measure/head-pose.ts';
import { CAPTURE_LIMITS } from '#shared/identity/capture-quality.ts';
import {
  askedTurn,
  beginChallenge,
  type Challenge,
  drawTurns,
  type HeadLook,
  lookAtChallenge,
  TURN_LIMITS,
  type Turn,
  turnsDone,
  waitChallenge,
} from '#shared/identity/challenge.ts';
import { reliefOf } from '#shared/identity/relief.ts';

const LOOK_MS = 300;
type Seen = number | null | { readonly yaw: number; readonly relief: number };

/** Shows a challenge one look after the other, from 300 ms on. */
const show = (
  looks: readonly Seen[],
  turns: readonly Turn[] = ['left', 'right'],
  neutral: Challenge['neutral'] = { yaw: 0, relief: null },
  redrawn: readonly Turn[] = ['right', 'left'],
): Challenge => {
  let challenge = beginChallenge(turns, neutral, 0);
  for (const [i, seen] of looks.entries()) {
    const t = (i + 1) * LOOK_MS;
    const look: HeadLook =
      seen === null || typeof seen === 'number' ? { t, yaw: seen, relief: null } : { t, ...seen };
    challenge = lookAtChallenge(challenge, look, () => redrawn);
  }
  return challenge;
};

const times = (count: number, yaw: Seen): Seen[] => Array(count).fill(yaw);
const L = times(2, 0.3);
const R = times(2, -0.3);
const AHEAD = times(2, 0);

describe('a challenge to turn left, then right', () => {
  it.each<readonly [string, readonly Seen[], Challenge['stage']]>([
    ['is passed by both turns and the ways back', [...L, ...AHEAD, ...R, ...AHEAD], 'passed'],
    [
      'takes its time',
      [...times(6, 0), ...L, ...times(5, 0.2), ...AHEAD, ...R, ...AHEAD],
      'passed',
    ],
    [
      'does not mind moments without a face',
      [0.3, null, ...L, null, null, ...AHEAD, ...R, ...AHEAD],
      'passed',
    ],
    ['waits for the way back', [...L, ...times(3, 0.3)], 'back'],
    ['is not done by one look', [0.3, 0, 0.3, 0], 'turn'],
    ['is not done by half a turn', times(5, 0.15), 'turn'],
    ['fails when nothing happens for 4 s', times(14, 0), 'failed'],
    ['fails when the head does not come back', [...L, ...times(14, 0.3)], 'failed'],
    ['fails when the face is gone for long', [...times(6, null), ...L], 'failed'],
    ['begins anew after the wrong side', R, 'back'],
    [
      'passes after the wrong side with what is asked then',
      [...R, ...AHEAD, ...R, ...AHEAD, ...L, ...AHEAD],
      'passed',
    ],
    ['does not count the wrong turn', [...R, ...AHEAD, ...L, ...AHEAD], 'failed'],
    ['fails at the second wrong side', [...R, ...AHEAD, ...L], 'failed'],
  ])('%s', (_, looks, stage) => {
    expect(show(looks).stage).toBe(stage);
  });

  it('tells what is asked and how much is done', () => {
    expect(askedTurn(show([]))).toBe('left');
    expect(turnsDone(show([]))).toBe(0);
    expect([askedTurn(show(L)), turnsDone(show(L))]).toEqual([null, 1]);
    expect(askedTurn(show([...L, ...AHEAD]))).toBe('right');
    expect(turnsDone(show([...R, ...AHEAD]))).toBe(0);
  });

  it.each([
    [0.15, 'a camera on one side'],
    [-0.15, 'on the other'],
    [0.25, 'far on one side'],
  ])('is made from the person’s own neutral of %s (%s)', (yaw) => {
    const left = times(2, Math.min(Math.max(yaw + 0.22, 0.09), 0.36));
    const right = times(2, Math.min(yaw - 0.22, -0.09));
    const looks = [...left, ...times(2, yaw), ...right, ...times(2, yaw)];
    expect(show(looks, ['left', 'right'], { yaw, relief: null }).stage).toBe('passed');
  });

  it('fails by the clock alone', () => {
    const began = beginChallenge(['left', 'right'], { yaw: 0, relief: null }, 1_000);
    expect(waitChallenge(began, 5_000).stage).toBe('turn');
    expect(waitChallenge(began, 5_001).stage).toBe('failed');
    expect(lookAtChallenge(began, { t: 9_000, yaw: 0.3, relief: null }, () => []).stage).toBe(
      'failed',
    );
  });

  it('is drawn with one turn to each side', () => {
    expect([drawTurns(true), drawTurns(false)]).toEqual([
      ['left', 'right'],
      ['right', 'left'],
    ]);
  });
});

/**
 * A face in space, in centimetres: x to the person's own left, y down, z to the camera. With this nose 30° give a
 * yaw index of 0.2, as photographs of known pose do.
 */
interface Spot {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}
const HEAD = {
  rightEye: { x: -3.2, y: 0, z: 0 },
  leftEye: { x: 3.2, y: 0, z: 0 },
  nose: { x: 0, y: 3.6, z: 2.75 },
  mouth: { x: 0, y: 6.8, z: 0.6 },
} satisfies Record<string, Spot>;

interface Pose {
  readonly turn: number;
  readonly nod: number;
  readonly tilt: number;
  /** How far from the camera, cm; 1000 and more is without perspective. */
  readonly far: number;
}

const DEGREE = Math.PI / 180;
const rotated = ([a, b]: readonly [number, number], degrees: number): [number, number] => {
  const [sin, cos] = [Math.sin(degrees * DEGREE), Math.cos(degrees * DEGREE)];
  return [a * cos - b * sin, a * sin + b * cos];
};

/** The picture of a spot: x to the picture's right. A turn to the person's own left goes there. */
const pictured = ({ x, y, z }: Spot, pose: Pose) => {
  const [x1, z1] = rotated([x, z], -pose.turn);
  const [y1, z2] = rotated([y, z1], pose.nod);
  const [x2, y2] = rotated([x1, y1], pose.tilt);
  const scale = (600 * pose.far) / (pose.far - z2) / pose.far;
  return { x: 320 + x2 * scale, y: 240 + y2 * scale };
};

const lookOf = (face: Record<keyof typeof HEAD, Spot>, pose: Pose) => {
  const points = {
    rightEye: pictured(face.rightEye, pose),
    leftEye: pictured(face.leftEye, pose),
    nose: pictured(face.nose, pose),
    mouth: pictured(face.mouth, pose),
  };
  const ear = { x: 0, y: 0 };
  return {
    yaw: yawIndex({ ...points, rightEar: ear, leftEar: ear }),
    relief: reliefOf(points) ?? 0,
  };
};

const still: Pose = { turn: 0, nod: 0, tilt: 0, far: 60 };
const photographOf = (taken: Pose): Record<keyof typeof HEAD, Spot> => {
  const flat = (spot: Spot): Spot => {
    const { x, y } = pictured(spot, taken);
    return { x: (x - 320) / 12, y: (y - 240) / 12, z: 0 };
  };
  return {
    rightEye: flat(HEAD.rightEye),
    leftEye: flat(HEAD.leftEye),
    nose: flat(HEAD.nose),
    mouth: flat(HEAD.mouth),
  };
};

const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });

describe('a living head', () => {
  it('that is turned to the person’s own left has a positive yaw and relief', () => {
    const left = lookOf(HEAD, { ...still, turn: 30.5 });
    expect(left.yaw).toBeGreaterThan(TURN_LIMITS.yaw);
    expect(left.relief).toBeGreaterThan(TURN_LIMITS.relief);
  });

  it('passes by turns of 25° to 60°, however it is tilted and held', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 25, max: 60, noNaN: true }),
        degrees(20),
        degrees(15),
        fc.double({ min: 40, max: 90, noNaN: true }),
        fc.boolean(),
        (turn, tilt, nod, far, coin) => {
          const turns = drawTurns(coin);
          const pose = (to: number) => lookOf(HEAD, { turn: to, nod, tilt, far });
          const ahead = pose(0);
          const looks = turns.flatMap((one) => [
            ...times(2, pose(one === 'left' ? turn : -turn)),
            ...times(2, ahead),
          ]);
          expect(show(looks, turns, ahead).stage).toBe('passed');
        },
      ),
    );
  });
});

describe('a photograph', () => {
  /** Whether somebody who shows this gets past a turn to that side. */
  const reaches = (turn: Turn, look: Seen, neutral: Challenge['neutral']): boolean => {
    const other = turn === 'left' ? 'right' : 'left';
    const { stage, wrongWays } = show(times(2, look), [turn, other], neutral);
    return stage === 'back' && wrongWays === 0;
  };

  it('that is moved, tilted, swung and skewed never makes a turn', () => {
    const pose = fc.record({
      turn: degrees(75),
      nod: degrees(75),
      tilt: degrees(180),
      far: fc.constantFrom(35, 60, 1_000),
    });
    fc.assert(
      fc.property(degrees(60), degrees(15), pose, pose, (turn, nod, before, after) => {
        const photograph = photographOf({ turn, nod, tilt: 0, far: 60 });
        const neutral = lookOf(photograph, before);
        const look = lookOf(photograph, after);
        expect(reaches('left', look, neutral) || reaches('right', look, neutral)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('changes its relief by perspective alone, by less than half of what a turn needs', () => {
    const near = fc.record({
      turn: degrees(75),
      nod: degrees(75),
      tilt: degrees(180),
      far: fc.constant(20),
    });
    fc.assert(
      fc.property(degrees(30), degrees(15), near, (turn, nod, held) => {
        const photograph = photographOf({ turn, nod, tilt: 0, far: 60 });
        const change = lookOf(photograph, held).relief - lookOf(photograph, still).relief;
        expect(Math.abs(change)).toBeLessThan(TURN_LIMITS.relief / 2);
      }),
      { numRuns: 5_000 },
    );
  });

  it('skewed about its diagonals would, by the yaw alone: that is what the relief is for', () => {
    const photograph = photographOf(still);
    const held = (turn: number, nod: number, tilt: number) =>
      lookOf(photograph, { turn, nod, tilt, far: 1_000 }).yaw;
    const neutral = { yaw: 0, relief: null };
    const yaws = [-60, -50, 50, 60].flatMap((turn) => [-50, 50].map((nod) => held(turn, nod, 0)));
    expect(yaws.some((yaw) => reaches('left', yaw, neutral))).toBe(true);
    expect(yaws.some((yaw) => reaches('right', yaw, neutral))).toBe(true);
  });

  it('that is only moved, swung and rotated in its plane makes no turns to both sides, by the yaw alone', () => {
    const swings = Array.from({ length: 35 }, (_, i) => (i - 17) * 5);
    for (let turn = -70; turn <= 70; turn += 10) {
      const photograph = photographOf({ ...still, turn });
      const yaws = swings.map(
        (swing) => lookOf(photograph, { turn: swing, nod: 0, tilt: swing, far: 60 }).yaw,
      );
      // A face that is turned further is not taken for one that looks ahead.
      for (const yaw of yaws.filter((one) => Math.abs(one) <= CAPTURE_LIMITS.yaw)) {
        const neutral = { yaw, relief: null };
        const both = (['left', 'right'] as const).every((side) =>
          yaws.some((look) => reaches(side, look, neutral)),
        );
        expect(both, `taken at ${turn}°, neutral ${yaw}`).toBe(false);
      }
    }
  });
});

describe('relief', () => {
  it('is the same for a flat face under every affine map', () => {
    const scale = fc.double({ min: 0.3, max: 3, noNaN: true });
    fc.assert(
      fc.property(degrees(180), scale, scale, degrees(2), degrees(40), (by, sx, sy, skew, turn) => {
        const taken: Pose = { ...still, turn };
        const map = ({ x, y }: { x: number; y: number }) => {
          const [u, v] = rotated([x * sx + y * skew, y * sy], by);
          return { x: u, y: v };
        };
        const points = {
          rightEye: pictured(HEAD.rightEye, taken),
          leftEye: pictured(HEAD.leftEye, taken),
          nose: pictured(HEAD.nose, taken),
          mouth: pictured(HEAD.mouth, taken),
        };
        const before = reliefOf(points);
        const after = reliefOf({
          rightEye: map(points.rightEye),
          leftEye: map(points.leftEye),
          nose: map(points.nose),
          mouth: map(points.mouth),
        });
        if (before !== null && after !== null) expect(after).toBeCloseTo(before, 5);
      }),
    );
  });

  it('says nothing of points on one line', () => {
    const p = { x: 1, y: 1 };
    expect(reliefOf({ rightEye: p, leftEye: p, nose: p, mouth: p })).toBeNull();
  });
});
