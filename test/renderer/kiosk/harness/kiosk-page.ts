import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import type { CameraDevice } from '#renderer/kiosk/camera-choice.ts';
import type { CameraFault, VisionLoading } from '#renderer/kiosk/camera-feed.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { ProblemCode } from '#shared/kernel/problem.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { serveFolder } from '#test/support/serve-folder.ts';
import { pagePath, testPages } from '#test/support/test-pages.ts';
import { launchArgs, windowlessChromiumPath } from '#tools/chromium.ts';

/** As strict as the product's, so that a screen that needs more shows here. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self' blob: mediastream:";

export const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const;

/** Little room for the text: twice its size on the smallest screen, and a narrow window. */
export const SMALL = [
  { width: 1366, height: 768, text: 200 },
  { width: 600, height: 768, text: 100 },
] as const;

export const GOOD_SAMPLE: CameraSample = {
  ageMs: 20,
  status: 'ok',
  faces: [{ x: 0.38, y: 0.22, width: 0.24, height: 0.36, score: 0.96, yaw: 0.02 }],
  luma: { mean: 120, std: 48, flatFraction: 0.2, faceMean: 130, difference: 2.4 },
};

/** One open kiosk and what a test does with it. */
export class KioskPage {
  readonly page: Page;
  /** Page errors, console errors and requests to anywhere else: all of them are failures. */
  readonly faults: string[] = [];

  constructor(page: Page, origin: string) {
    this.page = page;
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (entry) => {
      if (entry.type() === 'error') this.faults.push(entry.text());
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !url.startsWith('data:')) this.faults.push(`request ${url}`);
    });
  }

  /** Begins anew on the same page, much faster than a new one: nothing shown, nothing asked. */
  async restart(): Promise<void> {
    this.faults.length = 0;
    await this.page.setViewportSize(SIZES[0]);
    await this.page.evaluate(() => window.harness.restart());
  }

  show(view: KioskView): Promise<void> {
    return this.page.evaluate((shown) => window.harness.host.show(shown), view);
  }

  say(sample: CameraSample): Promise<void> {
    return this.page.evaluate((said) => window.harness.feed.say(said), sample);
  }

  setFault(fault: CameraFault | null): Promise<void> {
    return this.page.evaluate((set) => window.harness.feed.setFault(set), fault);
  }

  sayLoading(loading: VisionLoading): Promise<void> {
    return this.page.evaluate((said) => window.harness.feed.sayLoading(said), loading);
  }

  /** From now on the machine has these cameras. */
  setCameras(cameras: readonly CameraDevice[]): Promise<void> {
    return this.page.evaluate((all) => window.harness.feed.tellCameras(all), cameras);
  }

  actions(): Promise<KioskAction[]> {
    return this.page.evaluate(() => window.harness.host.actions);
  }

  refuse(type: KioskAction['type'], code: ProblemCode, retryAfterMs?: number): Promise<void> {
    const problem = retryAfterMs === undefined ? { code } : { code, retryAfterMs };
    return this.page.evaluate(
      ([refused, error]) => window.harness.host.answer(refused, { ok: false, error }),
      [type, problem] as const,
    );
  }
}

/** A browser with the built harness behind a local server. */
export class KioskHarness {
  readonly #browser: Browser;
  readonly #close: () => Promise<void>;
  readonly origin: string;

  private constructor(browser: Browser, origin: string, close: () => Promise<void>) {
    this.#browser = browser;
    this.origin = origin;
    this.#close = close;
  }

  static async start(): Promise<KioskHarness> {
    const pages = await serveFolder(await testPages(), { '/': pagePath('kiosk') }, CSP);
    const browser = await chromium.launch({
      executablePath: windowlessChromiumPath(),
      args: [...launchArgs],
    });
    return new KioskHarness(browser, pages.origin, async () => {
      await browser.close();
      await pages.close();
    });
  }

  /** Opens the kiosk in a fresh browser profile. @param options `clock`: the test may move it on. */
  async open(
    options: { locale?: 'es' | 'en'; address?: string; clock?: boolean } = {},
  ): Promise<KioskPage> {
    const context: BrowserContext = await this.#browser.newContext({
      viewport: SIZES[0],
      reducedMotion: 'reduce',
      timezoneId: 'America/Guayaquil',
    });
    if (options.locale === 'en') {
      await context.addInitScript(() => sessionStorage.setItem('atalaya.locale', 'en'));
    }
    const page = await context.newPage();
    if (options.clock) await page.clock.install();
    const kiosk = new KioskPage(page, this.origin);
    await page.goto(`${this.origin}/${options.address ?? ''}`);
    await page.waitForFunction(() => 'harness' in window);
    return kiosk;
  }

  stop(): Promise<void> {
    return this.#close();
  }
}

let shared: Promise<KioskHarness> | null = null;

/** The harness that all suites of one test run share; whoever ends the run stops it. */
export const sharedHarness = (): Promise<KioskHarness> => {
  shared ??= KioskHarness.start();
  return shared;
};
