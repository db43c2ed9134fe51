import type { FrameBox } from '#renderer/vision/measure/picture-quality.ts';

/** The one with the largest box; null of none. */
export function largest<T>(all: readonly T[], boxOf: (one: T) => FrameBox): T | null {
  const area = (one: T) => boxOf(one).width * boxOf(one).height;
  return all.reduce<T | null>((a, b) => (a === null || area(b) > area(a) ? b : a), null);
}
