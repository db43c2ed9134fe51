import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { Check } from 'typebox/value';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { captureAdvice } from '#shared/identity/capture-quality.ts';
import { type FaceCapture, FaceCaptureSchema } from '#shared/identity/face-capture.ts';
import { distanceOf } from '#shared/identity/match.ts';
import { USUAL_THRESHOLDS } from '#shared/incident/identity-thresholds.ts';
import { sharedVision, type VisionPage } from '#test/support/vision-page.ts';
import type { SceneName } from '#tools/clip/scenes.ts';

/** Files that only the identity model needs. */
const MODEL = 'face_recognition_model.bin';
const ITS_FILES = /face_recognition|tfjs-backend|face-net/;
const identityIs = (page: Page, wanted: string) =>
  page.waitForFunction(
    (state) => window.vision.identityStates.at(-1)?.state === state,
    wanted as 'ready',
    { timeout: 60_000 },
  );

/** A capture; on a busy machine one may come to nothing. */
const capture = async (page: Page): Promise<FaceCapture> => {
  const made = await page.waitForFunction(() => window.vision.watch.capture());
  const one = await made.jsonValue();
  if (one === null) throw new Error('no capture');
  return one;
};

/** Captures with a face, of a scene that comes on now: frames of the scene before may still be on their way. */
async function capturesOf(
  page: Page,
  vision: VisionPage,
  scene: SceneName,
): Promise<FaceCapture[]> {
  await vision.show(scene);
  await page.waitForTimeout(700);
  const found: FaceCapture[] = [];
  while (found.length < 3) {
    const one = await capture(page);
    // The identity model is loaded again after a worker that a busy machine held up was given up.
    if (one.faces === 0 || one.descriptor !== null) found.push(one);
  }
  return found;
}

function distance(a: FaceCapture, b: FaceCapture): number {
  if (a.descriptor === null || b.descriptor === null) throw new Error('no descriptor');
  return distanceOf(a.descriptor, b.descriptor);
}

/** Of each of the one to each of the other. */
const distances = (some: readonly FaceCapture[], others: readonly FaceCapture[]): number[] =>
  some.flatMap((a) => others.filter((b) => a !== b).map((b) => distance(a, b)));

