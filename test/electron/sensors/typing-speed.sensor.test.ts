import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { typingSpeedSensor } from '#electron/sensors/typing-speed.sensor.ts';
import { watchSensor } from '#test/electron/sensors/watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const seat = () => {
  const contents = new EventEmitter();
  let stalled = 0;
  const sensor = typingSpeedSensor(contents as never, () => performance.now() + stalled);
  const watched = watchSensor(sensor);
  const type = (count: number, gapMs: number, input: object = {}): void => {
    for (let i = 0; i < count; i += 1) {
      vi.advanceTimersByTime(gapMs);
      contents.emit('before-input-event', {}, { type: 'keyDown', isAutoRepeat: false, ...input });
      contents.emit('before-input-event', {}, { type: 'keyUp', isAutoRepeat: false });
    }
  };
  return {
    ...watched,
    sensor,
    contents,
    type,
    /** The program does nothing for so long, and its timers neither. */
    stall: (ms: number) => {
      stalled += ms;
    },
  };
};

/** A program whose clock goes on while it stands still itself: its timers come after the stall. */
const heaped = () => {
  vi.clearAllTimers();
  const contents = new EventEmitter();
  let ahead = 0;
  const sensor = typingSpeedSensor(contents as never, () => performance.now() + ahead);
  const watched = watchSensor(sensor);
  let nowMs = 0;
  return {
    ...watched,
    sensor,
    contents,
    clock: {
      /** Time goes on to `ms`, in jumps where the program stands still. */
      to: (ms: number, stalls: readonly (readonly [number, number])[]) => {
        for (const [start, end] of stalls) {
          if (end <= nowMs || end > ms) continue;
          const run = Math.max(0, start - nowMs);
          vi.advanceTimersByTime(run);
          ahead += end - Math.max(start, nowMs);
          nowMs = end;
        }
        if (ms > nowMs) vi.advanceTimersByTime(ms - nowMs);
        nowMs = Math.max(nowMs, ms);
      },
    },
  };
};

describe('typing speed sensor', () => {
  test('a device is stated for review, with its speed and no keys', () => {
    const { type, said } = seat();
    type(80, 8, { key: 'x' });
    expect(said).toEqual([
      {
        kind: 'outside-input',
        phase: 'happened',
        facts: { cause: 'typing-speed', keys: 25, gapMs: 8 },
      },
    ]);
  });

  test.each<[string, number, number, object]>([
    ['a hand', 300, 90, {}],
    ['a held key', 300, 8, { isAutoRepeat: true }],
  ])('%s is nothing', (_, count, gap, input) => {
    const { type, said } = seat();
    type(count, gap, input);
    expect(said).toEqual([]);
  });

  test('what a hand typed while the program stood still is nothing', () => {
    const { type, stall, said } = seat();
    type(20, 90);
    stall(4_000);
    type(40, 2);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(2_000);
    type(30, 8);
    expect(said).toHaveLength(1);
  });

  test('what a hand typed on a machine that stalls again and again is nothing, whatever the stalls', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 50, max: 200 }), { minLength: 80, maxLength: 200 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 30, max: 5_000 })), {
          maxLength: 40,
        }),
        fc.integer({ min: 1, max: 4 }),
        (pauses, stalls, apart) => {
          const { contents, said, sensor, clock } = heaped();
          let pressed = 0;
          const times = pauses.map((pause) => (pressed += pause));
          let from = 0;
          const asleep = stalls.map(([run, ms]) => {
            const start = from + run;
            from = start + ms;
            return [start, from] as const;
          });
          // What is pressed during a stall is heard after it, one after the other.
          let heardMs = 0;
          for (const at of times) {
            const stall = asleep.find(([start, end]) => at >= start && at < end);
            heardMs = Math.max(heardMs + apart, stall?.[1] ?? at);
            clock.to(heardMs, asleep);
            contents.emit('before-input-event', {}, { type: 'keyDown', isAutoRepeat: false });
          }
          sensor.stop();
          expect(said).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('stopped, it hears nothing', () => {
    const { type, sensor, said, contents } = seat();
    sensor.stop();
    sensor.stop();
    type(80, 8);
    expect(said).toEqual([]);
    expect(contents.listenerCount('before-input-event')).toBe(0);
  });
});
