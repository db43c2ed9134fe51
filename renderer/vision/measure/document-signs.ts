import { borderAround } from './card-border.ts';
import { greyOf } from './grey.ts';
import type { FrameBox, RgbaPicture } from './picture-quality.ts';
import { textAround } from './text-lines.ts';

/**
 * From this share of the picture's height on a face is a person before the camera, whatever is around: on an ID-1 card
 * (ISO/IEC 7810, 54 mm) a photo is at most 40 mm and the face at most 28 mm of it, and the page cuts the picture to the
 * card. A card whose face is larger reaches out of the picture and has to be taken again anyway.
 */
const FACE_OF_A_PERSON = 0.55;
/**
 * How much of a border is seen that needs nothing else: fingers and glare take a tenth of it; a collar, a shelf and a door
 * that happen to meet leave more out. With print around the face less of it will do.
 */
const BORDER = { alone: 0.9, withPrint: 0.66 } as const;
/** The least document has a name, a number and a date; a shirt has fewer lines. */
const LINES_OF_A_DOCUMENT = 3;
/** So many lines that go on at the other side of the head are written behind it: a poster, a board. */
const LINES_BEHIND = 2;

/** Sides need no detail, print does. Pixels. */
const BORDER_WIDTH = 160;
const PRINT_WIDTH = 1_024;

const isOnDocument = (picture: RgbaPicture, face: FrameBox): boolean => {
  if (face.height >= FACE_OF_A_PERSON) return false;
  const border = borderAround(greyOf(picture, BORDER_WIDTH), face);
  if (border >= BORDER.alone) return true;
  const { all, body, behind } = textAround(greyOf(picture, PRINT_WIDTH), face);
  if (all < LINES_OF_A_DOCUMENT || behind >= LINES_BEHIND) return false;
  // Print where a person has shoulders and chest is on the same flat thing as the face.
  return border >= BORDER.withPrint || body > 0;
};

/**
 * Whether a person was taken in the place of a document: no edges and no print around the face, or a face as large as only
 * a person's. Measured on drawings with photographs in them (docs/vision.md), never on real documents: whoever is refused
 * by it can go on, and a person decides.
 *
 * @param faces fractions of the picture, as the face finder gives them. Without any nothing is said against the photo.
 */
export const isSelfie = (picture: RgbaPicture, faces: readonly FrameBox[]): boolean =>
  faces.length > 0 && !faces.some((face) => isOnDocument(picture, face));
