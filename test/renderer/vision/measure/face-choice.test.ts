import { describe, expect, it } from 'vitest';
import {
  type Candidate,
  facesAtFirstLook,
  facesAtSecondLook,
  needsSecondLook,
  toFace,
} from '#renderer/vision/measure/face-choice.ts';

const FRAME = { width: 640, height: 480 };

/** A face with its middle at (x, y); `yaw` as the index gives it. */
function candidate(x: number, y: number, score: number, yaw = 0, size = 140): Candidate {
  const height = size * 0.42;
  return {
    box: { x: Math.max(0, x - size / 2), y: Math.max(0, y - size / 2), width: size, height: size },
    score,
    keypoints: {
      rightEye: { x: x - size / 5, y: y - size / 6 },
      leftEye: { x: x + size / 5, y: y - size / 6 },
      nose: { x: x + yaw * height, y: y + size / 20 },
      mouth: { x, y: y - size / 6 + height },
      rightEar: { x: x - size / 2.5, y: y - size / 8 },
      leftEar: { x: x + size / 2.5, y: y - size / 8 },
    },
  };
}

const middle = (score: number, yaw = 0) => candidate(320, 215, score, yaw);
const side = (score: number) => candidate(560, 180, score, 0, 90);

describe('when the second model is asked', () => {
  it.each<[string, Candidate[], boolean]>([
    ['one face, forward', [middle(0.8)], false],
    ['one face and a hint of nothing', [middle(0.8), side(0.3)], false],
    ['one face, perhaps turned', [middle(0.8, 0.25)], true],
    ['one face, perhaps turned to the other side', [middle(0.8, -0.25)], true],
    ['nobody', [], true],
    ['only a weak face', [middle(0.45)], true],
    ['two faces', [middle(0.8), side(0.7)], true],
    ['a doubtful second face', [middle(0.8), side(0.55)], true],
  ])('%s: %#', (_, full, expected) => {
    expect(needsSecondLook(full)).toBe(expected);
  });
});

describe('faces of the full-range model alone', () => {
  it.each<[string, Candidate[], number]>([
    ['sure of one', [middle(0.5)], 1],
    ['not sure of one', [middle(0.49)], 0],
    ['sure of two', [side(0.6), middle(0.9)], 2],
    ['doubtful of the second', [side(0.59), middle(0.9)], 1],
  ])('%s', (_, full, count) => {
    expect(facesAtFirstLook(full)).toHaveLength(count);
  });
});

describe('faces of both models', () => {
  it.each<[string, Candidate[], Candidate[], number]>([
    ['neither sees anything', [], [], 0],
    ['full alone is sure', [middle(0.6)], [], 1],
    ['both are sure of the same', [middle(0.6)], [middle(0.9)], 1],
    ['both see the same weakly', [middle(0.25)], [middle(0.35)], 1],
    ['both see weakly, in different places', [side(0.4)], [middle(0.4)], 0],
    ['short alone, stray', [], [middle(0.7)], 0],
    ['short alone, very sure', [], [middle(0.8)], 1],
    ['a doubtful second face', [middle(0.9), side(0.55)], [middle(0.9)], 1],
    ['a doubtful second face, confirmed', [middle(0.9), side(0.55)], [side(0.4)], 2],
    ['a sure second face', [middle(0.9), side(0.7)], [], 2],
    ['a second face that only short is sure of', [middle(0.9)], [middle(0.9), side(0.8)], 2],
    ['a second face that only short sees', [middle(0.9)], [middle(0.9), side(0.7)], 1],
    ['two weak agreements', [middle(0.3), side(0.3)], [middle(0.5), side(0.4)], 1],
  ])('%s', (_, full, short, count) => {
    expect(facesAtSecondLook(full, short, FRAME, [])).toHaveLength(count);
  });

  it.each<[string, number, boolean]>([
    ['a weak face stays where one was', 0.3, true],
    ['a weaker one does not', 0.29, false],
  ])('%s', (_, score, kept) => {
    const before = [toFace(middle(0.8), FRAME)];
    expect(facesAtSecondLook([middle(score)], [], FRAME, before)).toHaveLength(kept ? 1 : 0);
    expect(facesAtSecondLook([side(score)], [], FRAME, before)).toHaveLength(0);
  });

  it('averages the yaw of both', () => {
    const [found] = facesAtSecondLook([middle(0.8, 0.3)], [middle(0.9, 0.1)], FRAME, []);
    expect(found?.face.yaw).toBeCloseTo(0.2, 6);
    expect(found?.face.score).toBe(0.9);
  });

  it('never states more than 16 faces', () => {
    const crowd = Array.from({ length: 40 }, (_, i) => candidate(i * 60, 200, 0.9, 0, 40));
    expect(facesAtSecondLook(crowd, [], FRAME, [])).toHaveLength(16);
  });
});

describe('the box of a face', () => {
  it('is in fractions of the frame', () => {
    const face = toFace(candidate(320, 240, 0.8, 0.1, 160), FRAME);
    expect(face).toMatchObject({ x: 240 / 640, y: 160 / 480, width: 0.25, score: 0.8 });
    expect(face.height).toBeCloseTo(1 / 3, 6);
    expect(face.yaw).toBeCloseTo(0.1, 6);
  });

  it.each([
    ['left', 20, 240],
    ['upper', 320, 10],
  ])('leaves the frame at the %s edge, although the detector moves it in', (edge, x, y) => {
    const found = candidate(x, y, 0.8);
    const face = toFace(found, FRAME);
    expect(edge === 'left' ? found.box.x : found.box.y).toBe(0);
    expect(edge === 'left' ? face.x : face.y).toBeLessThan(-0.05);
    expect(face.width).toBeCloseTo(140 / 640, 6);
  });
});
