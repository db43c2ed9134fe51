import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraStatus } from '#shared/incident/camera-sample.ts';
import { sharedVision, type VisionPage } from '#test/support/vision-page.ts';
import { judged } from './judged.ts';

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

// One page for all of it: each test leaves the camera watched, the last one not.
describe('the camera watch in a real browser', () => {
  let vision: VisionPage;
  let page: Page;
  beforeAll(async () => {
    vision = await sharedVision();
    await vision.show('person');
    page = await vision.watch();
  });
  afterAll(() => page?.close());

  it('says when the first frame came and what the device is called', async () => {
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
    const bytes = await page.evaluate(async () => [...((await window.vision.watch.still()) ?? [])]);
    const { format, width, height } = await sharp(Uint8Array.from(bytes)).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 320, height: 240 });
    const { channels } = await sharp(Uint8Array.from(bytes)).stats();
    expect(channels[0]?.mean).toBeGreaterThan(80);
  });

  it('reports a camera that is pulled out and watches on when it is back', async () => {
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

  it('reports a camera whose permission is withdrawn', async () => {
    await vision.withdrawPermission();
    await next(page, 'ended');
    await vision.grantPermission();
    expect(await start(page)).toEqual(OPENED);
    await next(page, 'ok');
  });

  it('reports frames that stop coming, from the moment when they stopped', async () => {
    const stopped = await page.evaluate(() => {
      // No real device can be told to fall silent and stay: the reader of its frames is held up.
      const read = ReadableStreamDefaultReader.prototype.read;
      ReadableStreamDefaultReader.prototype.read = () => new Promise(() => {});
      Object.assign(window, {
        goOnReading: () => {
          ReadableStreamDefaultReader.prototype.read = read;
        },
      });
      return performance.now();
    });
    const [first, second] = await next(page, 'no-frames', 2);
    const began = (first?.at ?? 0) - (first?.sample.ageMs ?? 0);
    expect(Math.abs(began - stopped)).toBeLessThan(250);
    expect(second?.sample.ageMs).toBe(0);
    // A camera that is opened anew is watched again.
    await page.evaluate(() => (window as unknown as { goOnReading(): void }).goOnReading());
    expect(await start(page)).toEqual(OPENED);
    await next(page, 'ok');
  });

  it('starts another worker whenever one breaks, says so meanwhile, and each time is one technical incident at most', async () => {
    const told = await page.evaluate(() => window.vision.states.length);
    const workersBefore = await page.evaluate(() => window.vision.workers.length);
    for (let i = 0; i < 2; i++) {
      const before = await page.evaluate(() => window.vision.samples.length);
      const crashed = next(page, 'vision-failed', 1);
      await page.evaluate(() => {
        window.vision.workers.at(-1)?.postMessage({ type: 'look', id: 0, frame: null });
      });
      expect((await crashed)[0]?.sample.luma).toBeNull();
      const [back] = await next(page, 'ok', 1);
      expect(back?.sample.faces).toHaveLength(1);
      const samples = await page.evaluate((from) => window.vision.samples.slice(from), before);
      const { kinds, copyAttempts } = judged(samples);
      expect(copyAttempts).toBe(0);
      expect(kinds.filter((kind) => kind !== 'device-failure')).toEqual([]);
      // None where the other worker is there before it lasts.
      expect(kinds.length).toBeLessThanOrEqual(1);
    }
    const { workers, states } = await page.evaluate(
      (said) => ({
        workers: window.vision.workers.length,
        states: window.vision.states.slice(said),
      }),
      told,
    );
    expect(workers).toBe(workersBefore + 2);
    const again = ['failed', 'loading', 'ready'];
    expect(states.map(({ state }) => state)).toEqual([...again, ...again]);
    expect(states[0]?.reason).toBeTruthy();
  });

  it('says that vision failed when its files are missing', async () => {
    const other = await vision.visit({ base: './nowhere/' });
    expect(await start(other)).toEqual(OPENED);
    await next(other, 'vision-failed', 3);
    const states = await other.evaluate(() => window.vision.states);
    expect(states.slice(0, 2).map(({ state }) => state)).toEqual(['loading', 'failed']);
    await other.close();
  });

  it('works from a video element where tracks cannot be read', async () => {
    const other = await vision.watch({ source: 'element' });
    const samples = await next(other, 'ok', 4);
    for (const { sample } of samples) expect(sample.faces).toHaveLength(1);
    const still = await other.evaluate(async () => (await window.vision.watch.still())?.length);
    expect(still).toBeGreaterThan(2_000);
    await other.close();
  });

  it('measures frames of another shape and format as well', async () => {
    const look = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(640, 360);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no 2d canvas');
      context.fillStyle = 'rgb(200 200 200)';
      context.fillRect(0, 0, 320, 360);
      const frame = new VideoFrame(canvas, { timestamp: 0 });
      const worker = window.vision.workers.at(-1);
      const { promise, resolve } = Promise.withResolvers<unknown>();
      worker?.addEventListener('message', ({ data }) => data.id === -1 && resolve(data.luma));
      worker?.postMessage({ type: 'look', id: -1, frame }, [frame]);
      return promise;
    });
    expect(look).toMatchObject({ flatFraction: 1, mean: expect.closeTo(100, 0) });
  });

  it('tells a camera that another program holds from a missing one, and opens it when it is free', async () => {
    const other = await vision.visit();
    await other.evaluate(() => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      let refusals = 1;
      mediaDevices.getUserMedia = (constraints) =>
        refusals-- > 0
          ? Promise.reject(new DOMException('Could not start video source', 'NotReadableError'))
          : open(constraints);
    });
    expect(await start(other)).toEqual({ ok: false, error: 'in-use' });
    expect(await start(other)).toEqual(OPENED);
    await next(other, 'ok', 1);
    await other.close();
  });

  it('is silent after stopping', async () => {
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
