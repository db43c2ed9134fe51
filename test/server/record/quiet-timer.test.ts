import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { quietTimer } from '#server/record/quiet-timer.ts';

let now = 0;
beforeEach(() => {
  now = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Time passes; with `heldUpMs` the loop is busy for so long when it is over. */
const pass = (ms: number, heldUpMs = 0): void => {
  now += ms + heldUpMs;
  vi.advanceTimersByTime(ms);
};

test('it runs once when nobody came for two seconds', () => {
  const run = vi.fn();
  const quiet = quietTimer(run);
  quiet.touch();
  pass(1_500);
  quiet.touch();
  pass(1_500);
  expect(run).not.toHaveBeenCalled();
  pass(500);
  expect(run).toHaveBeenCalledOnce();
  pass(10_000);
  expect(run).toHaveBeenCalledOnce();
});

test('a loop that was held up has not been quiet: it waits anew', () => {
  const run = vi.fn();
  quietTimer(run).touch();
  pass(2_000, 3_000);
  expect(run).not.toHaveBeenCalled();
  pass(2_000);
  expect(run).toHaveBeenCalledOnce();
});

test.each([
  ['somebody comes all the time', 0],
  ['it is held up all the time', 1_000],
])('after a minute it runs although %s', (_name, heldUpMs) => {
  const run = vi.fn();
  const quiet = quietTimer(run);
  quiet.touch();
  while (now < 57_000) {
    pass(2_000 - (heldUpMs === 0 ? 1_000 : 0), heldUpMs);
    if (heldUpMs === 0) quiet.touch();
  }
  expect(run).not.toHaveBeenCalled();
  pass(4_000);
  expect(run).toHaveBeenCalledOnce();
});
