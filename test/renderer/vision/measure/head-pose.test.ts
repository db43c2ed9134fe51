import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FaceKeypoints, type Point, yawIndex } from '#renderer/vision/measure/head-pose.ts';

/** A face of 100 px between eyes and mouth, its nose `nose` px to the picture's right. */
function face(nose: number, eyeDistance = 90): FaceKeypoints {
  return {
    rightEye: { x: 300 - eyeDistance / 2, y: 200 },
    leftEye: { x: 300 + eyeDistance / 2, y: 200 },
    nose: { x: 300 + nose, y: 250 },
    mouth: { x: 300, y: 300 },
    rightEar: { x: 220, y: 210 },
    leftEar: { x: 380, y: 210 },
  };
}

function moved(points: FaceKeypoints, move: (p: Point) => Point): FaceKeypoints {
  return {
    rightEye: move(points.rightEye),
    leftEye: move(points.leftEye),
    nose: move(points.nose),
    mouth: move(points.mouth),
    rightEar: move(points.rightEar),
    leftEar: move(points.leftEar),
  };
}

describe('yaw index', () => {
  it.each([
    ['looking at the camera', face(0), 0],
    ["a little to the picture's right", face(10), 0.1],
    ["a little to the picture's left", face(-10), -0.1],
    ['profile, eyes nearly one behind the other', face(45, 20), 0.45],
    ['one eye hidden by the other', face(45, 0), 0.45],
    ['nose far outside, as in a bad frame', face(900), 2],
    ['all points in one', moved(face(0), () => ({ x: 5, y: 5 })), 0],
    ['mouth above the eyes', moved(face(30), (p) => ({ x: p.x, y: -p.y })), 0],
  ])('%s', (_, points, expected) => {
    expect(yawIndex(points)).toBeCloseTo(expected, 6);
  });

  it('depends on neither place, size nor tilt', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 8, noNaN: true }),
        fc.double({ min: -500, max: 500, noNaN: true }),
        (nose, tilt, scale, shift) => {
          const plain = face(nose);
          const other = moved(plain, ({ x, y }) => ({
            x: scale * (x * Math.cos(tilt) - y * Math.sin(tilt)) + shift,
            y: scale * (x * Math.sin(tilt) + y * Math.cos(tilt)) - shift,
          }));
          expect(yawIndex(other)).toBeCloseTo(yawIndex(plain), 6);
        },
      ),
    );
  });

  it('is always a finite number within ±2', () => {
    const point = fc.record({
      x: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      y: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    });
    fc.assert(
      fc.property(point, point, point, point, (rightEye, leftEye, nose, mouth) => {
        const n = yawIndex({ rightEye, leftEye, nose, mouth, rightEar: nose, leftEar: nose });
        expect(Math.abs(n)).toBeLessThanOrEqual(2);
      }),
    );
  });
});
