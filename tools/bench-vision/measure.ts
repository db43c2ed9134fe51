import { type Browser, chromium, type Page } from '@playwright/test';
import { captureAdvice } from '#shared/identity/capture-quality.ts';
import type { Descriptor } from '#shared/identity/face-capture.ts';
import { launchArgs, windowlessChromiumPath } from '#tools/chromium.ts';
import { openClip } from './clip-source.ts';
import { type FrameServer, startFrameServer } from './frame-server.ts';
import type { KnownFace } from './identity-figures.ts';
import {
  type Comparison,
  compare,
  faceLooks,
  type JudgedClip,
  judgeSamples,
} from './judge-clip.ts';
import type { WatchedClip } from './page/main.ts';
import type { SetClip, SetPicture } from './vision-set.ts';

export interface MeasuredClip extends JudgedClip, Comparison {
  readonly clip: SetClip;
  readonly durationMs: number;
  readonly faceLooks: { readonly looks: number; readonly seen: number };
}

export interface MeasuredPicture {
  readonly picture: SetPicture;
  /** Faces that the worker sees. */
  readonly faces: number;
  /** What is wrong with it for the identity; null when it is good or was not asked. */
  readonly advice: string | null;
  readonly known: KnownFace | null;
}

/** As in the exam, ms. */
const CAPTURE_EVERY_MS = 10_000;

/** The product's vision in a browser, fed with frames instead of a camera. */
export class VisionLab {
  readonly #server: FrameServer;
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(server: FrameServer, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
  }

  static async open(): Promise<VisionLab> {
    const server = await startFrameServer();
    const browser = await chromium.launch({
      executablePath: windowlessChromiumPath(),
      args: [...launchArgs],
    });
    const page = await browser.newPage();
    await page.goto(`${server.origin}/`);
    await page.waitForFunction(() => 'bench' in window);
    return new VisionLab(server, browser, page);
  }

  /** Starts a worker. @returns its number. */
  worker(identity = false): Promise<number> {
    return this.#page.evaluate((wanted) => window.bench.open(wanted), identity);
  }

  /**
   * Looks through a clip and judges what was seen.
   * @param template of the person whom the clip should show, for a worker that knows faces; null to compare nobody.
   */
  async clip(worker: number, clip: SetClip, template: Descriptor | null): Promise<MeasuredClip> {
    const { samples, captures, durationMs } = await this.look(worker, clip, template !== null);
    const identity = template === null ? null : { captures, template };
    const judged = judgeSamples(samples, durationMs, identity);
    return {
      clip,
      durationMs,
      ...judged,
      ...compare(clip.expected, judged.incidents),
      faceLooks: faceLooks(samples, clip.expected, clip.faceless),
    };
  }

  /** What the worker states of a clip, at the moments at which the product would look. */
  async look(
    worker: number,
    clip: SetClip,
    identity = false,
  ): Promise<WatchedClip & { readonly durationMs: number }> {
    const source = await openClip(clip);
    const frames = this.#server.addClip(source);
    try {
      const { width, height, fps, durationMs } = source;
      const shape = {
        frames,
        width,
        height,
        fps,
        durationMs,
        seed: clip.id.length * 31 + durationMs,
        captureEveryMs: identity ? CAPTURE_EVERY_MS : null,
      };
      const watched = await this.#page.evaluate(
        ([index, what]) => window.bench.watch(index, what),
        [worker, shape] as const,
      );
      return { ...watched, durationMs };
    } finally {
      this.#server.removeClip(frames);
      source.close();
    }
  }

  /** Counts a picture's faces and, with somebody in it, makes the numbers that people are told apart by. */
  async picture(worker: number, picture: SetPicture): Promise<MeasuredPicture> {
    const address = this.#server.addPicture(picture.file);
    const faces = await this.#page.evaluate(([index, path]) => window.bench.facesOf(index, path), [
      worker,
      address,
    ] as const);
    if (picture.person === null || !picture.forIdentity)
      return { picture, faces, advice: null, known: null };
    const capture = await this.#page.evaluate(
      ([index, path]) => window.bench.capture(index, path),
      [worker, address] as const,
    );
    const advice = capture === null ? 'nobody' : captureAdvice({ ...capture, ageMs: 0 });
    const known =
      advice === null && capture?.descriptor
        ? { person: picture.person, descriptor: capture.descriptor }
        : null;
    return { picture, faces, advice, known };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}
