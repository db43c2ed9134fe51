import type { Page } from '@playwright/test';
import type { BenchRow } from '#test/bench/bench-row.ts';
import { VisionPage } from '#test/support/vision-page.ts';

const CALM_MS = 20_000;
const ALERT_MS = 8_000;
const STILLS = 12;
const GOAL_RATIO = 1.3;

/**
 * Measures the camera watch in a real browser on the browser's fake camera: looks against the bare
 * detector call at the same time on the same frames, stills, delay and main-thread tasks.
 */
export async function run(): Promise<BenchRow[]> {
  const vision = await VisionPage.open('person');
  try {
    const page = await vision.watch();
    await page.evaluate(async () => {
      const { stream } = window.vision.watch;
      if (!stream) throw new Error('no camera');
      const bare = window.vision.bare();
      Object.assign(window, { bare });
      await bare.start(stream, 500);
    });
    // Past the first slow looks and the quick pace of a start.
    await page.waitForTimeout(4_000);
    const calm = await measure(page, CALM_MS);
    const stills = await timeStills(page);
    await vision.show('nobody');
    await page.waitForTimeout(2_000);
    const alert = await measure(page, ALERT_MS);
    const longest = await page.evaluate(() => Math.max(0, ...window.vision.longTasks));

    const bare = median(calm.bare);
    const against = (value: number, baseline: number) => round(value / baseline);
    const calmRatio = against(median(calm.looks), bare);
    return [
      { name: 'vision: bare detector call, 640x480', value: round(bare), unit: 'ms' },
      {
        name: 'vision: look at a calm picture, median',
        value: round(median(calm.looks)),
        unit: 'ms',
        ratio: calmRatio,
        goal: `at most ${GOAL_RATIO} x the bare call`,
        ok: calmRatio <= GOAL_RATIO,
      },
      {
        name: 'vision: look at a calm picture, mean with every fifth look by both models',
        value: round(mean(calm.looks)),
        unit: 'ms',
        ratio: against(mean(calm.looks), mean(calm.bare)),
      },
      {
        name: 'vision: look at an empty room, median',
        value: round(median(alert.looks)),
        unit: 'ms',
        ratio: against(median(alert.looks), median(alert.bare)),
      },
      { name: 'vision: looks per second, calm', value: rate(calm.looks, CALM_MS), unit: '1/s' },
      { name: 'vision: looks per second, alert', value: rate(alert.looks, ALERT_MS), unit: '1/s' },
      { name: 'vision: frame to sample, p95', value: round(percentile(calm.ages, 95)), unit: 'ms' },
      { name: 'vision: still in the worker, median', value: round(stills.workerMs), unit: 'ms' },
      {
        name: 'vision: still with the wait for the next frame, median',
        value: round(stills.ms),
        unit: 'ms',
      },
      { name: 'vision: size of a still', value: stills.bytes, unit: 'bytes' },
      {
        name: 'vision: longest task over 50 ms of the main thread',
        value: round(longest),
        unit: 'ms',
        goal: 'none',
        ok: longest === 0,
      },
    ];
  } finally {
    await vision.close();
  }
}

interface Measured {
  readonly looks: number[];
  readonly bare: number[];
  readonly ages: number[];
}

function measure(page: Page, ms: number): Promise<Measured> {
  return page.evaluate(async (duration) => {
    const { lookMs, samples } = window.vision;
    const bare: unknown = Reflect.get(window, 'bare');
    const calls =
      typeof bare === 'object' && bare !== null && 'calls' in bare && Array.isArray(bare.calls)
        ? bare.calls
        : [];
    const from = [lookMs.length, calls.length, samples.length] as const;
    await new Promise((resolve) => setTimeout(resolve, duration));
    return {
      looks: lookMs.slice(from[0]),
      bare: calls.slice(from[1]),
      ages: samples.slice(from[2]).map(({ sample }) => sample.ageMs),
    };
  }, ms);
}

async function timeStills(page: Page): Promise<{ ms: number; workerMs: number; bytes: number }> {
  const stills = await page.evaluate(async (count) => {
    const made: { ms: number; bytes: number }[] = [];
    for (let i = 0; i < count; i++) {
      const started = performance.now();
      const jpeg = await window.vision.watch.still();
      made.push({ ms: performance.now() - started, bytes: jpeg?.length ?? 0 });
    }
    return made;
  }, STILLS);
  return {
    workerMs: median(await page.evaluate(() => window.vision.stillMs)),
    ms: median(stills.map(({ ms }) => ms)),
    bytes: median(stills.map(({ bytes }) => bytes)),
  };
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100));
  return sorted[index] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return percentile(values, 50);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rate(values: readonly number[], ms: number): number {
  return round((values.length * 1_000) / ms);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

if (import.meta.main) {
  const rows = await run();
  console.table(rows);
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
}
