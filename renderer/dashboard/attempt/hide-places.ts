import type { Place } from '#shared/incident/incident.ts';

/** A detector's box ends at brow and chin; hair and ears around it are told by this much more on each side, as a part of it. */
const MARGIN = 0.4;
/** What is left of a hidden place: so many blocks a side tell that somebody was there, and not who. */
const BLOCKS = 5;
const QUALITY = 0.85;

/** A place with its margin, in whole pixels inside the picture; null when nothing of it is inside. */
const pixelsOf = (
  place: Place,
  picture: { readonly width: number; readonly height: number },
): {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
} | null => {
  const left = Math.max(0, Math.floor((place.x - place.width * MARGIN) * picture.width));
  const top = Math.max(0, Math.floor((place.y - place.height * MARGIN) * picture.height));
  const right = Math.min(
    picture.width,
    Math.ceil((place.x + place.width * (1 + MARGIN)) * picture.width),
  );
  const bottom = Math.min(
    picture.height,
    Math.ceil((place.y + place.height * (1 + MARGIN)) * picture.height),
  );
  return right <= left || bottom <= top
    ? null
    : { x: left, y: top, width: right - left, height: bottom - top };
};

/**
 * A copy of a still for a report: faces of other people become a few blocks of colour. The original, whose
 * hash is in the ledger, stays as it is.
 * @param still a JPEG or PNG.
 * @throws DOMException when the bytes are no picture.
 */
export const hidePlaces = async (still: Blob, places: readonly Place[]): Promise<Blob> => {
  const picture = await createImageBitmap(still);
  try {
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const blocks = new OffscreenCanvas(BLOCKS, BLOCKS);
    const [onto, small] = [canvas.getContext('2d'), blocks.getContext('2d')];
    if (onto === null || small === null) throw new DOMException('no canvas', 'NotSupportedError');
    onto.drawImage(picture, 0, 0);
    onto.imageSmoothingEnabled = false;
    for (const place of places) {
      const at = pixelsOf(place, picture);
      if (at === null) continue;
      small.drawImage(picture, at.x, at.y, at.width, at.height, 0, 0, BLOCKS, BLOCKS);
      onto.drawImage(blocks, 0, 0, BLOCKS, BLOCKS, at.x, at.y, at.width, at.height);
    }
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  } finally {
    picture.close();
  }
};
