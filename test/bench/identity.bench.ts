import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import { CHECK_CAPTURES, distanceOf } from '#shared/identity/match.ts';
import { USUAL_THRESHOLDS } from '#shared/incident/identity-thresholds.ts';
import type { BenchRow } from '#test/bench/bench-row.ts';
import { VisionPage } from '#test/support/vision-page.ts';
import { COMPRESSED, prepareVision } from '#tools/bundle/prepare-vision.ts';
import type { SceneName } from '#tools/clip/scenes.ts';

const WARM_STARTS = 7;
const CAPTURES = 30;
const PER_SCENE = 5;
const GOAL_FIRST_FACE_MS = 1_500;
const GOAL_CHECK_MS = 5_000;
const PAGES = join(import.meta.dirname, '../../dist/renderer/assets');

/**
 * Measures what knowing somebody by the face costs, in a real browser on its fake camera, with the
 * vision files served as the product does; and how far apart two people of the scenes are.
 */
export async function run(): Promise<BenchRow[]> {
  const vision = await VisionPage.open('person', false, { asUsed: true });
  try {
    const cold = await firstFaceMs(vision);
    const warm: number[] = [];
    while (warm.length < WARM_STARTS) warm.push(await firstFaceMs(vision));

    const page = await vision.watch();
    const model = await page.evaluate(async () => {
      const started = performance.now();
      window.vision.watch.prepareIdentity();
      while (window.vision.identityStates.at(-1)?.state !== 'ready') {
        if (window.vision.identityStates.at(-1)?.state === 'failed') throw new Error('no model');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return performance.now() - started;
    });
    const answers = await timeCaptures(page);
    const checkMs = answers.slice(0, CHECK_CAPTURES.wanted).reduce((sum, ms) => sum + ms, 0);
    const inWorker = await page.evaluate(() => window.vision.captures);
    const cpu = await cpuPerCapture(vision, page);
    const { same, different } = await distances(vision, page);

    return [
      ...(await sizes()),
      row('camera start to the first face, empty cache', cold, 'ms'),
      {
        ...row('camera start to the first face, warm cache, median', median(warm), 'ms'),
        goal: `under ${GOAL_FIRST_FACE_MS} ms`,
        ok: median(warm) < GOAL_FIRST_FACE_MS,
      },
      row('camera start to the first face, warm cache, slowest', Math.max(...warm), 'ms'),
      row('identity model, from asking to ready', model, 'ms'),
      row('descriptor, median', median(inWorker.flatMap((c) => c.descriptorMs ?? [])), 'ms'),
      row('capture in the worker, median', median(inWorker.map((c) => c.captureMs)), 'ms'),
      row('capture, from asking to the answer, median', median(answers), 'ms'),
      {
        ...row(`${CHECK_CAPTURES.wanted} captures one after the other`, checkMs, 'ms'),
        goal: `under ${GOAL_CHECK_MS} ms`,
        ok: checkMs < GOAL_CHECK_MS,
      },
      ...(cpu === null ? [] : [row('capture, processor time of the worker', cpu, 'ms')]),
      {
        ...row('largest distance of one person, near and far', Math.max(...same), ''),
        goal: `under ${USUAL_THRESHOLDS.match}`,
        ok: Math.max(...same) < USUAL_THRESHOLDS.match,
      },
      {
        ...row('smallest distance of two people', Math.min(...different), ''),
        goal: `over ${USUAL_THRESHOLDS.no}`,
        ok: Math.min(...different) > USUAL_THRESHOLDS.no,
      },
    ];
  } finally {
    await vision.close();
  }
}

/** A fresh page: opens the camera and loads everything at the same time, as the kiosk does. */
async function firstFaceMs(vision: VisionPage): Promise<number> {
  const page = await vision.visit();
  try {
    return await page.evaluate(async () => {
      const started = performance.now();
      const opened = await window.vision.watch.start();
      if (!opened.ok) throw new Error(opened.error);
      for (;;) {
        const first = window.vision.samples.find(({ sample }) => sample.faces.length > 0);
        if (first !== undefined) return first.at - started;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  } finally {
    await page.close();
  }
}

const timeCaptures = (page: Page): Promise<number[]> =>
  page.evaluate(async (count) => {
    const times: number[] = [];
    while (times.length < count) {
      const started = performance.now();
      const capture = await window.vision.watch.capture();
      if (capture?.descriptor) times.push(performance.now() - started);
    }
    return times;
  }, CAPTURES);

/** What a stretch with captures costs more than one without, per capture; null where the system does not tell. */
async function cpuPerCapture(vision: VisionPage, page: Page): Promise<number | null> {
  const STRETCH_MS = 12_000;
  const EVERY_MS = 400;
  const spent = async (captures: boolean): Promise<{ ms: number; taken: number } | null> => {
    const before = vision.workerCpuMs();
    const taken = await page.evaluate(
      async ([wanted, stretchMs, everyMs]) => {
        const end = performance.now() + stretchMs;
        let count = 0;
        while (performance.now() < end) {
          const next = performance.now() + everyMs;
          if (wanted && (await window.vision.watch.capture())) count++;
          await new Promise((r) => setTimeout(r, Math.max(0, next - performance.now())));
        }
        return count;
      },
      [captures, STRETCH_MS, EVERY_MS] as const,
    );
    const after = vision.workerCpuMs();
    if (!before || !after) return null;
    let ms = 0;
    for (const [thread, now] of after) ms += now - (before.get(thread) ?? now);
    return { ms, taken };
  };
  const without = await spent(false);
  const withThem = await spent(true);
  return without && withThem && (withThem.ms - without.ms) / withThem.taken;
}

async function distances(
  vision: VisionPage,
  page: Page,
): Promise<{ same: number[]; different: number[] }> {
  const of = async (scene: SceneName): Promise<FaceCapture[]> => {
    await vision.show(scene);
    await page.waitForTimeout(1_000);
    const found: FaceCapture[] = [];
    while (found.length < PER_SCENE) {
      const capture = await page.evaluate(() => window.vision.watch.capture());
      if (capture?.descriptor) found.push(capture);
    }
    return found;
  };
  const between = (some: readonly FaceCapture[], others: readonly FaceCapture[]): number[] =>
    some.flatMap((a) =>
      others.filter((b) => b !== a).map((b) => distanceOf(a.descriptor ?? [], b.descriptor ?? [])),
    );
  const [ana, near, bea] = [await of('person'), await of('near'), await of('person-b')];
  return {
    same: [...between(ana, ana), ...between(ana, near), ...between(bea, bea)],
    different: [...between(ana, bea), ...between(near, bea)],
  };
}

/** What goes over the wire, from the files that the product serves. */
async function sizes(): Promise<BenchRow[]> {
  const { folder } = await prepareVision();
  const code = readdirSync(PAGES).filter((name) => name.endsWith('.js'));
  const group = (name: string, files: readonly string[]): BenchRow[] => {
    const plain = sum(files.map((file) => statSync(file).size));
    const small = sum(files.map((file) => sizeOr(`${file}${COMPRESSED}`, file)));
    return [
      row(`${name}, as it is`, plain / 1e6, 'MB'),
      row(`${name}, compressed`, small / 1e6, 'MB'),
    ];
  };
  const inVision = (pattern: RegExp) =>
    readdirSync(folder)
      .filter((name) => pattern.test(name) && !name.endsWith(COMPRESSED))
      .map((name) => join(folder, name));
  const inPages = (pattern: RegExp) =>
    code.filter((name) => pattern.test(name)).map((name) => join(PAGES, name));
  return [
    ...group('face finder, download', [
      ...inVision(/^(vision_wasm|face-)/),
      ...inPages(/^vision\.worker-/),
    ]),
    ...group('identity model, download', [
      ...inVision(/^(face_recognition|tfjs)/),
      ...inPages(/^face-net-/),
    ]),
  ];
}

function sizeOr(file: string, otherwise: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? statSync(otherwise).size;
}

function row(name: string, value: number, unit: string): BenchRow {
  return { name: `identity: ${name}`, value: Math.round(value * 1_000) / 1_000, unit };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

if (import.meta.main) {
  const rows = await run();
  console.table(rows);
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
}
