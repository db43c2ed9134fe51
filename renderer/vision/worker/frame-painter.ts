/**
 * The longer side of the picture that is looked at. The models shrink what they get to 192 and 128
 * pixels themselves; this much shows them the same and is quicker to hand over than the frame.
 */
const LONGER_SIDE = 320;
const JPEG_QUALITY = 0.7;

/** Turns camera frames into small pictures of the same shape: 320x240 of a 4:3 camera. */
export class FramePainter {
  readonly #context = newContext();

  /** The frame's pixels, small. */
  pixels(frame: VideoFrame): ImageData {
    const { width, height } = this.#draw(frame);
    return this.#context.getImageData(0, 0, width, height);
  }

  /** The frame as a JPEG file, small. */
  async jpeg(frame: VideoFrame): Promise<Uint8Array<ArrayBuffer>> {
    const blob = await this.#draw(frame).convertToBlob({
      type: 'image/jpeg',
      quality: JPEG_QUALITY,
    });
    return new Uint8Array(await blob.arrayBuffer());
  }

  #draw(frame: VideoFrame): OffscreenCanvas {
    const { canvas } = this.#context;
    const scale = LONGER_SIDE / Math.max(frame.displayWidth, frame.displayHeight);
    const width = Math.max(1, Math.round(frame.displayWidth * scale));
    const height = Math.max(1, Math.round(frame.displayHeight * scale));
    // Setting a size clears the canvas, even the same one.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.#context.drawImage(frame, 0, 0, width, height);
    return canvas;
  }
}

function newContext(): OffscreenCanvasRenderingContext2D {
  const made = new OffscreenCanvas(LONGER_SIDE, LONGER_SIDE).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  });
  if (!made) throw new Error('no 2d canvas');
  return made;
}
