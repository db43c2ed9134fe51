import { VisionProcess } from '#renderer/vision/vision-process.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';

/** Loads a worker of its own with the model that tells faces apart. */
const startWorker = (assetBase: string): Promise<VisionProcess> =>
  new Promise((resolve, reject) => {
    const process: VisionProcess = new VisionProcess({
      base: new URL(assetBase, document.baseURI).href,
      createWorker: () =>
        new Worker(new URL('../vision/worker/vision.worker.ts', import.meta.url), {
          type: 'module',
        }),
      onState: (state, reason) => {
        if (state === 'ready') process.wantIdentity();
        if (state === 'failed') reject(new Error(reason));
      },
      onIdentityState: (state, reason) => {
        if (state === 'ready') resolve(process);
        if (state === 'failed') reject(new Error(reason));
      },
    });
    process.start();
  });

/**
 * Looks at pictures with the product's own worker instead of at a camera.
 * @param pictures files as base64. @param scale part of the picture's size at which it is looked at, 0..1.
 * @returns one capture for each picture.
 */
export const lookAtPictures = async (
  pictures: readonly string[],
  scale: number,
  assetBase: string,
): Promise<readonly FaceCapture[]> => {
  const process = await startWorker(assetBase);
  try {
    const captures: FaceCapture[] = [];
    for (const picture of pictures) {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(
        Math.max(1, Math.round(image.width * scale)),
        Math.max(1, Math.round(image.height * scale)),
      );
      canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
      const capture = await process.capture(new VideoFrame(canvas, { timestamp: 0 }));
      if (capture === null) throw new Error('the worker broke over a picture');
      captures.push({ ...capture, ageMs: 0 });
    }
    return captures;
  } finally {
    process.stop();
  }
};
