import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import fastify, { type FastifyInstance } from 'fastify';
import { build } from 'vite';
import { pages } from '#server/platform/pages.ts';
import type { App } from '#server/platform/typed.ts';
import { rendererMemoryKb, workerCpuMs } from '#test/support/worker-cpu.ts';
import { ALL_MODELS, prepareVision } from '#tools/bundle/prepare-vision.ts';
import { chromiumPath, fakeCameraDeviceArgs, launchArgs } from '#tools/chromium.ts';
import { buildSceneFile, showScene } from '#tools/clip/build-clip.ts';
import type { SceneName } from '#tools/clip/scenes.ts';

/** As strict as the product's own, without what only its screens need. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
  'img-src data:',
].join('; ');

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
  readonly #server: FastifyInstance;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #playing: string;
  readonly #pictures: Map<string, Uint8Array>;
  readonly #missing: Set<string>;
  readonly #broken: Set<string>;

  private constructor(
    folder: string,
    server: FastifyInstance,
    origin: string,
    browser: Browser,
    context: BrowserContext,
    playing: string,
    pictures: Map<string, Uint8Array>,
    missing: Set<string>,
    broken: Set<string>,
  ) {
    this.#folder = folder;
    this.#server = server;
    this.origin = origin;
    this.#browser = browser;
    this.#context = context;
    this.#playing = playing;
    this.#pictures = pictures;
    this.#missing = missing;
    this.#broken = broken;
  }

  /**
   * Builds, serves and starts a browser.
   *
   * @param scene what the camera shows; null for a machine without a camera.
   * @param allModels serve also the models that the product does not use.
   * @param machine what is different about this machine: switches of its browser, and a writer of what its
   *   camera shows instead of the scene.
   */
  static async open(
    scene: SceneName | null,
    allModels = false,
    machine: {
      readonly args?: readonly string[];
      readonly film?: (file: string) => Promise<unknown>;
      /** An object model that the institution put there. */
      readonly objectModel?: Uint8Array;
    } = {},
  ): Promise<VisionPage> {
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-vision-page-'));
    const playing = join(folder, 'playing.y4m');
    if (machine.film) await machine.film(playing);
    else if (scene) await buildSceneFile(scene, playing);
    const vision = await prepareFor(folder, allModels, machine.objectModel);
    await cp(await builtPage(), join(folder, 'page'), { recursive: true });
    await symlink(vision.folder, join(folder, 'page/vision'));
    const pictures = new Map<string, Uint8Array>();
    const missing = new Set<string>();
    const broken = new Set<string>();
    const { server, origin } = await serve(join(folder, 'page'), pictures, missing, broken);
    const browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: [
        ...launchArgs,
        ...(scene
          ? fakeCameraDeviceArgs(playing)
          : ['--use-fake-device-for-media-stream=device-count=0']),
        // Last: of a switch that comes twice, the last one counts.
        ...(machine.args ?? []),
      ],
    });
    const context = await browser.newContext({ permissions: ['camera'] });
    return new VisionPage(
      folder,
      server,
      origin,
      browser,
      context,
      playing,
      pictures,
      missing,
      broken,
    );
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
    await page.goto(`${this.origin}/page?${new URLSearchParams(settings)}`);
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

  /** Memory of this browser's pages, workers included, in kilobytes; null if unknown. */
  rendererMemoryKb(): number | null {
    return rendererMemoryKb(this.#playing);
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

  /** From now on the server does not have this file of the vision folder. */
  lose(file: string): void {
    this.#missing.add(`/vision/${file}`);
  }

  /** From now on this file comes as rubbish, as from a disk that is failing. */
  spoil(file: string): void {
    this.#broken.add(`/vision/${file}`);
  }

  find(file: string): void {
    this.#missing.delete(`/vision/${file}`);
    this.#broken.delete(`/vision/${file}`);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function prepareFor(folder: string, allModels: boolean, objectModel?: Uint8Array) {
  const own = join(folder, 'vision');
  if (allModels) return prepareVision(own, ALL_MODELS);
  if (objectModel === undefined) return prepareVision();
  const extras = join(folder, 'extras');
  await mkdir(extras);
  await writeFile(join(extras, 'objects.tflite'), objectModel);
  return prepareVision(own, undefined, extras);
}

let built: Promise<string> | undefined;

/** The page as it is built: once for all the tests of a file, some seconds each time. */
function builtPage(): Promise<string> {
  built ??= mkdtemp(join(tmpdir(), 'atalaya-vision-build-')).then(async (folder) => {
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    await buildPage(join(folder, 'page'));
    return join(folder, 'page');
  });
  return built;
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

/** As the product serves its pages: compressed where that lies there, and asked for again each time. */
async function serve(
  folder: string,
  pictures: ReadonlyMap<string, Uint8Array>,
  missing: ReadonlySet<string>,
  broken: ReadonlySet<string>,
): Promise<{ server: FastifyInstance; origin: string }> {
  const server = fastify({ forceCloseConnections: true });
  server.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', POLICY);
    const [path = ''] = request.url.split('?');
    if (missing.has(path)) await reply.code(404).send();
    if (broken.has(path)) await reply.type('application/octet-stream').send(Buffer.alloc(5_000, 7));
  });
  server.get<{ Params: { number: string } }>('/pictures/:number', async (request, reply) =>
    reply
      .type('application/octet-stream')
      .send(Buffer.from(pictures.get(`/pictures/${request.params.number}`) ?? [])),
  );
  // The address alone leads to the dashboard in the product.
  server.get('/page', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(await readFile(join(folder, 'index.html'))),
  );
  await pages(server as unknown as App, folder);
  return { server, origin: await server.listen({ port: 0, host: '127.0.0.1' }) };
}
