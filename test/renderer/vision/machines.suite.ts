import type { Page } from '@playwright/test';
import { afterEach, describe, expect, it } from 'vitest';
import { SECOND } from '#shared/kernel/time.ts';
import { VisionPage } from '#test/support/vision-page.ts';
import { buildActClip } from '#tools/clip/acting/build-act-clip.ts';
import { buildShapedClip } from '#tools/clip/acting/shaped-clip.ts';
import { judged, untilIncident } from './judged.ts';

/** Machines that differ in what their browser has: a browser for each. */
let vision: VisionPage;
afterEach(() => vision?.close());

/** Waits until there are samples over so much of the page's time, and gives all of them. */
const samplesOver = (page: Page, ms: number) =>
  page.evaluate(async (wanted) => {
    const { samples } = window.vision;
    const span = () => (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);
    while (span() < wanted) await new Promise((resolve) => setTimeout(resolve, 50));
    return samples;
  }, ms);

// All other shapes go the quick way: shapes.suite.ts; clips.suite.ts shows that both ways agree.
it('a camera that stands upright: the person is seen and nothing comes of it', async () => {
  vision = await VisionPage.open('person', false, {
    film: (file) =>
      buildShapedClip(
        { parts: [{ act: 'sitting', ms: 2_000, who: 'p06' }], seed: 6 },
        { width: 480, height: 640, fps: 10 },
        file,
      ),
  });
  const page = await vision.watch();
  const samples = await samplesOver(page, 5 * SECOND);
  expect(judged(samples)).toEqual({ kinds: [], copyAttempts: 0 });
  const looks = samples.filter(({ sample }) => sample.status === 'ok');
  const seen = looks.filter(({ sample }) => sample.faces.length === 1);
  expect(seen.length).toBeGreaterThan(3);
  // Where the clip begins anew, one look may meet a movement that nobody made.
  expect(looks.length - seen.length).toBeLessThanOrEqual(1);
  for (const { sample } of seen) {
    const [face] = sample.faces;
    expect(face?.height, JSON.stringify(face)).toBeGreaterThan(0.12);
    expect(face?.height, JSON.stringify(face)).toBeLessThan(0.72);
  }
});

it.runIf(process.platform === 'linux')(
  'a machine that stalls again and again says nothing against its camera',
  async () => {
    vision = await VisionPage.open('person', false, {
      film: (file) =>
        buildActClip({ parts: [{ act: 'sitting', ms: 4_000, who: 'p06' }], seed: 6 }, file),
    });
    const page = await vision.watch();
    const from = await page.evaluate(() => window.vision.samples.length);
    for (const ms of [900, 2_500, 4_000]) {
      expect(await vision.starve(ms)).toBe(true);
      await page.waitForTimeout(400);
    }
    await page.waitForTimeout(1_500);
    const samples = await page.evaluate((first) => window.vision.samples.slice(first), from);
    expect(samples.filter(({ sample }) => sample.status !== 'ok')).toEqual([]);
    expect(samples.length).toBeGreaterThan(3);
    expect(judged(samples)).toEqual({ kinds: [], copyAttempts: 0 });

    // What captures the camera is starved alone: the page runs, and its frames come back by themselves.
    expect(await vision.starve(4_200, 'camera')).toBe(true);
    await page.waitForTimeout(1_000);
    const later = await page.evaluate((first) => window.vision.samples.slice(first), from);
    const said = new Set(later.map(({ sample }) => sample.status));
    expect([...said].toSorted()).toEqual(['no-frames', 'ok']);
    expect(later.at(-1)?.sample.status).toBe('ok');
    expect(judged(later)).toEqual({ kinds: [], copyAttempts: 0 });
  },
);

describe('machines that lack something', () => {
  // The runtime hands pictures to its models by way of WebGL, also on the processor; Chromium draws it in
  // software where there is no graphics card, so only a browser that was told to has none.
  it.each([
    ['WebGL', ['--disable-gpu', '--disable-3d-apis', '--disable-software-rasterizer']],
    ['SIMD', ['--js-flags=--no-enable-sse4-1']],
  ])('without %s it says so and nobody is accused', async (_, args) => {
    vision = await VisionPage.open('person', false, { args });
    const page = await vision.visit();
    expect(await page.evaluate(async () => (await window.vision.watch.start()).ok)).toBe(true);
    await untilIncident(page);
    const samples = await page.evaluate(() => window.vision.samples);
    expect(judged(samples)).toEqual({ kinds: ['device-failure'], copyAttempts: 0 });
    const failed = await page.evaluate(() =>
      window.vision.states.find(({ state }) => state === 'failed'),
    );
    expect(failed?.reason).toBeTruthy();
  });

  it.each([
    ['a camera', 'missing', null, []],
    ['leave to use it', 'denied', 'person', ['--use-fake-ui-for-media-stream=deny']],
  ] as const)('without %s it says so: %s', async (_, error, scene, args) => {
    vision = await VisionPage.open(scene, false, { args });
    const page = await vision.visit();
    const started = await page.evaluate(() => window.vision.watch.start());
    expect(started).toEqual({ ok: false, error });
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
      asUsed: true,
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
