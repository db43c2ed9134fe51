import { describe, expect, it } from 'vitest';
import { CaptureClock } from '#renderer/vision/frame-source.ts';

describe('placing frames on the page clock', () => {
  it.each<[string, [number, number][], number[]]>([
    [
      'frames that come at once',
      [
        [0, 1_000],
        [100, 1_100],
        [200, 1_200],
      ],
      [1_000, 1_100, 1_200],
    ],
    [
      'a late frame was captured before it came',
      [
        [0, 1_000],
        [100, 1_180],
      ],
      [1_000, 1_100],
    ],
    [
      'the first one was late',
      [
        [0, 1_050],
        [100, 1_100],
        [200, 1_200],
      ],
      [1_050, 1_100, 1_200],
    ],
    [
      'the camera counts anew',
      [
        [90_000, 1_000],
        [0, 1_100],
        [100, 1_200],
      ],
      [1_000, 1_100, 1_200],
    ],
    [
      'the camera jumps ahead',
      [
        [0, 1_000],
        [90_000, 1_100],
      ],
      [1_000, 1_100],
    ],
  ])('%s', (_, frames, expected) => {
    const clock = new CaptureClock();
    for (const [i, [ms, arrived]] of frames.entries()) {
      expect(Math.abs(clock.captureTime(ms * 1_000, arrived) - (expected[i] ?? 0))).toBeLessThan(1);
    }
  });

  it('follows a camera whose clock runs slow', () => {
    const clock = new CaptureClock();
    for (let i = 0; i < 50_000; i++) {
      const arrived = 1_000 + i * 100;
      const captured = clock.captureTime(i * 99_950, arrived);
      expect(arrived - captured).toBeLessThan(1);
    }
  });
});
