import type { Face } from '#shared/incident/camera-sample.ts';
import { MAX_PICTURE_BYTES } from '#shared/wire/enrolment.ts';

/** A part of a picture, in its pixels. */
export interface Cut {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Head and shoulders around a face, in heights of its box: what a person needs to compare two people. */
const HEAD = { above: 0.75, below: 1.15, wide: 2.3 } as const;

const within = (from: number, to: number, limit: number): readonly [number, number] => {
  const start = Math.max(0, Math.round(from));
  return [start, Math.max(1, Math.min(limit, Math.round(to)) - start)];
};

/** Where head and shoulders are in a picture of this size. @param face in fractions of the picture. */
export const headCut = (face: Face, width: number, height: number): Cut => {
  const tall = face.height * height;
  const middle = (face.x + face.width / 2) * width;
  const top = face.y * height;
  const [x, cutWidth] = within(
    middle - (tall * HEAD.wide) / 2,
    middle + (tall * HEAD.wide) / 2,
    width,
  );
  const [y, cutHeight] = within(top - tall * HEAD.above, top + tall * (1 + HEAD.below), height);
  return { x, y, width: cutWidth, height: cutHeight };
};

/** Tried one after the other until the picture is small enough; text stays readable at the last one. */
const QUALITIES = [0.9, 0.8, 0.65, 0.5] as const;

/**
 * A part of a picture as JPEG, not larger than the server takes.
 * @param longest side in pixels; larger parts are shrunk.
 * @returns null when the browser cannot make one.
 */
export const jpegOf = async (
  source: CanvasImageSource,
  { x, y, width, height }: Cut,
  longest: number,
): Promise<Uint8Array | null> => {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) return null;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, x, y, width, height, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const file = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (file.size <= MAX_PICTURE_BYTES) return new Uint8Array(await file.arrayBuffer());
  }
  return null;
};

const PORTRAIT_PX = 640;

/** Cuts a JPEG of the whole frame to head and shoulders. @returns null when it cannot be read. */
export const cutPortrait = async (whole: Uint8Array, face: Face): Promise<Uint8Array | null> => {
  const picture = await createImageBitmap(
    new Blob([new Uint8Array(whole)], { type: 'image/jpeg' }),
  ).catch(() => null);
  if (picture === null) return null;
  try {
    return await jpegOf(picture, headCut(face, picture.width, picture.height), PORTRAIT_PX);
  } finally {
    picture.close();
  }
};

/**
 * Where a frame that is drawn over a video is in the video's own pixels; the video fills its box and what does
 * not fit is cut off (`object-fit: cover`).
 * @param frame inside the box, all in CSS pixels.
 */
export const frameInVideo = (
  frame: Cut,
  box: { readonly width: number; readonly height: number },
  video: { readonly width: number; readonly height: number },
): Cut => {
  const scale = Math.max(box.width / video.width, box.height / video.height);
  const left = (video.width * scale - box.width) / 2;
  const top = (video.height * scale - box.height) / 2;
  return {
    x: Math.max(0, (frame.x + left) / scale),
    y: Math.max(0, (frame.y + top) / scale),
    width: Math.min(video.width, frame.width / scale),
    height: Math.min(video.height, frame.height / scale),
  };
};
