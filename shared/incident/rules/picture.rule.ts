import type { CameraSample, Face } from '#shared/incident/camera-sample.ts';

/** Over this part of the picture is flat ... */
const COVERED_FLAT = 0.9;
/** ... and it has less contrast than this as a whole: something lies on the lens. */
const COVERED_STD = 15;
/** Less change than this between two samples is less than a sensor's own noise. */
const STILL_DIFFERENCE = 0.05;
/** A face, or a picture without one, darker than this cannot be judged. Luma 0..255. */
const DARK_MEAN = 35;
/** Face heights, as parts of the frame's: too far away to be known, too near to be whole. */
const SMALLEST_FACE = 0.12;
const LARGEST_FACE = 0.72;
/** Once out of the frame, a face is back in it only when it is this far inside all limits: no flicker at the edge. */
const BACK_INSIDE = 0.02;

/** The picture before is still there, however dark: its fine structure agrees at least this much. Chance stays below. */
const SAME_STRUCTURE = 0.35;

/**
 * Something lies on the lens: no structure anywhere (Art. 29d, 29s). Where the lights went out it is still there, only
 * faint, and that is poor light.
 */
export const isCovered = ({ luma }: CameraSample): boolean =>
  luma !== null &&
  luma.flatFraction > COVERED_FLAT &&
  luma.std < COVERED_STD &&
  (luma.likeness ?? 0) < SAME_STRUCTURE;

/** Not even noise changed since the sample before (Art. 29d, 29s). */
export const isStill = ({ luma }: CameraSample): boolean =>
  luma !== null && luma.difference !== null && luma.difference < STILL_DIFFERENCE;

/** Too dark to see who is there (Art. 26b, 29i): by the face where there is one, else by the picture. */
export const isDark = ({ luma, faces }: CameraSample): boolean => {
  if (luma === null) return false;
  if (faces.length > 0) return luma.faceMean !== null && luma.faceMean < DARK_MEAN;
  return luma.mean < DARK_MEAN;
};

export type Framing = 'ok' | 'cut' | 'far' | 'near';

/**
 * Whether the whole face is in the picture at a usable size (Art. 25c, 29e).
 * @param wasOut whether it was out of the frame before: then it has to come clearly back (hysteresis).
 */
export const framingOf = ({ x, y, width, height }: Face, wasOut = false): Framing => {
  const inside = wasOut ? BACK_INSIDE : 0;
  if (height > LARGEST_FACE - inside) return 'near';
  const cut = x <= inside || y <= inside || x + width >= 1 - inside || y + height >= 1 - inside;
  if (cut) return 'cut';
  return height < SMALLEST_FACE + inside ? 'far' : 'ok';
};

/** The face that is nearest to the camera; undefined without a face. */
export const largestFace = (faces: readonly Face[]): Face | undefined =>
  faces.reduce<Face | undefined>(
    (largest, face) =>
      largest === undefined || face.width * face.height > largest.width * largest.height
        ? face
        : largest,
    undefined,
  );
