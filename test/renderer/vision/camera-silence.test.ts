import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CameraSilence } from '#renderer/vision/camera-silence.ts';

/** As `camera.ts` has it: silence of a camera of 10 frames a second. */
const SILENCE_MS = 700;

const checked = (...pauses: readonly number[]): number => {
  const silence = new CameraSilence(0);
  let now = 0;
  for (const pause of pauses) {
    now += pause;
    silence.check(now);
  }
  return silence.ms;
};
const times = (count: number, ms: number): readonly number[] => Array<number>(count).fill(ms);

describe('the silence of a camera', () => {
  test.each<[string, readonly number[], number]>([
    ['ten checks in time', times(10, 100), 1_000],
    ['checks that are a little late', times(10, 200), 2_000],
    ['one stall of the page', [...times(3, 100), 4_000, ...times(2, 100)], 500],
    ['a page that hardly runs at all', times(20, 400), 0],
    ['timers of a hidden page', times(10, 1_000), 0],
    ['a machine that slept', [100, 3_600_000, 100], 200],
  ])('is time in which the page ran: %s', (_, pauses, ms) => {
    expect(checked(...pauses)).toBe(ms);
  });

  test('ends with a frame, and begins with it', () => {
    const silence = new CameraSilence(0);
    for (let now = 100; now <= 900; now += 100) silence.check(now);
    silence.frame(950);
    expect(silence.ms).toBe(0);
    silence.check(1_000);
    expect(silence.ms).toBe(50);
  });

  test('is never long on a starved machine whose camera works, whatever comes first after a stall', () => {
    const turn = fc.record({
      stallMs: fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 9_000 })),
      frameFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 100 }), (turns) => {
        const silence = new CameraSilence(0);
        let now = 0;
        for (const { stallMs, frameFirst } of turns) {
          now += 100 + stallMs;
          // The camera never stopped: after each stall both its frame and the timer wait to be served.
          if (frameFirst) silence.frame(now);
          silence.check(now);
          expect(silence.ms).toBeLessThanOrEqual(SILENCE_MS);
          if (!frameFirst) silence.frame(now + 1);
        }
      }),
    );
  });
});
