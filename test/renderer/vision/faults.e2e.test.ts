import type { Page } from '@playwright/test';
import { afterEach, describe, expect, it } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { VisionPage } from '#test/support/vision-page.ts';
import { judgeSamples } from '#tools/bench-vision/judge-clip.ts';
import { buildShapedClip, type Shape } from '#tools/clip/acting/shaped-clip.ts';

let vision: VisionPage;
afterEach(() => vision?.close());

const SITTING = { parts: [{ act: 'sitting', ms: 8_000, who: 'p06' }], seed: 6 } as const;

/** Waits until there are samples over so much of the page's time, and gives all of them. */
const samplesOver = (page: Page, ms: number) =>
  page.evaluate(async (wanted) => {
    const { samples } = window.vision;
    const span = () => (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);
    while (span() < wanted) await new Promise((resolve) => setTimeout(resolve, 50));
    return samples;
  }, ms);

/** Waits until a sample fits that came after this call. */
const until = (page: Page, status: CameraSample['status']) =>
  page.evaluate(async (wanted) => {
    const from = window.vision.samples.length;
    while (!window.vision.samples.slice(from).some(({ sample }) => sample.status === wanted)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, status);

/** What the rules make of samples, with the page's clock as exam time. */
const judged = (samples: readonly { readonly at: number; readonly sample: CameraSample }[]) => {
  const start = samples[0]?.at ?? 0;
  const timed = samples.map(({ at, sample }) => ({ t: Math.round(at - start), sample }));
  const { incidents, copyAttempts } = judgeSamples(timed, timed.at(-1)?.t ?? 0);
  return { kinds: incidents.map(({ kind }) => kind), copyAttempts };
};

const opened = async (page: Page): Promise<void> => {
  expect(await page.evaluate(async () => (await window.vision.watch.start()).ok)).toBe(true);
};

describe('cameras of all shapes', () => {
  it.each<readonly [string, Shape]>([
    ['4:3, small', { width: 320, height: 240, fps: 10 }],
    ['16:9', { width: 1280, height: 720, fps: 10 }],
    ['portrait', { width: 480, height: 640, fps: 10 }],
    ['5 frames a second', { width: 640, height: 480, fps: 5 }],
  ])('%s: the person is seen and nothing comes of it', async (_, shape) => {
    vision = await VisionPage.open('person', false, {
      film: (file) => buildShapedClip(SITTING, shape, file),
    });
    const page = await vision.watch();
    const samples = await samplesOver(page, 8_000);
    expect(judged(samples)).toEqual({ kinds: [], copyAttempts: 0 });
    const seen = samples.filter(({ sample }) => sample.faces.length === 1);
    expect(seen.length / samples.length).toBeGreaterThan(0.9);
    for (const { sample } of seen) {
      const [face] = sample.faces;
      expect(face?.height, JSON.stringify(face)).toBeGreaterThan(0.12);
      expect(face?.height, JSON.stringify(face)).toBeLessThan(0.72);
    }
  });

  it('nine tenths dark: guidance and a review, never a copy attempt', async () => {
    vision = await VisionPage.open('person', false, {
      film: (file) =>
        buildShapedClip(SITTING, { width: 640, height: 480, fps: 10, light: 0.1 }, file),
    });
    const page = await vision.watch();
    expect(judged(await samplesOver(page, 12_500))).toEqual({
      kinds: ['low-light'],
      copyAttempts: 0,
    });
  });
});

describe('machines that lack something', () => {
  // The runtime hands pictures to its models by way of WebGL, also on the processor; Chromium draws it in
  // software where there is no graphics card, so only a browser that was told to has none.
  it.each([
    ['WebGL', ['--disable-gpu', '--disable-3d-apis', '--disable-software-rasterizer']],
    ['SIMD', ['--js-flags=--no-enable-sse4-1']],
  ])('without %s it says so and nobody is accused', async (_, args) => {
    vision = await VisionPage.open('person', false, { args });
    const page = await vision.visit();
    await opened(page);
    await until(page, 'vision-failed');
    const samples = await samplesOver(page, 9_000);
    expect(judged(samples)).toEqual({ kinds: ['device-failure'], copyAttempts: 0 });
    const failed = await page.evaluate(() =>
      window.vision.states.find(({ state }) => state === 'failed'),
    );
    expect(failed?.reason).toBeTruthy();
  });
});

describe('files and workers that break', () => {
  it.each([
    'face-full-range.tflite',
    'face-short-range.tflite',
    'vision_wasm_module_internal.wasm',
  ])(
    '%s is rubbish: one technical incident, no copy attempt, and it comes back by itself',
    async (file) => {
      vision = await VisionPage.open('person');
      vision.spoil(file);
      const page = await vision.visit();
      await opened(page);
      await until(page, 'vision-failed');
      await samplesOver(page, 6_500);
      vision.find(file);
      await until(page, 'ok');
      const samples = await samplesOver(page, 9_000);
      expect(judged(samples)).toEqual({ kinds: ['device-failure'], copyAttempts: 0 });
    },
  );

  it('a worker that crashes again and again is at most one technical incident', async () => {
    vision = await VisionPage.open('person');
    const page = await vision.watch();
    for (let i = 0; i < 3; i++) {
      await page.evaluate(() => {
        window.vision.workers.at(-1)?.postMessage({ type: 'look', id: 0, frame: null });
      });
      await until(page, 'vision-failed');
      await until(page, 'ok');
    }
    const { kinds, copyAttempts } = judged(await samplesOver(page, 4_000));
    expect(copyAttempts).toBe(0);
    expect(kinds.filter((kind) => kind !== 'device-failure')).toEqual([]);
    expect(kinds.length).toBeLessThanOrEqual(1);
    expect(await page.evaluate(() => window.vision.workers.length)).toBe(4);
  });
});

describe('a camera that another program holds', () => {
  it('is told apart from a missing one, and opens when it is free', async () => {
    vision = await VisionPage.open('person');
    const page = await vision.visit();
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      let refusals = 1;
      mediaDevices.getUserMedia = (constraints) =>
        refusals-- > 0
          ? Promise.reject(new DOMException('Could not start video source', 'NotReadableError'))
          : open(constraints);
    });
    const refused = await page.evaluate(() => window.vision.watch.start());
    expect(refused).toEqual({ ok: false, error: 'in-use' });
    await opened(page);
    await until(page, 'ok');
  });
});

