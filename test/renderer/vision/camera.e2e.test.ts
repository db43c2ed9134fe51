import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CameraStatus } from '#shared/incident/camera-sample.ts';
import { VisionPage } from '#test/support/vision-page.ts';

const OPENED = { ok: true };

/** Waits for `count` samples of a status that come after this call. */
function next(page: Page, status: CameraStatus, count = 3) {
  return page.evaluate(
    async ([wanted, many]) => {
      const from = window.vision.samples.length;
      const found = () =>
        window.vision.samples.slice(from).filter(({ sample }) => sample.status === wanted);
      while (found().length < many) await new Promise((resolve) => setTimeout(resolve, 20));
      return found();
    },
    [status, count] as const,
  );
}

const start = (page: Page) =>
  page.evaluate(async () => {
    const opened = await window.vision.watch.start();
    return opened.ok ? { ok: true } : opened;
  });

describe('the camera watch in a real browser', () => {
  let vision: VisionPage;
  beforeAll(async () => {
    vision = await VisionPage.open('person');
  });
  afterAll(() => vision?.close());

  let page: Page;
  afterEach(() => page.close());

  it('says when the first frame came and what the device is called', async () => {
    page = await vision.watch();
    const { firstFrameAt, label, first, states } = await page.evaluate(() => ({
      firstFrameAt: window.vision.watch.firstFrameAt,
      label: window.vision.watch.deviceLabel,
      first: window.vision.samples[0],
      states: window.vision.states.map(({ state }) => state),
    }));
    expect(states).toEqual(['loading', 'ready']);
    expect(label).toContain('playing.y4m');
    expect(first?.sample.label).toBe(label.slice(0, 120));
    expect(firstFrameAt).toBeGreaterThan(0);
    expect(firstFrameAt).toBeLessThanOrEqual((first?.at ?? 0) - (first?.sample.ageMs ?? 0));
  });

  it('makes a still of the current picture', async () => {
    page = await vision.watch();
    const bytes = await page.evaluate(async () => [...((await window.vision.watch.still()) ?? [])]);
    const { format, width, height } = await sharp(Uint8Array.from(bytes)).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 320, height: 240 });
    const { channels } = await sharp(Uint8Array.from(bytes)).stats();
    expect(channels[0]?.mean).toBeGreaterThan(80);
  });

  it('reports a camera that is pulled out and watches on when it is back', async () => {
    page = await vision.watch();
    await vision.unplug();
    const lost = await next(page, 'ended', 4);
    expect(lost.every(({ sample }) => sample.faces.length === 0 && sample.luma === null)).toBe(
      true,
    );
    expect(await page.evaluate(() => window.vision.watch.still())).toBeNull();
    await vision.plugIn('person');
    expect(await start(page)).toEqual(OPENED);
    const [back] = await next(page, 'ok');
    expect(back?.sample.faces).toHaveLength(1);
  });

  it('reports a camera whose permission is withdrawn, and why it cannot be opened', async () => {
    page = await vision.watch();
    await vision.withdrawPermission();
    await next(page, 'ended');
    expect(await start(page)).toEqual({ ok: false, error: 'denied' });
    await vision.grantPermission();
    expect(await start(page)).toEqual(OPENED);
    await next(page, 'ok');
  });

  it('reports frames that stop coming, from the moment when they stopped', async () => {
    page = await vision.watch();
    const stopped = await page.evaluate(() => {
      // No real device can be told to fall silent and stay: the reader of its frames is held up.
      const read = ReadableStreamDefaultReader.prototype.read;
      ReadableStreamDefaultReader.prototype.read = () => new Promise(() => {});
      setTimeout(() => {
        ReadableStreamDefaultReader.prototype.read = read;
      }, 2_000);
      return performance.now();
    });
    const [first, second] = await next(page, 'no-frames', 2);
    const began = (first?.at ?? 0) - (first?.sample.ageMs ?? 0);
    expect(Math.abs(began - stopped)).toBeLessThan(250);
    expect(second?.sample.ageMs).toBe(0);
  });

  it('starts another worker when one breaks, and says so meanwhile', async () => {
    page = await vision.watch();
    await page.evaluate(() => {
      window.vision.workers[0]?.postMessage({ type: 'look', id: 0, frame: null });
    });
    const broken = await next(page, 'vision-failed', 1);
    expect(broken[0]?.sample.luma).toBeNull();
    const [back] = await next(page, 'ok', 1);
    expect(back?.sample.faces).toHaveLength(1);
    const { workers, states } = await page.evaluate(() => ({
      workers: window.vision.workers.length,
      states: window.vision.states,
    }));
    expect(workers).toBe(2);
    expect(states.map(({ state }) => state)).toEqual([
      'loading',
      'ready',
      'failed',
      'loading',
      'ready',
    ]);
    expect(states[2]?.reason).toBeTruthy();
  });

  it('says that vision failed when its files are missing', async () => {
    page = await vision.visit({ base: './nowhere/' });
    expect(await start(page)).toEqual(OPENED);
    await next(page, 'vision-failed', 3);
    const states = await page.evaluate(() => window.vision.states);
    expect(states.slice(0, 2).map(({ state }) => state)).toEqual(['loading', 'failed']);
  });

  it('works from a video element where tracks cannot be read', async () => {
    page = await vision.watch({ source: 'element' });
    const samples = await next(page, 'ok', 4);
    for (const { sample } of samples) expect(sample.faces).toHaveLength(1);
    const still = await page.evaluate(async () => (await window.vision.watch.still())?.length);
    expect(still).toBeGreaterThan(2_000);
  });

  it('measures frames of another shape and format as well', async () => {
    page = await vision.watch();
    const look = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(640, 360);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no 2d canvas');
      context.fillStyle = 'rgb(200 200 200)';
      context.fillRect(0, 0, 320, 360);
      const frame = new VideoFrame(canvas, { timestamp: 0 });
      const [worker] = window.vision.workers;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      worker?.addEventListener('message', ({ data }) => data.id === -1 && resolve(data.luma));
      worker?.postMessage({ type: 'look', id: -1, frame }, [frame]);
      return promise;
    });
    expect(look).toMatchObject({ flatFraction: 1, mean: expect.closeTo(100, 0) });
  });

  it('is silent after stopping', async () => {
    page = await vision.watch();
    const device = await page.evaluate(() => {
      const [track] = window.vision.watch.stream?.getVideoTracks() ?? [];
      window.vision.watch.stop();
      window.vision.samples.length = 0;
      return track?.readyState;
    });
    await page.waitForTimeout(1_500);
    expect(device).toBe('ended');
    const after = await page.evaluate(() => ({
      samples: window.vision.samples.length,
      stream: window.vision.watch.stream,
    }));
    expect(after).toEqual({ samples: 0, stream: null });
  });
});

describe('a machine without a camera', () => {
  it('says that it is missing', async () => {
    const vision = await VisionPage.open(null);
    try {
      expect(await start(await vision.visit())).toEqual({ ok: false, error: 'missing' });
    } finally {
      await vision.close();
    }
  });
});
