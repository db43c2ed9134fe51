import type { RgbaPicture } from './picture-quality.ts';

/** Brightness alone, one number a pixel. */
export interface Grey {
  readonly luma: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** A picture's brightness. @param most its width at most, pixels; a wider one is shrunk, each pixel the mean of its block. */
export const greyOf = ({ data, width, height }: RgbaPicture, most: number): Grey => {
  const step = Math.max(1, width / most);
  const columns = Math.max(1, Math.floor(width / step));
  const rows = Math.max(1, Math.floor(height / step));
  const luma = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const top = Math.floor(row * step);
    const bottom = Math.max(top + 1, Math.floor((row + 1) * step));
    for (let column = 0; column < columns; column++) {
      const left = Math.floor(column * step);
      const right = Math.max(left + 1, Math.floor((column + 1) * step));
      let sum = 0;
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) {
          const p = (y * width + x) * 4;
          sum += 0.299 * (data[p] ?? 0) + 0.587 * (data[p + 1] ?? 0) + 0.114 * (data[p + 2] ?? 0);
        }
      luma[row * columns + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return { luma, width: columns, height: rows };
};

/** The value below which a share of them is. @param share 0..1. */
export const quantile = (values: Float32Array, share: number): number => {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};
