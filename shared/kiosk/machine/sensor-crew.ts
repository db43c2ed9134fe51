import type { CoverageByKind } from '#shared/incident/coverage.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { presentCoverage } from './machine-coverage.ts';
import { createTogether } from './together.ts';

/** The host's sensors at work, each kept alive. What a broken sensor says never counts against the examinee. */
export interface SensorCrew {
  /** Idempotent. */
  start(emit: (signal: Signal) => void): void;
  stop(): void;
  /** Lets the sensors say what they hold back: the exam stops. */
  lastWord(): void;
  /**
   * Lets the sensors run for `ms` without anybody listening, so that they say what they cannot do here. Nothing
   * while they are at work; ends at once when `start` or `stop` is called.
   */
  rehearse(ms: number): Promise<void>;
  /** What the host does about each kind, with the sensors as they are now. */
  coverage(): CoverageByKind;
  /** What the sensors find before the exam. One that does not answer has no line; the coverage shows it. */
  checks(): Promise<readonly Requirement[]>;
}

/** How often silence is looked for, ms. */
const LOOK_MS = 1_000;
/** A sensor that promised a beat and missed three hangs. */
const MISSED_BEATS = 3;
/** A held key repeats some 30 times a second; more than this many facts in a second are a fault, not a person. */
const FLOOD_PER_SECOND = 60;
/** Between a failure and the next start, ms: doubled at each failure, up to the last. */
const RESTART_MS = { first: 1_000, last: 60_000 } as const;
/** A sensor that worked for so long since its start is well again, ms. */
const WELL_AFTER_MS = 10_000;
/** A check before the exam that takes longer is given up, ms. */
const CHECK_MS = 8_000;

interface Post {
  readonly sensor: Sensor;
  /** Counts its starts, so that what an earlier start says late is not heard. */
  start: number;
  running: boolean;
  startedMs: number;
  aliveMs: number;
  failures: number;
  /** Failed, and not yet well again. */
  ill: boolean;
  limits: Limits;
  second: { from: number; facts: number };
}

/**
 * Puts the sensors under watch: one that throws, falls silent or floods is stopped, what it said to be
 * lasting ends, and it is started again after a while; meanwhile its kinds are shown as not watched.
 * @param onChange called when the coverage may have changed.
 */
