import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import { chromiumPath, fakeCameraDeviceArgs, launchArgs } from '#test/support/chromium.ts';
import { buildSceneFile, showScene } from '#test/support/clip/build-clip.ts';
import type { SceneName } from '#test/support/clip/scenes.ts';
import { workerCpuMs } from '#test/support/worker-cpu.ts';
import { ALL_MODELS, prepareVision } from '#tools/prepare-vision.ts';

/** As strict as the product's own, without what only its screens need. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
  'img-src data:',
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * The real vision code, built as the product is, on a bare page under a strict policy, in a real
 * browser whose camera plays scenes.
 */
export class VisionPage {
  readonly origin: string;
  /** Every address that the browser asked for. */
  readonly requests: string[] = [];
  /** Errors on the page's console, refusals of the policy among them. */
  readonly errors: string[] = [];
  readonly #folder: string;
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #playing: string;
  readonly #pictures: Map<string, Uint8Array>;

  private constructor(
    folder: string,
    server: Server,
    origin: string,
    browser: Browser,
    context: BrowserContext,
    playing: string,
    pictures: Map<string, Uint8Array>,
  ) {
    this.#folder = folder;
    this.#server = server;
    this.origin = origin;
    this.#browser = browser;
    this.#context = context;
    this.#playing = playing;
    this.#pictures = pictures;
  }

  /**
   * Builds, serves and starts a browser.
   *
   * @param scene what the camera shows; null for a machine without a camera.
   * @param allModels serve also the models that the product does not use.
   */
  static async open(scene: SceneName | null, allModels = false): Promise<VisionPage> {
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-vision-page-'));
    const playing = join(folder, 'playing.y4m');
    if (scene) await buildSceneFile(scene, playing);
    const vision = await (allModels
      ? prepareVision(join(folder, 'vision'), ALL_MODELS)
      : prepareVision());
    await buildPage(join(folder, 'page'));
    const pictures = new Map<string, Uint8Array>();
    const { server, origin } = await serve(join(folder, 'page'), vision.folder, pictures);
    const browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: [
        ...launchArgs,
        ...(scene
          ? fakeCameraDeviceArgs(playing)
          : ['--use-fake-device-for-media-stream=device-count=0']),
      ],
    });
    const context = await browser.newContext({ permissions: ['camera'] });
    return new VisionPage(folder, server, origin, browser, context, playing, pictures);
  }

  /** Opens the page. @param settings see `page/main.ts`. */
  async visit(settings: Readonly<Record<string, string>> = {}): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      // The runtime writes its notices as errors.
      if (message.type() === 'error' && !/INFO:|^[IW]\d{4} /.test(message.text())) {
        this.errors.push(message.text());
      }
    });
    await page.goto(`${this.origin}/?${new URLSearchParams(settings)}`);
    await page.waitForFunction(() => 'vision' in window);
    return page;
  }

  /** Starts the watch and waits for its first look. */
  async watch(settings: Readonly<Record<string, string>> = {}): Promise<Page> {
    const page = await this.visit(settings);
    const started = await page.evaluate(async () => (await window.vision.watch.start()).ok);
    if (!started) throw new Error('the camera did not open');
    await page.waitForFunction(() => window.vision.samples.some((s) => s.sample.status === 'ok'));
    return page;
  }

  /** Processor time of this browser's worker threads so far, in milliseconds; null if unknown. */
  workerCpuMs(): Map<string, number> | null {
    return workerCpuMs(this.#playing);
  }

  /** Serves a picture. @returns its address, relative to the page. */
  addPicture(bytes: Uint8Array): string {
    const path = `/pictures/${this.#pictures.size}`;
    this.#pictures.set(path, bytes);
    return `.${path}`;
  }

  /** Changes what the running camera shows. */
  async show(scene: SceneName): Promise<void> {
    const file = join(this.#folder, `${scene}.y4m`);
    await buildSceneFile(scene, file);
    await showScene(file, this.#playing);
  }

  /** Pulls the camera's cable: its file ends, and the browser ends the track. */
  async unplug(): Promise<void> {
    await truncate(this.#playing, 0);
  }

  async plugIn(scene: SceneName): Promise<void> {
    await buildSceneFile(scene, this.#playing);
  }

  /** Takes back the pages' right to the camera, as a person does in the browser's settings. */
  async withdrawPermission(): Promise<void> {
    await this.#context.clearPermissions();
  }

  async grantPermission(): Promise<void> {
    await this.#context.grantPermissions(['camera']);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, '../renderer/vision/page'),
    base: './',
    publicDir: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'chrome140', assetsInlineLimit: 0 },
  });
}

async function serve(
  page: string,
  vision: string,
  pictures: ReadonlyMap<string, Uint8Array>,
): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = path.startsWith('/vision/')
      ? join(vision, path.slice('/vision/'.length))
      : join(page, path === '/' ? 'index.html' : path);
    const picture = pictures.get(path);
    (picture ? Promise.resolve(picture) : readFile(file)).then(
      (bytes) =>
        response
          .writeHead(200, {
            'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
            'content-security-policy': POLICY,
          })
          .end(bytes),
      () => response.writeHead(404, { 'content-security-policy': POLICY }).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { server, origin: `http://127.0.0.1:${address.port}` };
}
