/**
 * YUV4MPEG2, the one format whose frame rate Chromium's fake camera honours. Sizes are even and
 * the planes 4:2:0; odd sizes and 4:4:4 give a black picture or no camera.
 */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

const FRAME_MARK = new TextEncoder().encode('FRAME\n');

/** The file's first line. @param fps frames per second, whole. */
export function y4mHeader(size: FrameSize, fps: number): Uint8Array {
  return new TextEncoder().encode(
    `YUV4MPEG2 W${size.width} H${size.height} F${fps}:1 Ip A1:1 C420jpeg\n`,
  );
}

/** One frame of the file: mark, Y, U, V. */
export function y4mFrame(i420: Uint8Array): Uint8Array {
  const out = new Uint8Array(FRAME_MARK.length + i420.length);
  out.set(FRAME_MARK);
  out.set(i420, FRAME_MARK.length);
  return out;
}

/**
 * RGB (three bytes a pixel) to planar 4:2:0 in the BT.601 video range (16..235), which is what the
 * browser takes a file without further notice to be.
 */
export function rgbToI420(rgb: Uint8Array, size: FrameSize): Uint8Array {
  const { width, height } = size;
  const pixels = width * height;
  const out = new Uint8Array((pixels * 3) / 2);
  for (let i = 0, p = 0; i < pixels; i++, p += 3) {
    out[i] = 16 + ((66 * at(rgb, p) + 129 * at(rgb, p + 1) + 25 * at(rgb, p + 2) + 128) >> 8);
  }
  let u = pixels;
  let v = pixels + pixels / 4;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const p = (y * width + x) * 3;
      const q = p + width * 3;
      const r = at(rgb, p) + at(rgb, p + 3) + at(rgb, q) + at(rgb, q + 3);
      const g = at(rgb, p + 1) + at(rgb, p + 4) + at(rgb, q + 1) + at(rgb, q + 4);
      const b = at(rgb, p + 2) + at(rgb, p + 5) + at(rgb, q + 2) + at(rgb, q + 5);
      out[u++] = 128 + ((-38 * r - 74 * g + 112 * b + 512) >> 10);
      out[v++] = 128 + ((112 * r - 94 * g - 18 * b + 512) >> 10);
    }
  }
  return out;
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
