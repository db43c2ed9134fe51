import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import {
  INITIAL_REPEATS,
  REPEATS_LIMITS,
  type Repeats,
  withPicture,
} from '#shared/incident/rules/synthetic-picture.rule.ts';

type Luma = NonNullable<CameraSample['luma']>;
const LUMA: Luma = { mean: 110, std: 52, flatFraction: 0.3, faceMean: 120, difference: 1.6 };

const sample = (luma: Partial<Luma>, status: CameraSample['status'] = 'ok'): CameraSample => ({
  ageMs: 20,
  status,
  faces: [],
  luma: status === 'ok' ? { ...LUMA, ...luma } : null,
});

/** Frame `n` of a film at 10 a second: numbers that no other frame has. */
const frame = (n: number): Partial<Luma> => ({ mean: 110 + n / 19_200, std: 52 + Math.sin(n) });

/** Looks at uneven times, as the watch does, for so many seconds. */
const watch = (seconds: number, film: (t: number) => CameraSample, everyMs = 400): Repeats[] => {
  const states: Repeats[] = [];
  let state = INITIAL_REPEATS;
  for (let t = 0, i = 0; t < seconds * 1_000; t += everyMs * (0.85 + (i % 7) * 0.05), i += 1) {
    state = withPicture(state, film(Math.round(t)), Math.round(t));
    states.push(state);
  }
  return states;
};
const ever = (states: readonly Repeats[]): boolean => states.some(({ on }) => on);

const loop = (seconds: number) => (t: number) =>
  sample(frame(Math.floor(t / 100) % (seconds * 10)));
const live = (t: number) => sample(frame(Math.floor(t / 100)));

describe('frames that come again', () => {
  it.each<readonly [string, number, (t: number) => CameraSample, boolean]>([
    ['a live camera', 3_600, live, false],
    ['a clip of 5 s in a loop', 240, loop(5), true],
    ['a clip of 30 s in a loop', 240, loop(30), true],
    ['a clip of a minute in a loop', 300, loop(60), true],
    ['a clip of ten minutes is not found', 1_800, loop(600), false],
    ['nothing is said in the first minutes', 170, loop(5), false],
    [
      'one frame that stays is another rule’s',
      600,
      () => sample({ ...frame(1), difference: 0 }),
      false,
    ],
    ['a covered lens', 600, () => sample({ mean: 12, std: 2, flatFraction: 1 }), false],
    ['the dark', 600, () => sample({ mean: 16, std: 6, flatFraction: 0.8 }), false],
    ['a camera that is off', 600, () => sample({}, 'ended'), false],
    [
      'a driver that gives each frame out for a second',
      900,
      (t) => sample(frame(Math.floor(t / 1_000))),
      false,
    ],
    [
      'a live camera that froze in between',
      900,
      (t) => (t % 300_000 < 60_000 ? sample({ ...frame(1), difference: 0 }) : live(t)),
      false,
    ],
  ])('%s', (_, seconds, film, on) => {
    expect(ever(watch(seconds, film))).toBe(on);
  });

  it('are over when the camera lives', () => {
    const states = watch(480, (t) => (t < 240_000 ? loop(5)(t) : live(t)));
    expect(ever(states)).toBe(true);
    expect(states.at(-1)?.on).toBe(false);
  });

  it('that are chance are none: numbers of few pixels coincide now and then', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const random = (t: number) => {
          const x = Math.sin(t * 12.9898 + seed) * 43_758.5453;
          return x - Math.floor(x);
        };
        // Far fewer different frames than a sensor has: every tenth look meets an old one.
        const film = (t: number) => sample({ mean: 110 + Math.floor(random(t) * 4_000) / 19_200 });
        expect(ever(watch(600, film))).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  it('are remembered in bounded space', () => {
    const states = watch(600, live, 100);
    for (const { prints } of states) expect(prints.length).toBeLessThanOrEqual(REPEATS_LIMITS.most);
  });
});