describe('two cameras', () => {
  /** Opens the kiosk's camera and waits until it knows all cameras and the one in use. */
  const choiceOf = (page: Page, chosen?: string) =>
    page.evaluate(async (wanted) => {
      const feed = window.vision.feed();
      const started = await feed.start();
      if (!started.ok) throw new Error(started.error);
      if (wanted !== undefined) {
        const changed = await feed.chooseCamera(wanted);
        if (!changed.ok) throw new Error(changed.error);
      }
      const choice = await new Promise<{ all: readonly { id: string }[]; usedId: string | null }>(
        (resolve) => {
          feed.onCameras((found) => {
            if (found.usedId !== null) resolve(found);
          });
        },
      );
      feed.stop();
      return { all: choice.all.map(({ id }) => id), usedId: choice.usedId };
    }, chosen);

  it('the choice is remembered, and another is taken when that camera is gone', async () => {
    vision = await VisionPage.open(null, false, {
      args: ['--use-fake-device-for-media-stream=device-count=2'],
    });
    const page = await vision.visit();
    const first = await choiceOf(page);
    expect(first.all).toHaveLength(2);
    const other = first.all.find((id) => id !== first.usedId);
    expect(await choiceOf(page, other)).toMatchObject({ usedId: other });
    await page.reload();
    await page.waitForFunction(() => 'vision' in window);
    expect(await choiceOf(page)).toMatchObject({ usedId: other });
    await page.evaluate(() => localStorage.setItem('atalaya-camera', 'unplugged since'));
    expect(first.all).toContain((await choiceOf(page)).usedId);
  });
});
