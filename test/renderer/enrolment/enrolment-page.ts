import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
  expect as see,
} from '@playwright/test';
import { type AxeScope, axeViolations, WCAG } from '#test/support/axe.ts';
import { createLiveCamera, type LiveCamera } from '#test/support/camera-scene.ts';
import { PRODUCT } from '#test/support/exam/product-build.ts';
import { fakeCameraArgs, launchArgs, SHORT_LOOK, windowlessChromiumPath } from '#tools/chromium.ts';
import { buildSceneFile } from '#tools/clip/build-clip.ts';
import { buildDocumentFile } from './document-scene.ts';
import {
  DOCUMENT,
  type ScriptedEnrolment,
  SECRET,
  startScriptedEnrolment,
} from './scripted-enrolment.ts';

/** Two screens of computers, and a phone: people enrol at home. */
export const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
] as const;

const PEOPLE = ['person', 'two-people', 'nobody', 'dark', 'far'] as const;
export type EnrolmentScene = (typeof PEOPLE)[number] | 'card' | 'qr';

/** A machine that is busy with something else needs this long for the face models, ms. */
export const PATIENCE_MS = 60_000;

/** Scenes for the fake camera; the same length and header each. @param folder an empty one. */
export const openEnrolmentCamera = async (folder: string): Promise<LiveCamera<EnrolmentScene>> => {
  const file = (scene: EnrolmentScene): string => join(folder, `${scene}.y4m`);
  for (const scene of PEOPLE) await buildSceneFile(scene, file(scene));
  await buildDocumentFile('card', file('card'));
  await buildDocumentFile('qr', file('qr'));
  return createLiveCamera(
    {
      person: file('person'),
      'two-people': file('two-people'),
      nobody: file('nobody'),
      dark: file('dark'),
      far: file('far'),
      card: file('card'),
      qr: file('qr'),
    },
    'person',
  );
};

