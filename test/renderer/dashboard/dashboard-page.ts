import { rmSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from '@playwright/test';
import { axeOf } from '#test/support/axe.ts';
import { chromiumPath, launchArgs } from '#tools/chromium.ts';
import { buildDashboard } from './build-page.ts';
import { PASSWORD, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const;

/** Half a screen, and less: what a proctor has beside another window. */
export const NARROW = [
  { width: 900, height: 768 },
  { width: 600, height: 800 },
] as const;

export type Scheme = 'light' | 'dark';

/** One open dashboard and what a test does with it. */
export class DashboardPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Page errors and requests to anywhere else: all of them are failures. */
  readonly faults: string[] = [];
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.context = page.context();
    this.#origin = origin;
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (entry) => {
      // A refused request is a console error of the browser's own; what the page does with it is what counts.
      const own = !/Failed to load resource|WebSocket connection/.test(entry.text());
      if (entry.type() === 'error' && own) this.faults.push(entry.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) this.faults.push(`request ${request.url()}`);
    });
  }

  async goto(hash = ''): Promise<void> {
    await this.page.goto(`${this.#origin}/dashboard/${hash}`);
  }

  async signIn(password = PASSWORD): Promise<void> {
    await this.page.getByLabel(/^(Usuario|User name)$/).fill('mandrade');
    await this.page.getByLabel(/^(Contraseña|Password)$/).fill(password);
    await this.page.getByRole('button', { name: /^(Ingresar|Sign in)$/ }).click();
  }

  /** Signs in and waits for the room's tiles: the scripted server has one room with one session now. */
  async enterRoom(): Promise<void> {
    await this.goto();
    await this.signIn();
    await this.tile(1).waitFor();
  }

  tile(number: number): Locator {
    return this.page.locator(`button[data-attempt-id="attempt-${number}"]`);
  }

  panel(): Locator {
    return this.page.locator('[data-panel]');
  }

  /** Violations of WCAG 2.2 A and AA as axe sees them, in short. */
  async violations(): Promise<readonly string[]> {
    const { violations } = await axeOf(this.page)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id} ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    );
  }

  /** Elements that stick out of the page sideways, and the page itself when it scrolls sideways. */
  overflow(): Promise<readonly string[]> {
    return this.page.evaluate(() => {
      const found: string[] = [];
      const { scrollWidth } = document.documentElement;
      if (scrollWidth > innerWidth) found.push(`page ${scrollWidth} > ${innerWidth}`);
      for (const element of document.querySelectorAll('main, header, [role=dialog], section')) {
        const style = getComputedStyle(element);
        const wide = element.scrollWidth - element.clientWidth;
        if (wide > 1 && style.overflowX !== 'visible') found.push(`${element.className} +${wide}`);
      }
      return found;
    });
  }

  /** What one presses and is smaller than 24 px either way (WCAG 2.5.8). */
  smallTargets(): Promise<readonly string[]> {
    return this.page
      .locator(
        'button, a[href], input:not([type=radio], [type=checkbox]), label:has(+ input), input + label',
      )
      .evaluateAll((targets) =>
        targets
          .filter((target) => {
            const { width, height } = target.getBoundingClientRect();
            return width > 0 && (width < 24 || height < 24);
          })
          .map((target) => target.outerHTML.slice(0, 120)),
      );
  }

  /** What a button or a heading cannot show in full. */
  cutOff(selector: string): Promise<readonly string[]> {
    return this.page
      .locator(selector)
      .evaluateAll((elements) =>
        elements
          .filter((element) => element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.textContent ?? ''),
      );
  }
}

/** A built page, its scripted server and a browser, for all tests of a file. */
export interface DashboardBench {
  readonly server: ScriptedServer;
  /** A new visitor, with the server's script begun anew. */
  open(options?: {
    readonly size?: { readonly width: number; readonly height: number };
    readonly scheme?: Scheme;
  }): Promise<DashboardPage>;
  stop(): Promise<void>;
}

export const startDashboardBench = async (minify = false): Promise<DashboardBench> => {
  const folder = await buildDashboard(minify);
  const server = await startScriptedServer(folder);
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [...launchArgs],
  });
  let last: DashboardPage | null = null;
  return {
    server,
    open: async ({ size = SIZES[0], scheme = 'light' } = {}) => {
      await last?.context.close();
      server.reset();
      const context = await browser.newContext({
        viewport: size,
        colorScheme: scheme,
        locale: 'es-EC',
        reducedMotion: 'reduce',
      });
      last = new DashboardPage(await context.newPage(), server.address);
      return last;
    },
    stop: async () => {
      await browser.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

let shared: Promise<DashboardBench> | null = null;

/** The bench that all suites of one test run share; whoever ends the run stops it. */
export const sharedBench = (): Promise<DashboardBench> => {
  shared ??= startDashboardBench();
  return shared;
};
