import { ALIGNED_SIDE, type Similarity } from '#renderer/vision/measure/face-alignment.ts';
import type { StillSize } from './vision-messages.ts';

/**
 * The longer side of the picture that is looked at. The models shrink what they get to 192 and 128
 * pixels themselves; this much shows them the same and is quicker to hand over than the frame.
 */
const LONGER_SIDE = 320;
const JPEG_QUALITY: Readonly<Record<StillSize, number>> = { small: 0.7, whole: 0.85 };

/** Turns camera frames into small pictures of the same shape: 320x240 of a 4:3 camera. */
export class FramePainter {
  readonly #context = newContext(LONGER_SIDE);
  /** Made when they are first needed: a room without identity checks never does. */
  #whole: OffscreenCanvasRenderingContext2D | undefined;
  #aligned: OffscreenCanvasRenderingContext2D | undefined;

  /** The frame's pixels, small. */
  pixels(frame: VideoFrame): ImageData {
    const { width, height } = draw(this.#context, frame, LONGER_SIDE);
    return this.#context.getImageData(0, 0, width, height);
  }

  /** A face of the frame, turned and scaled to 150x150 out of the frame's own pixels. */
  aligned(frame: VideoFrame, { a, b, dx, dy }: Similarity): ImageData {
    this.#aligned ??= newContext(ALIGNED_SIDE);
    const context = this.#aligned;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillRect(0, 0, ALIGNED_SIDE, ALIGNED_SIDE);
    context.imageSmoothingQuality = 'high';
    context.setTransform(a, b, -b, a, dx, dy);
    context.drawImage(frame, 0, 0, frame.displayWidth, frame.displayHeight);
    return context.getImageData(0, 0, ALIGNED_SIDE, ALIGNED_SIDE);
  }

  /** The frame as a JPEG file. */
  async jpeg(frame: VideoFrame, size: StillSize): Promise<Uint8Array<ArrayBuffer>> {
    const blob = await this.#picture(frame, size).convertToBlob({
      type: 'image/jpeg',
      quality: JPEG_QUALITY[size],
    });
    return new Uint8Array(await blob.arrayBuffer());
  }

  #picture(frame: VideoFrame, size: StillSize): OffscreenCanvas {
    if (size === 'small') return draw(this.#context, frame, LONGER_SIDE);
    const longerSide = Math.max(frame.displayWidth, frame.displayHeight);
    this.#whole ??= newContext(longerSide);
    return draw(this.#whole, frame, longerSide);
  }
}

function draw(
  context: OffscreenCanvasRenderingContext2D,
  frame: VideoFrame,
  longerSide: number,
): OffscreenCanvas {
  const { canvas } = context;
  const scale = longerSide / Math.max(frame.displayWidth, frame.displayHeight);
  const width = Math.max(1, Math.round(frame.displayWidth * scale));
  const height = Math.max(1, Math.round(frame.displayHeight * scale));
  // Setting a size clears the canvas, even the same one.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.drawImage(frame, 0, 0, width, height);
  return canvas;
}

function newContext(side: number): OffscreenCanvasRenderingContext2D {
  const made = new OffscreenCanvas(side, side).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  });
  if (!made) throw new Error('no 2d canvas');
  return made;
}
