import { LUMA_HEIGHT, LUMA_WIDTH, lumaOf } from '#renderer/vision/picture-quality.ts';

const STILL_WIDTH = 320;
const STILL_HEIGHT = 240;
const STILL_QUALITY = 0.7;

/** Turns camera frames into the small pictures that are measured or kept. */
export class FramePainter {
  readonly #luma = context(LUMA_WIDTH, LUMA_HEIGHT, true);
  readonly #still = context(STILL_WIDTH, STILL_HEIGHT, true);

  /** The frame's luma plane at 160x120. */
  luma(frame: VideoFrame): Uint8Array {
    this.#luma.drawImage(frame, 0, 0, LUMA_WIDTH, LUMA_HEIGHT);
    return lumaOf(this.#luma.getImageData(0, 0, LUMA_WIDTH, LUMA_HEIGHT).data);
  }

  /** The frame as a JPEG file of 320x240. */
  async jpeg(frame: VideoFrame): Promise<Uint8Array<ArrayBuffer>> {
    this.#still.drawImage(frame, 0, 0, STILL_WIDTH, STILL_HEIGHT);
    const blob = await this.#still.canvas.convertToBlob({
      type: 'image/jpeg',
      quality: STILL_QUALITY,
    });
    return new Uint8Array(await blob.arrayBuffer());
  }
}

function context(width: number, height: number, readBack: boolean) {
  const made = new OffscreenCanvas(width, height).getContext('2d', {
    alpha: false,
    willReadFrequently: readBack,
  });
  if (!made) throw new Error('no 2d canvas');
  // Averages over the pixels left out, so that a sensor's noise does not hide a covered lens.
  made.imageSmoothingQuality = 'medium';
  return made;
}
