import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from '@playwright/test';

import { type AxeScope, axeViolations, COLOURS, WCAG } from '#test/support/axe.ts';
import { type PageForm, pagePath, testPages } from '#test/support/test-pages.ts';
import { launchArgs, windowlessChromiumPath } from '#tools/chromium.ts';
import type {} from './harness/main.tsx';

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

/** The dialog that is open, for axe. */
export const DIALOG = '[role=dialog]';
/** The panel of one examinee. */
export const PANEL = '[data-panel]';

export type Scheme = 'light' | 'dark';

/** A page that has drawn nothing for so long draws no more, ms. */
const DRAWN_MS = 10_000;

/** One open dashboard and what a test does with it. */
export class DashboardPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Page errors and requests to anywhere else: all of them are failures. */
  readonly faults: string[] = [];
  readonly #server: ScriptedServer;
  /** Whether this visit has begun; until then the page shows nothing. */
  #here = false;

  constructor(page: Page, server: ScriptedServer) {
    this.page = page;
    this.context = page.context();
    this.#server = server;
    const origin = server.address;
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

  /** Whether the browser still draws this page: what is clicked, and every look at it, waits for its frames. */
  async draws(): Promise<boolean> {
    const drawn = this.page.evaluate(
      () => new Promise<boolean>((done) => requestAnimationFrame(() => done(true))),
    );
    const late = new Promise<boolean>((done) => setTimeout(done, DRAWN_MS, false));
    return Promise.race([drawn.catch(() => false), late]);
  }

  /** Leaves whatever the page shows, as if it had never been visited. */
  async leave(): Promise<void> {
    if (!this.page.url().startsWith(this.#server.address)) return;
    await this.page.mouse.move(0, 0);
    await this.page.evaluate(() => window.dashboardHarness.leave());
    await this.context.clearCookies();
    this.faults.length = 0;
    this.#here = false;
  }

  /** Opens the dashboard at an address, on the page that is there: loading another takes ten times as long. */
  async goto(hash = ''): Promise<void> {
    if (this.#here || !this.page.url().startsWith(this.#server.address)) {
      await this.page.goto(`${this.#server.address}/dashboard/${hash}`);
    } else {
      await this.page.evaluate((there) => {
        history.replaceState(null, '', location.pathname + there);
        window.dashboardHarness.start();
      }, hash);
    }
    this.#here = true;
  }

  async signIn(password = PASSWORD): Promise<void> {
    await this.page.getByLabel(/^(Usuario|User name)$/).fill('mandrade');
    await this.page.getByLabel(/^(Contraseña|Password)$/).fill(password);
    await this.page.getByRole('button', { name: /^(Ingresar|Sign in)$/ }).click();
  }

  /** Comes to an address as somebody who has signed in before. */
  async arrive(hash = ''): Promise<void> {
    const value = this.#server.newSession();
    const url = this.#server.address;
    await this.context.addCookies([
      { name: 'staff', value, url, httpOnly: true, sameSite: 'Strict' },
    ]);
    await this.goto(hash);
  }

  /** Arrives and waits for the room's tiles: the scripted server has one room with one session now. */
  async enterRoom(): Promise<void> {
    await this.arrive();
    await this.tile(1).waitFor();
  }

  tile(number: number): Locator {
    return this.page.locator(`button[data-attempt-id="attempt-${number}"]`);
  }

  panel(): Locator {
    return this.page.locator(PANEL);
  }

  /** Violations of WCAG 2.2 A and AA as axe sees them, in short. @param scope part of the page, or of the rules. */
  violations(scope: Omit<AxeScope, 'tags'> = {}): Promise<readonly string[]> {
    return axeViolations(this.page, { tags: WCAG, ...scope });
  }

  /**
   * What is wrong with how a state looks: in windows of all sizes, and to axe. Colours do not depend on the size, and
   * of the rules nothing but colours depends on the scheme: so each is asked for once.
   *
   * @param scheme the one that the page is shown in.
   * @param options `within`: what lies over a page that was looked at before, and only that to axe. `narrow`: another
   *   layout in narrow windows, which axe sees too. `shot` takes a picture of it, if somebody wants one.
   */
  async flaws(
    scheme: Scheme,
    options: {
      readonly within?: string;
      readonly narrow?: boolean;
      readonly shot?: (width: number) => Promise<unknown>;
    } = {},
  ): Promise<readonly string[]> {
    const found: string[] = [];
    const part = options.within === undefined ? {} : { within: options.within };
    for (const size of [...NARROW.toReversed(), ...SIZES.toReversed()]) {
      await this.page.setViewportSize(size);
      // What is drawn by the window's size is drawn a frame later.
      await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
      await options.shot?.(size.width);
      const wrong = [...(await this.overflow()), ...(await this.smallTargets())];
      if (options.narrow && scheme === 'light' && size === NARROW[1])
        wrong.push(...(await this.violations({ ...part, without: COLOURS })));
      if (size === SIZES[0])
        wrong.push(
          ...(await this.violations(scheme === 'light' ? part : { ...part, only: COLOURS })),
        );
      found.push(...wrong.map((one) => `${size.width}: ${one}`));
    }
    return found;
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

/** The page, its scripted server and a browser, for all tests of a file. */
export interface DashboardBench {
  readonly server: ScriptedServer;
  /** A new visitor, with the server's script begun anew. */
  open(options?: {
    readonly size?: { readonly width: number; readonly height: number };
    readonly scheme?: Scheme;
    /** On a page of its own, which it may bend: with a clock that stands still, or a cut network. */
    readonly ownPage?: boolean;
  }): Promise<DashboardPage>;
  stop(): Promise<void>;
}

export const startDashboardBench = async (form?: PageForm): Promise<DashboardBench> => {
  const server = await startScriptedServer(await testPages(form), pagePath('dashboard'));
  const browser: Browser = await chromium.launch({
    executablePath: windowlessChromiumPath(),
    args: [...launchArgs],
  });
  const newVisit = async (): Promise<DashboardPage> => {
    const context = await browser.newContext({ locale: 'es-EC', reducedMotion: 'reduce' });
    return new DashboardPage(await context.newPage(), server);
  };
  let common = await newVisit();
  let own: DashboardPage | null = null;
  return {
    server,
    open: async ({ size = SIZES[0], scheme = 'light', ownPage = false } = {}) => {
      await own?.context.close();
      // Chromium was seen to draw nothing more in a page that had been shown in many sizes: the next test has another one.
      if (!(await common.draws())) {
        await common.context.close();
        common = await newVisit();
      }
      await common.leave();
      server.reset();
      own = ownPage ? await newVisit() : null;
      const visit = own ?? common;
      await visit.page.setViewportSize(size);
      await visit.page.emulateMedia({ colorScheme: scheme });
      return visit;
    },
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
};

let shared: Promise<DashboardBench> | null = null;

/**
 * The bench that all suites of one test run share; whoever ends the run stops it. As the product is: what the libraries
 * would say in their talking form, complaints.suite.ts hears.
 */
export const sharedBench = (): Promise<DashboardBench> => {
  shared ??= startDashboardBench('product');
  return shared;
};
