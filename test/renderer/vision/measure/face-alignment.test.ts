import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALIGNED_SIDE,
  alignment,
  type Similarity,
} from '#renderer/vision/measure/face-alignment.ts';
import type { FaceKeypoints, Point } from '#renderer/vision/measure/head-pose.ts';

/** Where the model expects them, in pixels of its picture. */
const PLACES = {
  rightEye: { x: 47.55, y: 46.65 },
  leftEye: { x: 100.5, y: 46.65 },
  mouth: { x: 73.95, y: 105 },
};
const NOWHERE = { x: 0, y: 0 };

const face = (of: (place: Point) => Point, rest: Partial<FaceKeypoints> = {}): FaceKeypoints => ({
  rightEye: of(PLACES.rightEye),
  leftEye: of(PLACES.leftEye),
  mouth: of(PLACES.mouth),
  nose: NOWHERE,
  rightEar: NOWHERE,
  leftEar: NOWHERE,
  ...rest,
});

/** Where a point comes to lie. */
const moved = ({ a, b, dx, dy }: Similarity, { x, y }: Point): Point => ({
  x: a * x - b * y + dx,
  y: b * x + a * y + dy,
});

const near = (a: Point, b: Point, digits = 6) => {
  expect(a.x).toBeCloseTo(b.x, digits);
  expect(a.y).toBeCloseTo(b.y, digits);
};

describe('the alignment of a face', () => {
  it('leaves one alone that lies where it should', () => {
    const aim = alignment(face((place) => place));
    expect(aim?.a).toBeCloseTo(1, 9);
    expect(aim?.b).toBeCloseTo(0, 9);
    near({ x: aim?.dx ?? Number.NaN, y: aim?.dy ?? Number.NaN }, NOWHERE);
  });

  it('brings eyes and mouth to their places from any size, tilt and place in the frame', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        fc.double({ min: -500, max: 1_500, noNaN: true }),
        fc.double({ min: -500, max: 1_500, noNaN: true }),
        (size, tilt, dx, dy) => {
          const a = size * Math.cos(tilt);
          const b = size * Math.sin(tilt);
          const filmed = face((place) => moved({ a, b, dx, dy }, place));
          const aim = alignment(filmed);
          if (aim === null) throw new Error('no alignment');
          near(moved(aim, filmed.rightEye), PLACES.rightEye, 4);
          near(moved(aim, filmed.leftEye), PLACES.leftEye, 4);
          near(moved(aim, filmed.mouth), PLACES.mouth, 4);
        },
      ),
    );
  });

  it('shares out what does not fit: a longer face keeps its middle and is not stretched', () => {
    const long = face((place) => place, { mouth: { x: PLACES.mouth.x, y: 135 } });
    const aim = alignment(long);
    if (aim === null) throw new Error('no alignment');
    const [right, left, mouth] = [long.rightEye, long.leftEye, long.mouth].map((p) =>
      moved(aim, p),
    );
    const middle = (points: readonly (Point | undefined)[]) =>
      points.reduce((sum, p) => sum + (p?.y ?? Number.NaN), 0) / points.length;
    expect(middle([right, left, mouth])).toBeCloseTo(middle(Object.values(PLACES)), 6);
    expect(mouth?.y).toBeGreaterThan(PLACES.mouth.y);
    expect(right?.y).toBeGreaterThan(20);
    expect((left?.x ?? 0) - (right?.x ?? 0)).toBeLessThan(PLACES.leftEye.x - PLACES.rightEye.x);
  });

  it('never mirrors: a face whose eyes are swapped is turned round', () => {
    const swapped = face((place) => ({ x: ALIGNED_SIDE - place.x, y: ALIGNED_SIDE - place.y }));
    const aim = alignment(swapped);
    if (aim === null) throw new Error('no alignment');
    expect(aim.a).toBeCloseTo(-1, 6);
    near(moved(aim, swapped.mouth), PLACES.mouth);
  });

  it('knows none when all points are one', () => {
    expect(alignment(face(() => ({ x: 5, y: 5 })))).toBeNull();
  });
});
