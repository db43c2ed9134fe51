import type { Descriptor } from '#shared/identity/face-capture.ts';

/** Makes the 128 numbers of an aligned face: a picture of 150x150 (`face-alignment.ts`). */
export type FaceDescriber = (picture: ImageData) => Promise<Descriptor>;

/**
 * Loads the model of descriptors and its runtime, and warms it up. The code is a part of the bundle that
 * nobody loads before it is wanted.
 *
 * @param base absolute address of the vision files, ending in a slash.
 * @throws Error when a file is missing or broken, or the runtime does not start.
 */
export async function loadFaceDescriber(base: string): Promise<FaceDescriber> {
  const { startFaceNet } = await import('#renderer/vision/worker/face-net.ts');
  return startFaceNet(base);
}
