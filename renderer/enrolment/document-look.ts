import { createVisionWorker } from '#renderer/vision/camera.ts';
import { isSelfie } from '#renderer/vision/measure/document-signs.ts';
import { VisionProcess } from '#renderer/vision/vision-process.ts';

/** So long a photo waits for the face finder at most, ms: whoever holds a card still should not wait longer. */
const PATIENCE_MS = 8_000;
const LOOK_AGAIN_MS = 100;

/**
 * So many photos are refused before a person is left to decide: nobody is kept out by a program that does not know a
 * document when it sees one. With staff beside them they decide after the first.
 */
export const REFUSALS = { alone: 3, inRoom: 1 } as const;

/** Looks at the photo of a document before it is kept. */
export interface DocumentLook {
  /** Gets ready; the files come from the browser's cache, the page has used them before. */
  start(): void;
  /** @returns false also when it cannot say: what is unknown is held against nobody, a person compares both. */
  selfie(jpeg: Uint8Array): Promise<boolean>;
  stop(): void;
}

/** @param assetBase address of the folder with the vision files, relative to the page. */
export const createDocumentLook = (assetBase: string): DocumentLook => {
  const vision = new VisionProcess({
    base: new URL(assetBase, document.baseURI).href,
    createWorker: createVisionWorker,
    onState: () => undefined,
  });

  const ready = async (): Promise<void> => {
    for (let waited = 0; !vision.free && waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
      await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
    }
  };

  const pixelsOf = (picture: ImageBitmap): ImageData | null => {
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    context?.drawImage(picture, 0, 0);
    return context?.getImageData(0, 0, picture.width, picture.height) ?? null;
  };

  return {
    start: () => vision.start(),
    selfie: async (jpeg) => {
      const file = new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' });
      const picture = await createImageBitmap(file).catch(() => null);
      if (picture === null) return false;
      const pixels = pixelsOf(picture);
      const frame = new VideoFrame(picture, { timestamp: 0 });
      picture.close();
      await ready();
      const seen = await vision.look(frame);
      if (seen === null || pixels === null) return false;
      return isSelfie(pixels, seen.faces);
    },
    stop: () => vision.stop(),
  };
};