export const createSensorCrew = (
  deps: Pick<EngineDeps, 'sensors' | 'scheduler' | 'clock' | 'capabilities' | 'log'>,
  onChange: () => void,
): SensorCrew => {
  const now = (): number => deps.clock.monotonicMs();
  const together = createTogether<Sensor>();
  let emit: ((signal: Signal) => void) | null = null;
  let stopLooking = (): void => undefined;
  let endRehearsal: (() => void) | null = null;
  let lookedMs = 0;
  const posts = deps.sensors.map(
    (sensor): Post => ({
      sensor,
      start: 0,
      running: false,
      startedMs: 0,
      aliveMs: 0,
      failures: 0,
      ill: false,
      limits: {},
      second: { from: 0, facts: 0 },
    }),
  );

  const pass = ({ sensor }: Post, signal: Signal): void => {
    const said = together.say(sensor, signal);
    if (said !== null) emit?.(said);
  };

  const halt = (post: Post): void => {
    post.running = false;
    post.start += 1;
    try {
      post.sensor.stop();
    } catch (failure) {
      deps.log('warn', 'sensor not stopped', { sensor: post.sensor.id, detail: String(failure) });
    }
  };

  const fail = (post: Post, why: string): void => {
    const { sensor } = post;
    halt(post);
    for (const kind of sensor.watches) {
      pass(post, { kind, phase: 'ended', facts: { sensorFailed: true } });
    }
    post.ill = true;
    post.failures += 1;
    const waitMs = Math.min(RESTART_MS.first * 2 ** (post.failures - 1), RESTART_MS.last);
    deps.log('warn', 'sensor failed', { sensor: sensor.id, why, waitMs });
    const { start } = post;
    deps.scheduler.after(waitMs, () => {
      if (emit !== null && post.start === start) begin(post);
    });
    onChange();
  };

  const flooded = ({ second }: Post): boolean => {
    if (now() - second.from >= 1_000) {
      second.from = now();
      second.facts = 0;
    }
    second.facts += 1;
    return second.facts > FLOOD_PER_SECOND;
  };

  const begin = (post: Post): void => {
    const { sensor } = post;
    post.start += 1;
    const { start } = post;
    const current = (): boolean => post.start === start;
    post.running = true;
    post.startedMs = now();
    post.aliveMs = now();
    try {
      sensor.start(
        (signal) => {
          if (!current()) return;
          if (flooded(post)) fail(post, 'flood');
          else pass(post, signal);
        },
        {
          alive: () => {
            if (current()) post.aliveMs = now();
          },
          limited: (limits) => {
            if (!current()) return;
            post.limits = limits;
            onChange();
          },
        },
      );
    } catch (failure) {
      if (current()) fail(post, String(failure));
    }
  };

  const look = (): void => {
    // After a sleep every sensor is silent; that is nobody's fault.
    const slept = now() - lookedMs > 3 * LOOK_MS;
    lookedMs = now();
    for (const post of posts) {
      if (!post.running) continue;
      if (slept) {
        post.aliveMs = now();
        post.startedMs = now();
      }
      const { beatMs } = post.sensor;
      if (beatMs !== undefined && now() - post.aliveMs > MISSED_BEATS * beatMs) {
        fail(post, 'silent');
      } else if (post.failures > 0 && now() - post.startedMs >= WELL_AFTER_MS) {
        post.failures = 0;
        post.ill = false;
        onChange();
      }
    }
  };

  const limitsOf = ({ ill, limits, sensor }: Post): Limits =>
    ill
      ? Object.fromEntries(
          sensor.watches.map((kind) => [kind, { reason: 'sensor-failed', partly: false }]),
        )
      : limits;

  const checkOf = (sensor: Sensor): Promise<readonly Requirement[]> =>
    new Promise((resolve) => {
      const cancel = deps.scheduler.after(CHECK_MS, () => {
        deps.log('warn', 'sensor check takes too long', { sensor: sensor.id });
        resolve([]);
      });
      Promise.resolve(sensor.check?.())
        .then((line) => resolve(line === undefined ? [] : [line]))
        .catch((failure: unknown) => {
          deps.log('warn', 'sensor check failed', { sensor: sensor.id, detail: String(failure) });
          resolve([]);
        })
        .finally(cancel);
    });

  return {
    start: (listener) => {
      if (emit !== null) return;
      endRehearsal?.();
      emit = listener;
      lookedMs = now();
      stopLooking = deps.scheduler.every(LOOK_MS, look);
      for (const post of posts) begin(post);
    },
    rehearse: (ms) =>
      new Promise((resolve) => {
        if (emit !== null || endRehearsal !== null) return resolve();
        const end = (): void => {
          cancel();
          endRehearsal = null;
          for (const post of posts) halt(post);
          together.forget();
          resolve();
        };
        const cancel = deps.scheduler.after(ms, end);
        endRehearsal = end;
        for (const post of posts) begin(post);
      }),
    stop: () => {
      endRehearsal?.();
      emit = null;
      stopLooking();
      together.forget();
      for (const post of posts) halt(post);
    },
    lastWord: () => {
      for (const post of posts.filter(({ running }) => running)) {
        try {
          post.sensor.lastWord?.();
        } catch (failure) {
          fail(post, String(failure));
        }
      }
    },
    coverage: () => presentCoverage(deps.capabilities.coverage, deps.sensors, posts.map(limitsOf)),
    checks: async () => (await Promise.all(deps.sensors.map(checkOf))).flat(),
  };
};
