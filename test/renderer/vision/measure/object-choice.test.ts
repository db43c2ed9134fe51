import { describe, expect, it } from 'vitest';
import { forbiddenObjects, type ObjectFinding } from '#renderer/vision/measure/object-choice.ts';

const PICTURE = { width: 320, height: 240 };
/** In the form in which MediaPipe's ObjectDetector answers (`ObjectDetectorResult.detections`). */
const finding = (
  categoryName: string,
  score: number,
  box = { originX: 160, originY: 120, width: 32, height: 48 },
): ObjectFinding => ({ boundingBox: box, categories: [{ categoryName, score }] });

describe('forbidden objects', () => {
  it.each<[string, readonly ObjectFinding[], readonly string[]]>([
    ['nothing', [], []],
    ['a phone by the name of COCO', [finding('cell phone', 0.7)], ['phone']],
    ['a name in other letters', [finding(' Headset ', 0.9)], ['headphones']],
    ['the surest first', [finding('book', 0.6), finding('hat', 0.8)], ['cap', 'book']],
    ['too unsure', [finding('cell phone', 0.54)], []],
    ['what is nobody’s business', [finding('person', 0.99), finding('bottle', 0.9)], []],
    ['without a place', [{ categories: [{ categoryName: 'book', score: 0.9 }] }], []],
    ['without a category', [{ ...finding('book', 0.9), categories: [] }], []],
    [
      'a "book" as large as a wall',
      [finding('book', 0.9, { originX: 0, originY: 0, width: 320, height: 200 })],
      [],
    ],
  ])('%s', (_, findings, kinds) => {
    expect(forbiddenObjects(findings, PICTURE).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('gives places as parts of the picture, and at most eight', () => {
    const many = Array.from({ length: 12 }, () => finding('cell phone', 0.7));
    const found = forbiddenObjects(many, PICTURE);
    expect(found).toHaveLength(8);
    expect(found[0]).toEqual({
      kind: 'phone',
      score: 0.7,
      x: 0.5,
      y: 0.5,
      width: 0.1,
      height: 0.2,
    });
  });
});
