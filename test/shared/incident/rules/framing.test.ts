import { describe, expect, it } from 'vitest';
import { framingOf } from '#shared/incident/rules/picture.rule.ts';

const face = (x: number, y: number, width: number, height: number) => ({
  x,
  y,
  width,
  height,
  score: 0.9,
  yaw: 0,
});

describe('framing', () => {
  it.each([
    ['in the middle', face(0.35, 0.3, 0.3, 0.4), 'ok', 'ok'],
    ['at the left edge', face(0, 0.3, 0.3, 0.4), 'cut', 'cut'],
    ['just inside the left edge', face(0.01, 0.3, 0.3, 0.4), 'ok', 'cut'],
    ['just inside the bottom', face(0.3, 0.59, 0.3, 0.4), 'ok', 'cut'],
    ['clearly back inside', face(0.05, 0.3, 0.3, 0.4), 'ok', 'ok'],
    ['far away', face(0.4, 0.4, 0.08, 0.11), 'far', 'far'],
    ['almost near enough', face(0.4, 0.4, 0.1, 0.13), 'ok', 'far'],
    ['too near', face(0.2, 0.1, 0.6, 0.74), 'near', 'near'],
    ['almost far enough', face(0.2, 0.1, 0.6, 0.71), 'ok', 'near'],
  ])('%s', (_name, seen, coming, staying) => {
    expect(framingOf(seen)).toBe(coming);
    expect(framingOf(seen, true)).toBe(staying);
  });
});
