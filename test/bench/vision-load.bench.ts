import type { BenchRow } from '#test/bench/bench-row.ts';
import { VisionPage } from '#test/support/vision-page.ts';
import { buildActClip } from '#tools/clip/acting/build-act-clip.ts';

/** How long memory is watched; the goal is about two hours. Settable: VISION_MINUTES. */
const MINUTES = Number(process.env.VISION_MINUTES ?? 10);
/** A slow laptop, as the browser's own throttling plays it. */
const SLOWER = 3;
const CPU_GOAL = 12;
const CPU_MS = 30_000;
const GROWTH_GOAL = 5;
/** Past the loading and the first garbage, ms. */
const WARM_MS = 20_000;
/** The models of faces and of descriptors fill their memory with their first pictures; growth counts from here, ms. */
const MEMORY_WARM_MS = 120_000;
const CAPTURE_EVERY_MS = 10_000;
const MEMORY_EVERY_MS = 10_000;

const CLIP = {
  parts: [
    { act: 'sitting', ms: 9_000, who: 'p06' },
    { act: 'reading-aloud', ms: 6_000 },
    { act: 'nodding', ms: 3_000 },
    { act: 'shifting', ms: 7_000 },
  ],
  seed: 12,
} as const;

/**
 * What the camera watch costs a machine over time: the worker's processor time at the pace of a calm picture with the
 * processor throttled to a third, and the renderer's memory over a looped clip.
 */
export async function run(): Promise<BenchRow[]> {
  const vision = await VisionPage.open('person', false, {
    film: (file) => buildActClip(CLIP, file),
    asUsed: true,
  });
  try {
    const page = await vision.watch();
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    // As in an exam whose room checks by face.
    await page.evaluate((every) => {
      setInterval(() => void window.vision.watch.capture(), every);
    }, CAPTURE_EVERY_MS);
    await page.waitForTimeout(WARM_MS);

    const full = await load(vision, CPU_MS, () => page.waitForTimeout(CPU_MS));
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.waitForTimeout(2_000);
    const looksBefore = await page.evaluate(() => window.vision.looks.length);
    const slow = await load(vision, CPU_MS, () => page.waitForTimeout(CPU_MS));
    const looks = (await page.evaluate(() => window.vision.looks.length)) - looksBefore;
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });

    await page.waitForTimeout(MEMORY_WARM_MS);
    const memory: number[] = [];
    for (let at = 0; at < MINUTES * 60_000; at += MEMORY_EVERY_MS) {
      // What is only garbage is no growth.
      await session.send('HeapProfiler.collectGarbage');
      const kb = vision.rendererMemoryKb();
      if (kb !== null) memory.push(kb);
      // The page of this bench keeps all samples; the product keeps none.
      await page.evaluate(() => {
        window.vision.samples.length = 0;
        window.vision.looks.length = 0;
      });
      await page.waitForTimeout(MEMORY_EVERY_MS);
    }
    const growth = growthOf(memory);
    return [
      ...(full === null || slow === null
        ? []
        : [
            row('worker, average of one core', full, '%'),
            row('looks a second while throttled', (looks * 1_000) / CPU_MS, '1/s'),
            {
              // The emulation lets a thread run a third of the time: its own processor time says what it needs.
              ...row(
                'worker on a machine three times slower, average of one core',
                full * SLOWER,
                '%',
              ),
              ratio: SLOWER,
              goal: `under ${CPU_GOAL} %`,
              ok: full * SLOWER < CPU_GOAL,
            },
            row('worker, processor time while the page is throttled to a third', slow, '%'),
          ]),
      ...(growth === null
        ? []
        : [
            row('memory of the page after warming up', growth.firstMb, 'MB'),
            {
              ...row(`memory growth over ${MINUTES} minutes of a looped clip`, growth.percent, '%'),
              goal: `under ${GROWTH_GOAL} % (the goal is about two hours)`,
              ok: growth.percent < GROWTH_GOAL,
            },
          ]),
    ];
  } finally {
    await vision.close();
  }
}

/** Share of one core that the worker threads took meanwhile, per cent; null where it is not known. */
async function load(
  vision: VisionPage,
  ms: number,
  meanwhile: () => Promise<void>,
): Promise<number | null> {
  const before = vision.workerCpuMs();
  await meanwhile();
  const after = vision.workerCpuMs();
  if (!before || !after) return null;
  let spent = 0;
  for (const [thread, cpu] of after) spent += cpu - (before.get(thread) ?? 0);
  return (spent / ms) * 100;
}

/** The medians of the first and the last fifth; single values wobble. */
function growthOf(memory: readonly number[]): { firstMb: number; percent: number } | null {
  const fifth = Math.floor(memory.length / 5);
  if (fifth < 1) return null;
  const first = median(memory.slice(0, fifth));
  const last = median(memory.slice(-fifth));
  return { firstMb: first / 1_024, percent: (last / first - 1) * 100 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function row(name: string, value: number, unit: string): BenchRow {
  return { name: `vision: ${name}`, value: Math.round(value * 100) / 100, unit };
}

if (import.meta.main) {
  const rows = await run();
  console.table(rows);
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
}
