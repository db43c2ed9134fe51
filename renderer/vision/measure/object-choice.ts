import type { FoundObject, ObjectKind } from '#shared/incident/camera-sample.ts';

/** One finding of an object model, as MediaPipe states it: pixels of the picture, categories by score. */
export interface ObjectFinding {
  readonly boundingBox?:
    | {
        readonly originX: number;
        readonly originY: number;
        readonly width: number;
        readonly height: number;
      }
    | undefined;
  readonly categories: readonly { readonly categoryName: string; readonly score: number }[];
}

/** Names that models give to what the regulations forbid: those of COCO first, then those of trained ones. */
const NAMES: Readonly<Record<string, ObjectKind>> = {
  'cell phone': 'phone',
  'mobile phone': 'phone',
  smartphone: 'phone',
  phone: 'phone',
  book: 'book',
  notebook: 'book',
  headphones: 'headphones',
  headphone: 'headphones',
  headset: 'headphones',
  earphones: 'headphones',
  earbuds: 'headphones',
  cap: 'cap',
  hat: 'cap',
};

/**
 * Least confidence. Small models take a wallet, a remote control or a dark sleeve for a phone at 0.3 to 0.5; what
 * follows is a review by a person, so a higher bar costs little. Not measured on examinees.
 */
const LEAST_SCORE = 0.55;
/** A "book" over most of the picture is a shelf or a wall, no object in the hand; parts of the picture's area. */
const LARGEST_PART = 0.5;
const MOST = 8;

/** The findings that the regulations name, the surest first. Anything else in the room is nobody's business and is dropped. */
export const forbiddenObjects = (
  findings: readonly ObjectFinding[],
  picture: { readonly width: number; readonly height: number },
): FoundObject[] =>
  findings
    .flatMap(({ boundingBox: box, categories }): FoundObject[] => {
      const best = categories[0];
      const kind = best === undefined ? undefined : NAMES[best.categoryName.trim().toLowerCase()];
      if (best === undefined || kind === undefined || box === undefined) return [];
      const part = (box.width * box.height) / (picture.width * picture.height);
      if (best.score < LEAST_SCORE || part > LARGEST_PART) return [];
      return [
        {
          kind,
          score: Math.min(1, best.score),
          x: box.originX / picture.width,
          y: box.originY / picture.height,
          width: box.width / picture.width,
          height: box.height / picture.height,
        },
      ];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST);
