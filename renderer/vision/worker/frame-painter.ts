import { LUMA_HEIGHT, LUMA_WIDTH, lumaOf, shrinkLuma } from '#renderer/vision/picture-quality.ts';

const STILL_WIDTH = 320;
const STILL_HEIGHT = 240;
const STILL_QUALITY = 0.7;

/** Formats that begin with a plane of luma, one byte a pixel: what cameras give. */
const LUMA_FIRST: ReadonlySet<string | null> = new Set(['I420', 'I420A', 'I422', 'I444', 'NV12']);

/** Turns camera frames into the small pictures that are measured or kept. */
export class FramePainter {
  readonly #luma = context(LUMA_WIDTH, LUMA_HEIGHT);
  readonly #still = context(STILL_WIDTH, STILL_HEIGHT);
  #copy = new Uint8Array(0);

  /** The frame's luma plane at 160x120. */
  async luma(frame: VideoFrame): Promise<Uint8Array> {
    if (LUMA_FIRST.has(frame.format)) return this.#ownLuma(frame);
    this.#luma.drawImage(frame, 0, 0, LUMA_WIDTH, LUMA_HEIGHT);
    return lumaOf(this.#luma.getImageData(0, 0, LUMA_WIDTH, LUMA_HEIGHT).data);
  }

  /** Reads the camera's own plane: four times quicker than drawing. */
  async #ownLuma(frame: VideoFrame): Promise<Uint8Array> {
    const size = frame.allocationSize();
    if (this.#copy.length !== size) this.#copy = new Uint8Array(size);
    const [plane] = await frame.copyTo(this.#copy);
    if (!plane) throw new Error('a frame without planes');
    return shrinkLuma({
      bytes: this.#copy,
      offset: plane.offset,
      stride: plane.stride,
      width: frame.visibleRect?.width ?? frame.codedWidth,
      height: frame.visibleRect?.height ?? frame.codedHeight,
      fullRange: frame.colorSpace.fullRange ?? false,
    });
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

function context(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const made = new OffscreenCanvas(width, height).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  });
  if (!made) throw new Error('no 2d canvas');
  made.imageSmoothingQuality = 'medium';
  return made;
}
