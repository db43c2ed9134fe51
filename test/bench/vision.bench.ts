import type { Page } from '@playwright/test';
import type { BenchRow } from '#test/bench/bench-row.ts';
import { VisionPage } from '#test/support/vision-page.ts';

const CALM_MS = 20_000;
const ALERT_MS = 8_000;
const STILLS = 12;
const GOAL_RATIO = 1.3;

/**
 * Measures the camera watch in a real browser on the browser's fake camera. Looks are compared with
 * a bare detector that gets whole frames in a worker of its own, half-way between two looks, after
 * as long an idle time. The goal is judged by the two threads' processor time where it is to be had:
 * time on the clock says little while other programs run.
 */
export async function run(): Promise<BenchRow[]> {
  const vision = await VisionPage.open('person', false, { asUsed: true });
  try {
    const page = await vision.watch();
    const watchThreads = new Set(vision.workerCpuMs()?.keys());
    await page.evaluate(() => window.vision.compare());
    // Past the first slow looks and the quick pace of a start.
    await page.waitForTimeout(6_000);
    const before = vision.workerCpuMs();
    const calm = await measure(page, CALM_MS);
    const cpu = cpuPerLook(before, vision.workerCpuMs(), watchThreads, calm.looks.length);
    const stills = await timeStills(page);
    await vision.show('nobody');
    await page.evaluate(() => {
      window.vision.bareAfterMs = 50;
    });
    await page.waitForTimeout(2_000);
    const alert = await measure(page, ALERT_MS);
    const longest = await page.evaluate(() => Math.max(0, ...window.vision.longTasks));

    const goal = `at most ${GOAL_RATIO} x the bare call`;
    const clockRatio = round(median(calm.looks) / median(calm.bare));
    const cpuRatio = cpu && round(cpu.watch / cpu.bare);
    return [
      row('bare detector call, 640x480, median', median(calm.bare), 'ms'),
      {
        ...row('look at a calm picture, median', median(calm.looks), 'ms'),
        ratio: clockRatio,
        ...(cpu ? {} : { goal, ok: clockRatio <= GOAL_RATIO }),
      },
      {
        ...row('look at a calm picture, mean with second opinions', mean(calm.looks), 'ms'),
        ratio: round(mean(calm.looks) / mean(calm.bare)),
      },
      ...(cpu && cpuRatio
        ? [
            row('bare detector, processor time per call', cpu.bare, 'ms'),
            {
              ...row('watch, processor time per look with all that belongs to it', cpu.watch, 'ms'),
              ratio: cpuRatio,
              goal,
              ok: cpuRatio <= GOAL_RATIO,
            },
          ]
        : []),
      {
        ...row('look at an empty room, median', median(alert.looks), 'ms'),
        ratio: round(median(alert.looks) / median(alert.bare)),
      },
      row('looks per second, calm', (calm.looks.length * 1_000) / CALM_MS, '1/s'),
      row('looks per second, alert', (alert.looks.length * 1_000) / ALERT_MS, '1/s'),
      row('frame to sample, p95', percentile(calm.ages, 95), 'ms'),
      row('still in the worker, median', stills.workerMs, 'ms'),
      row('still with the wait for the next frame, median', stills.ms, 'ms'),
      row('size of a still', stills.bytes, 'bytes'),
      {
        ...row('longest task over 50 ms of the main thread', longest, 'ms'),
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

async function measure(page: Page, ms: number): Promise<Measured> {
  const { looks, ages } = await page.evaluate(async (duration) => {
    const from = [window.vision.looks.length, window.vision.samples.length] as const;
    await new Promise((resolve) => setTimeout(resolve, duration));
    return {
      looks: window.vision.looks.slice(from[0]),
      ages: window.vision.samples.slice(from[1]).map(({ sample }) => sample.ageMs),
    };
  }, ms);
  return {
    looks: looks.map(({ lookMs }) => lookMs),
    bare: looks.flatMap(({ bareMs }) => (bareMs === null ? [] : [bareMs])),
    ages,
  };
}

/** The bare detector is called once after each look; threads that both lists know are compared. */
function cpuPerLook(
  before: ReadonlyMap<string, number> | null,
  after: ReadonlyMap<string, number> | null,
  watchThreads: ReadonlySet<string>,
  looks: number,
): { watch: number; bare: number } | null {
  if (!before || !after) return null;
  const spent = { watch: 0, bare: 0 };
  for (const [thread, ms] of after) {
    spent[watchThreads.has(thread) ? 'watch' : 'bare'] += ms - (before.get(thread) ?? ms);
  }
  if (spent.watch === 0 || spent.bare === 0) return null;
  return { watch: spent.watch / looks, bare: spent.bare / looks };
}

async function timeStills(page: Page): Promise<{ ms: number; workerMs: number; bytes: number }> {
  const { stills, workerMs } = await page.evaluate(async (count) => {
    const made: { ms: number; bytes: number }[] = [];
    for (let i = 0; i < count; i++) {
      const started = performance.now();
      const jpeg = await window.vision.watch.still();
      made.push({ ms: performance.now() - started, bytes: jpeg?.length ?? 0 });
    }
    return { stills: made, workerMs: window.vision.stills };
  }, STILLS);
  return {
    ms: median(stills.map(({ ms }) => ms)),
    workerMs: median(workerMs),
    bytes: median(stills.map(({ bytes }) => bytes)),
  };
}

function row(name: string, value: number, unit: string): BenchRow {
  return { name: `vision: ${name}`, value: round(value), unit };
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

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

if (import.meta.main) {
  const rows = await run();
  console.table(rows);
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
}
