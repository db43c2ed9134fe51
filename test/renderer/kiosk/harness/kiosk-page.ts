import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import type { CameraDevice } from '#renderer/kiosk/camera-choice.ts';
import type { CameraFault, VisionLoading } from '#renderer/kiosk/camera-feed.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { ProblemCode } from '#shared/kernel/problem.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { chromiumPath, launchArgs } from '#tools/chromium.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** As strict as the product's, so that a screen that needs more shows here. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self' blob: mediastream:";

export const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
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
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-kiosk-'));
    await build({
      configFile: join(import.meta.dirname, 'vite.config.ts'),
      build: { outDir: folder, emptyOutDir: true },
    });
    const server = createServer(async (request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      const file = join(folder, path === '/' ? 'index.html' : path);
      try {
        const body = await readFile(file);
        response.writeHead(200, {
          'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': CSP,
        });
        response.end(body);
      } catch {
        response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: [...launchArgs],
    });
    return new KioskHarness(browser, `http://127.0.0.1:${port}`, async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    });
  }

  /** Opens the kiosk in a fresh browser profile. */
  async open(options: { locale?: 'es' | 'en'; address?: string } = {}): Promise<KioskPage> {
    const context: BrowserContext = await this.#browser.newContext({
      viewport: SIZES[0],
      reducedMotion: 'reduce',
      timezoneId: 'America/Guayaquil',
    });
    if (options.locale === 'en') {
      await context.addInitScript(() => sessionStorage.setItem('atalaya.locale', 'en'));
    }
    const page = await context.newPage();
    const kiosk = new KioskPage(page, this.origin);
    await page.goto(`${this.origin}/${options.address ?? ''}`);
    await page.waitForFunction(() => 'harness' in window);
    return kiosk;
  }

  stop(): Promise<void> {
    return this.#close();
  }
}
