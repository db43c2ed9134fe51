import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { SECOND } from '#shared/kernel/time.ts';
import { sharedVision, type VisionPage } from '#test/support/vision-page.ts';
import { judged, untilIncident } from './judged.ts';

let vision: VisionPage;
beforeAll(async () => {
  vision = await sharedVision();
  await vision.show('person');
});

/** Waits until a sample fits that came after this call. */
const until = (page: Page, status: CameraSample['status']) =>
  page.evaluate(async (wanted) => {
    const from = window.vision.samples.length;
    while (!window.vision.samples.slice(from).some(({ sample }) => sample.status === wanted)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, status);

describe('files that break', () => {
  const FILES = [
    'face-full-range.tflite',
    'face-short-range.tflite',
    'vision_wasm_module_internal.wasm',
  ] as const;

  // Side by side, on a page and a copy of the files each: what takes time here is the clock.
  it('are one technical incident, no copy attempt, and the watch comes back by itself', async () => {
    const outcomes = await Promise.all(
      FILES.map(async (file, number) => {
        const name = `copy${number}`;
        const page = await vision.visit({ base: vision.copy(name, { [file]: 'rubbish' }) });
        expect(await page.evaluate(async () => (await window.vision.watch.start()).ok)).toBe(true);
        await untilIncident(page);
        vision.mend(name);
        await until(page, 'ok');
        // Longer than the gap that ends it.
        await page.waitForTimeout(2.5 * SECOND);
        const samples = await page.evaluate(() => window.vision.samples);
        await page.close();
        return [file, judged(samples)] as const;
      }),
    );
    for (const [file, outcome] of outcomes)
      expect(outcome, file).toEqual({ kinds: ['device-failure'], copyAttempts: 0 });
  });
});

// No object model is part of the project, so none runs here: what one finds is tested on its recorded form
// (object-choice.test.ts), and here only that a bad one harms nothing. Without one: all other tests of a watch.
describe('an object model that is no model', () => {
  it('is told once, objects are not looked for, and faces go on being watched', async () => {
    vision.forget();
    const noModel = new TextEncoder().encode('this is not a model'.repeat(100));
    const sizes = await fetch(`${vision.origin}/vision/sizes.json`).then((got) => got.json());
    const page = await vision.watch({
      base: vision.copy('objects', {
        'objects.tflite': noModel,
        'sizes.json': new TextEncoder().encode(
          JSON.stringify({ ...sizes, 'objects.tflite': noModel.length }),
        ),
      }),
    });
    await expect
      .poll(() => vision.errors.filter((one) => one.includes('object model')).length)
      .toBe(1);
    const seen = await page.evaluate(() => window.vision.samples.length);
    await page.waitForFunction((n) => window.vision.samples.length > n + 3, seen);
    const last = await page.evaluate(() => window.vision.samples.at(-1)?.sample);
    expect(last).toMatchObject({ status: 'ok' });
    expect(last?.faces).toHaveLength(1);
    expect(last).not.toHaveProperty('objects');
    expect(await page.evaluate(() => window.vision.states.map(({ state }) => state))).toEqual([
      'loading',
      'ready',
    ]);
    await page.close();
  });
});
