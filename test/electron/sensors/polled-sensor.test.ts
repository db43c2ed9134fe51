import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { polledSensor, type Seen } from '#electron/sensors/polled-sensor.ts';
import type { Limits, Signal } from '#shared/ports/sensor.port.ts';

const EVERY = 2_000;
const CONFIRM = 1_000;
const TIMEOUT = 3_000;

const app = (key: string) => ({ kind: 'forbidden-app', key, facts: { program: key } }) as const;
const see = (...keys: string[]): Seen => ({ findings: keys.map(app) });

/** A sensor whose looks are the test's; `said` is what it stated, in words. */
const sensorOn = (looks: (signal: AbortSignal) => Promise<Seen>, confirmMs = 0) => {
  const said: string[] = [];
  const limits: Limits[] = [];
  let beats = 0;
  let nudge = (): void => undefined;
  let closed = 0;
  const sensor = polledSensor({
    id: 'test',
    watches: ['forbidden-app', 'remote-session'],
    everyMs: EVERY,
    timeoutMs: TIMEOUT,
    confirmMs,
    look: looks,
    open: (ask) => {
      nudge = ask;
      return () => {
        closed += 1;
      };
    },
  });
  const emit = ({ phase, facts, ageMs }: Signal): void => {
    said.push(
      `${phase} ${facts.program}${ageMs === undefined || ageMs < 1 ? '' : ` -${Math.round(ageMs)}`}`,
    );
  };
  const tell = { limited: (l: Limits) => limits.push(l), alive: () => (beats += 1) };
  sensor.start(emit, tell);
  return {
    sensor,
    said,
    limits,
    beats: () => beats,
    nudge: () => nudge(),
    closed: () => closed,
    again: () => sensor.start(emit, tell),
  };
};

/** Gives one answer a look, the last one again and again. */
const script = (...answers: Seen[]) => {
  let i = 0;
  const look = vi.fn(async () => answers[Math.min(i++, answers.length - 1)] ?? see());
  return look;
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what a set of findings becomes', () => {
  const cases: [string, Seen[], string[]][] = [
    ['nothing', [see()], []],
    ['what is there at the start', [see('a')], ['began a']],
    ['what stays', [see('a'), see('a'), see('a')], ['began a']],
    ['what goes', [see('a'), see()], ['began a', 'ended a']],
    ['what comes back', [see('a'), see(), see('a')], ['began a', 'ended a', 'began a']],
    ['another beside it', [see('a'), see('a', 'b')], ['began a', 'happened b']],
    ['two at once', [see('a', 'b')], ['began a', 'happened b']],
    ['one of two goes', [see('a', 'b'), see('b'), see()], ['began a', 'happened b', 'ended b']],
    [
      'one in the place of another',
      [see('a'), see('b'), see()],
      ['began a', 'happened b', 'ended b'],
    ],
  ];
  it.each(cases)('%s', async (_, answers, expected) => {
    const { said } = sensorOn(script(...answers));
    await vi.advanceTimersByTimeAsync(EVERY * answers.length);
    expect(said).toEqual(expected);
  });
});

describe('a second look confirms', () => {
  const cases: [string, Seen[], string[]][] = [
    ['what was there for one look only is not stated', [see('a'), see()], []],
    ['what is there again is dated back', [see(), see('a'), see('a')], ['began a -1000']],
    [
      'a listing that misses it once ends nothing',
      [see('a'), see('a'), see(), see('a')],
      ['began a -1000'],
    ],
    [
      'an end is dated back too',
      [see('a'), see('a'), see(), see()],
      ['began a -1000', 'ended a -1000'],
    ],
    [
      'the doubt about one leaves the other alone',
      [see('a'), see('a'), see('a', 'b'), see('a', 'b')],
      ['began a -1000', 'happened b -1000'],
    ],
  ];
  it.each(cases)('%s', async (_, answers, expected) => {
    const { said } = sensorOn(script(...answers), CONFIRM);
    await vi.advanceTimersByTimeAsync(EVERY * (answers.length + 1));
    expect(said).toEqual(expected);
  });
});

describe('what the system says to be older', () => {
  const aged = (key: string, ageMs: number): Seen => ({ findings: [{ ...app(key), ageMs }] });
  const cases: [string, Seen[], string[]][] = [
    ['needs no second look', [see(), aged('a', 1_500)], ['began a -1500']],
    ['is never older than the look before', [see(), aged('a', 99_000)], ['began a -2000']],
    ['began with the sensor at the earliest', [aged('a', 99_000)], ['began a']],
    ['needs one while it is young', [see(), aged('a', 300), see()], []],
    ['is dated back by all of it', [see(), aged('a', 300), aged('a', 1_300)], ['began a -1300']],
  ];
  it.each(cases)('%s', async (_, answers, expected) => {
    const { said } = sensorOn(script(...answers), CONFIRM);
    await vi.advanceTimersByTimeAsync(EVERY * (answers.length - 1) + 100);
    expect(said).toEqual(expected);
  });
});

describe('looks', () => {
  it('are never two at once, and one that hangs is abandoned and unheard', async () => {
    const signals: AbortSignal[] = [];
    let answer = (_: Seen): void => undefined;
    const { said, beats } = sensorOn((signal) => {
      signals.push(signal);
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    await vi.advanceTimersByTimeAsync(TIMEOUT * 10);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    answer(see('late'));
    await vi.advanceTimersByTimeAsync(EVERY);
    expect(said).toEqual([]);
    expect(beats()).toBe(0);
    expect(signals).toHaveLength(2);
  });

  it('that fail give no beat and change nothing; the next is heard', async () => {
    let n = 0;
    const { said, beats } = sensorOn(() => {
      n += 1;
      if (n === 2) throw new Error('thrown at once');
      return n === 3 ? Promise.reject(new Error('rejected')) : Promise.resolve(see('a'));
    });
    await vi.advanceTimersByTimeAsync(EVERY * 3);
    expect({ said, beats: beats() }).toEqual({ said: ['began a'], beats: 2 });
  });

  it('come at once when nudged, but not in swarms', async () => {
    const look = script(see());
    const { nudge } = sensorOn(look);
    await vi.advanceTimersByTimeAsync(1_000);
    for (let i = 0; i < 20; i++) nudge();
    await vi.advanceTimersByTimeAsync(0);
    expect(look).toHaveBeenCalledTimes(2);
    for (let i = 0; i < 20; i++) nudge();
    await vi.advanceTimersByTimeAsync(200);
    expect(look).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(look).toHaveBeenCalledTimes(3);
  });

  it('end with stop; a new start states anew', async () => {
    const look = script(see('a'));
    const { sensor, said, again, closed, nudge } = sensorOn(look);
    await vi.advanceTimersByTimeAsync(0);
    again();
    sensor.stop();
    sensor.stop();
    nudge();
    await vi.advanceTimersByTimeAsync(EVERY * 3);
    expect(look).toHaveBeenCalledTimes(1);
    expect(closed()).toBe(1);
    again();
    await vi.advanceTimersByTimeAsync(0);
    expect(said).toEqual(['began a', 'began a']);
  });

  it('tell limits when they change', async () => {
    const limit = { 'forbidden-app': { reason: 'wayland', partly: true } } as const;
    const { limits } = sensorOn(
      script(see(), { findings: [], limits: limit }, { findings: [], limits: limit }, see()),
    );
    await vi.advanceTimersByTimeAsync(EVERY * 4);
    expect(limits).toEqual([limit, {}]);
  });
});
