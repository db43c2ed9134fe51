import { EventEmitter } from 'node:events';
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

  test('stopped, it hears nothing', () => {
    const { type, sensor, said, contents } = seat();
    sensor.stop();
    sensor.stop();
    type(80, 8);
    expect(said).toEqual([]);
    expect(contents.listenerCount('before-input-event')).toBe(0);
  });
});
