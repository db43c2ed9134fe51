import type { RgbaPicture } from './picture-quality.ts';

/**
 * How sharp a picture is: the variance of the Laplacian (each pixel against its four neighbours) of its
 * luma. 0 for a plain surface, some tens for a face out of focus, hundreds for a sharp one; it also grows
 * with contrast and with noise, so that it is to be compared with the same person before the same camera.
 */
export function sharpness({ data, width, height }: RgbaPicture): number {
  const luma = new Float32Array(width * height);
  for (let i = 0; i < luma.length; i++) {
    const p = i * 4;
    luma[i] = 0.299 * (data[p] ?? 0) + 0.587 * (data[p + 1] ?? 0) + 0.114 * (data[p + 2] ?? 0);
  }
  const at = (index: number) => luma[index] ?? 0;
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const edge = at(i - 1) + at(i + 1) + at(i - width) + at(i + width) - 4 * at(i);
      sum += edge;
      squares += edge * edge;
      count++;
    }
  }
  return count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2);
}