/** One open enrolment page and what a person does with it. */
export class EnrolmentPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Page errors and requests to anywhere else: all of them are failures. */
  readonly faults: string[] = [];
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.context = page.context();
    this.#origin = origin;
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (entry) => {
      // A refused request is a console error of the browser's own, and the vision runtime reports its start there;
      // what the page does is what counts.
      const own = !/Failed to load resource|INFO:|^[IW]\d{4} /.test(entry.text());
      if (entry.type() === 'error' && own) this.faults.push(entry.text());
    });
    page.on('request', (request) => {
      const own = request.url().startsWith(origin) || request.url().startsWith('blob:');
      if (!own) this.faults.push(`request ${request.url()}`);
    });
  }

  async goto(hash = ''): Promise<void> {
    await this.page.goto(`${this.#origin}/enrolment/${hash}`);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  async signIn(document = DOCUMENT, secret = SECRET): Promise<void> {
    await this.page.getByLabel(/^(Cédula o pasaporte|National ID or passport)$/).fill(document);
    await this.page.getByLabel(/^(Clave de acceso|Access code)$/).fill(secret);
    await this.button(/^(Ingresar|Sign in)$/).click();
  }

  /** From the door to the camera. */
  async toFace(): Promise<void> {
    await this.signIn();
    await this.button('Empezar el registro').click();
    await this.page.getByRole('checkbox').check();
    await this.button('Acepto y continúo').click();
    await this.heading('Su rostro').waitFor();
  }

  advice(): Locator {
    return this.page.locator('[data-advice]');
  }

  /** Waits until the camera says this; looks and models take their time. */
  async sees(advice: string): Promise<void> {
    await this.page.locator(`[data-advice="${advice}"]`).waitFor({ timeout: PATIENCE_MS });
  }

  /**
   * Takes a photo of the document, and again where another scene had not come yet, until the page says this.
   * @param press how; with the mouse if not said.
   */
  async takes(
    text: string,
    press = (button: Locator): Promise<void> => button.click({ timeout: 10_000 }),
  ): Promise<void> {
    const said = this.page.getByText(text);
    const take = this.button('Tomar la foto');
    await see(take).toBeEnabled({ timeout: PATIENCE_MS });
    // Each press is one photo, and the page's answer may take as long as its models: a second press would be a second one.
    const looking = this.page.locator('button[data-loading]');
    await see(async () => {
      if (await take.isVisible()) await press(take);
      await looking.waitFor({ state: 'detached', timeout: PATIENCE_MS });
      await see(said).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: PATIENCE_MS });
  }

  /** Violations of WCAG 2.2 A and AA as axe sees them, in short. @param scope part of the page, or of the rules. */
  violations(scope: Omit<AxeScope, 'tags'> = {}): Promise<readonly string[]> {
    return axeViolations(this.page, { tags: WCAG, ...scope });
  }

  /** The page when it scrolls sideways, and texts that stick out of their boxes. */
  overflow(): Promise<readonly string[]> {
    return this.page.evaluate(() => {
      const found: string[] = [];
      const { scrollWidth } = document.documentElement;
      if (scrollWidth > innerWidth) found.push(`page ${scrollWidth} > ${innerWidth}`);
      for (const element of document.querySelectorAll('h1, h2, p, button, dd, td, th, label')) {
        const { right, width } = element.getBoundingClientRect();
        if (width > 1 && right > innerWidth + 1) {
          found.push(`${element.tagName} ${element.textContent?.slice(0, 40)}`);
        }
      }
      return found;
    });
  }

  /** What one presses and is smaller than 24 px either way (WCAG 2.5.8). */
  smallTargets(): Promise<readonly string[]> {
    return this.page
      .locator('button, a[href], input:not([type=radio], [type=checkbox])')
      .evaluateAll((targets) =>
        targets
          .filter((target) => {
            const { width, height } = target.getBoundingClientRect();
            return width > 0 && (width < 24 || height < 24);
          })
          .map((target) => target.outerHTML.slice(0, 120)),
      );
  }
}

/** The product's page, its scripted server, a camera and a browser, for all tests of a file. */
export interface EnrolmentBench {
  readonly server: ScriptedEnrolment;
  readonly camera: LiveCamera<EnrolmentScene>;
  /** A new visitor, with server and camera begun anew. */
  open(options?: {
    readonly size?: { readonly width: number; readonly height: number };
  }): Promise<EnrolmentPage>;
  stop(): Promise<void>;
}

export const startEnrolmentBench = async (): Promise<EnrolmentBench> => {
  const scenes = mkdtempSync(join(tmpdir(), 'atalaya-scenes-'));
  const camera = await openEnrolmentCamera(scenes);
  const server = await startScriptedEnrolment(PRODUCT.pages);
  const browser: Browser = await chromium.launch({
    executablePath: windowlessChromiumPath(),
    args: [...launchArgs, ...fakeCameraArgs(camera.file), SHORT_LOOK],
  });
  let last: EnrolmentPage | null = null;
  return {
    server,
    camera,
    open: async ({ size = SIZES[0] } = {}) => {
      await last?.context.close();
      server.reset();
      camera.scene('person');
      const context = await browser.newContext({
        viewport: size,
        locale: 'es-EC',
        reducedMotion: 'reduce',
        acceptDownloads: true,
        permissions: ['camera'],
      });
      last = new EnrolmentPage(await context.newPage(), server.address);
      await last.goto();
      return last;
    },
    stop: async () => {
      await browser.close();
      await server.stop();
      camera.dispose();
      rmSync(scenes, { recursive: true, force: true });
    },
  };
};

let shared: Promise<EnrolmentBench> | null = null;

/** The bench that all suites of one test run share; whoever ends the run stops it. */
export const sharedBench = (): Promise<EnrolmentBench> => {
  shared ??= startEnrolmentBench();
  return shared;
};