// One page for all of it; the last test lets its worker break.
describe('captures for the identity, in a real browser', () => {
  let vision: VisionPage;
  let page: Page;
  beforeAll(async () => {
    vision = await sharedVision();
    vision.forget();
    await vision.show('person');
    page = await vision.watch();
  });
  afterEach(() => vision.show('person'));
  afterAll(() => page?.close());

  it('load their model when the first one is asked for, and not before', async () => {
    await page.waitForFunction(() => window.vision.samples.length > 4);
    expect(vision.requests.filter((url) => ITS_FILES.test(url))).toEqual([]);
    const first = await capture(page);
    expect(first).toMatchObject({ faces: 1, descriptor: null });
    expect(captureAdvice(first)).toBe('hold-still');
    await identityIs(page, 'ready');
    const second = await capture(page);
    expect(Check(FaceCaptureSchema, second), JSON.stringify(second)).toBe(true);
    expect(captureAdvice(second)).toBeNull();
    expect(vision.requests.some((url) => ITS_FILES.test(url))).toBe(true);
    expect(vision.requests.some((url) => url.endsWith('.wasm'))).toBe(true);
    // All of them from here, and nothing that the policy refused.
    expect(vision.requests.filter((url) => !url.startsWith(`${vision.origin}/`))).toEqual([]);
    expect(vision.errors).toEqual([]);
  });

  it('tell one person from another, near and far', async () => {
    const ana = await capturesOf(page, vision, 'person');
    const near = await capturesOf(page, vision, 'near');
    const bea = await capturesOf(page, vision, 'person-b');
    const same = [...distances(ana, ana), ...distances(bea, bea), ...distances(ana, near)];
    const different = [...distances(ana, bea), ...distances(near, bea)];
    expect(Math.max(...same)).toBeLessThan(USUAL_THRESHOLDS.match);
    expect(Math.min(...different)).toBeGreaterThan(USUAL_THRESHOLDS.no);
  });

  it('measure in the pixels of the camera', async () => {
    const [person] = await capturesOf(page, vision, 'person');
    const [near] = await capturesOf(page, vision, 'near');
    const [dark] = await capturesOf(page, vision, 'dark');
    const [nobody] = await capturesOf(page, vision, 'nobody');
    expect(person?.facePixels).toBeCloseTo((person?.face?.width ?? 0) * 640, 6);
    expect(person?.facePixels).toBeGreaterThan(100);
    expect(near?.facePixels).toBeGreaterThan(300);
    expect(person?.sharpness).toBeGreaterThan(0);
    expect(dark?.faceMean).toBeLessThan(35);
    expect(nobody).toMatchObject({ faces: 0, face: null, facePixels: 0, descriptor: null });
    expect([dark, nobody].map((one) => one && captureAdvice(one))).toEqual([
      'more-light',
      'nobody',
    ]);
  });

  it('never come together with a look, and neither waits for ever', async () => {
    const counts = await page.evaluate(async () => {
      const from = window.vision.looks.length;
      for (let taken = 0; taken < 4; ) if (await window.vision.watch.capture()) taken++;
      return { looks: window.vision.looks.length - from, most: window.vision.mostAtOnce };
    });
    expect(counts.most).toBe(1);
    expect(counts.looks).toBeGreaterThan(1);
  });

  it.each([
    ['missing', 'missing', `${MODEL}: 404`],
    ['spoilt', 'rubbish', `${MODEL}: not as it was made`],
  ] as const)(
    'go on without a descriptor when the model is %s; the watch does not notice',
    async (name, harm, reason) => {
      const other = await vision.watch({ base: vision.copy(name, { [MODEL]: harm }) });
      await other.evaluate(() => window.vision.watch.prepareIdentity());
      await identityIs(other, 'failed');
      expect(await capture(other)).toMatchObject({ faces: 1, descriptor: null });
      const after = await other.evaluate(async () => {
        const from = window.vision.samples.length;
        while (window.vision.samples.length < from + 3) await new Promise((r) => setTimeout(r, 50));
        return {
          statuses: window.vision.samples.slice(from).map(({ sample }) => sample.status),
          states: window.vision.states.map(({ state }) => state),
          identity: window.vision.identityStates,
        };
      });
      expect(new Set(after.statuses)).toEqual(new Set(['ok']));
      expect(after.states).toEqual(['loading', 'ready']);
      expect(after.identity).toEqual([
        { state: 'loading', reason: undefined },
        { state: 'failed', reason: expect.stringContaining(reason) },
      ]);
      await other.close();
    },
  );

  it('have a portrait beside them: the whole frame of the camera', async () => {
    const bytes = await page.evaluate(async () => [
      ...((await window.vision.watch.still('whole')) ?? []),
    ]);
    const { format, width, height } = await sharp(Uint8Array.from(bytes)).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 640, height: 480 });
  });

  it('and how far the face finder is loaded is told, up to the end', async () => {
    const progress = await page.evaluate(() => {
      const { progress: told } = window.vision;
      return told.slice(0, told.indexOf(1) + 1);
    });
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(3);
  });

  it('come back with another worker, whose model is asked for again', async () => {
    const told = await page.evaluate(() => {
      const { workers, identityStates } = window.vision;
      workers.at(-1)?.postMessage({ type: 'look', id: 0, frame: null });
      return identityStates.length;
    });
    await page.waitForFunction(
      (from) =>
        window.vision.identityStates
          .slice(from)
          .map(({ state }) => state)
          .join() === 'off,loading,ready',
      told,
    );
    const again = await page.waitForFunction(() => window.vision.watch.capture());
    expect((await again.jsonValue())?.descriptor).toHaveLength(128);
  });
});
