import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import fastify, { type FastifyInstance } from 'fastify';
import { pages } from '#server/platform/pages.ts';
import type { App } from '#server/platform/typed.ts';
import { pagePath, testPages } from '#test/support/test-pages.ts';
import { rendererMemoryKb, runPart, type Starved, workerCpuMs } from '#test/support/worker-cpu.ts';
import { ALL_MODELS, prepareVision } from '#tools/bundle/prepare-vision.ts';
import {
  ANYBODY_MAY,
  chromiumPath,
  fakeCameraDeviceArgs,
  launchArgs,
  SHORT_LOOK,
  windowlessChromiumPath,
} from '#tools/chromium.ts';
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

/** A file as a machine has it that lacks something: other bytes, none at all, or rubbish as from a disk that fails. */
export type Harm = Uint8Array | 'missing' | 'rubbish';

const RUBBISH = new Uint8Array(5_000).fill(7);

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
  readonly #served: Served;

  private constructor(
    folder: string,
    server: FastifyInstance,
    origin: string,
    browser: Browser,
    context: BrowserContext,
    playing: string,
    served: Served,
  ) {
    this.#folder = folder;
    this.#server = server;
    this.origin = origin;
    this.#browser = browser;
    this.#context = context;
    this.#playing = playing;
    this.#served = served;
  }

  /**
   * Serves the page and starts a browser.
   *
   * @param scene what the camera shows; null for a machine without a camera.
   * @param allModels serve also the models that the product does not use.
   * @param machine what is different about this machine: switches of its browser, a writer of what its camera shows
   *   instead of the scene, and whether its browser is the one that people have. That one costs twice as much, and only
   *   what measures, or chooses between cameras, needs it.
   */
  static async open(
    scene: SceneName | null,
    allModels = false,
    machine: {
      readonly args?: readonly string[];
      readonly film?: (file: string) => Promise<unknown>;
      readonly asUsed?: boolean;
    } = {},
  ): Promise<VisionPage> {
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-vision-page-'));
    const playing = join(folder, 'playing.y4m');
    if (machine.film) await machine.film(playing);
    else if (scene) await buildSceneFile(scene, playing);
    const vision = allModels
      ? await prepareVision(join(folder, 'vision'), ALL_MODELS)
      : await prepareVision();
    const served: Served = { pictures: new Map(), harmed: new Map() };
    const { server, origin } = await serve(vision.folder, served);
    const { asUsed = false } = machine;
    const browser = await chromium.launch({
      executablePath: asUsed ? chromiumPath() : windowlessChromiumPath(),
      args: [
        ...launchArgs,
        ...(scene
          ? fakeCameraDeviceArgs(playing)
          : ['--use-fake-device-for-media-stream=device-count=0']),
        ...(asUsed ? [] : [ANYBODY_MAY, SHORT_LOOK]),
        // Last: of a switch that comes twice, the last one counts.
        ...(machine.args ?? []),
      ],
    });
    const context = await browser.newContext({ permissions: ['camera'] });
    return new VisionPage(folder, server, origin, browser, context, playing, served);
  }

  /** Opens the page. @param settings see `page/main.ts`. */
  async visit(settings: Readonly<Record<string, string>> = {}): Promise<Page> {
    const page = await this.#context.newPage();
    // A machine that is busy with something else needs this long for the models.
    page.setDefaultTimeout(60_000);
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

  /** Forgets requests and errors so far. */
  forget(): void {
    this.requests.length = 0;
    this.errors.length = 0;
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

  /** Lets a part of the browser stand still for so long; the rest goes on. @returns false where that cannot be done. */
  async starve(ms: number, part: Starved = 'pages'): Promise<boolean> {
    const stopped = runPart(this.#playing, part, false);
    await new Promise((resolve) => setTimeout(resolve, ms));
    runPart(this.#playing, part, true);
    return stopped;
  }

  /** Serves a picture. @returns its address, relative to the page. */
  addPicture(bytes: Uint8Array): string {
    const path = `/pictures/${this.#served.pictures.size}`;
    this.#served.pictures.set(path, bytes);
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

  /**
   * A copy of the vision folder in which some files are not as they should be.
   *
   * @param name of the copy.
   * @returns its address, for the page's setting `base`.
   */
  copy(name: string, files: Readonly<Record<string, Harm>>): string {
    for (const [file, harm] of Object.entries(files))
      this.#served.harmed.set(`/vision-${name}/${file}`, harm);
    return `./vision-${name}/`;
  }

  /** From now on all files of this copy are as they should be. */
  mend(name: string): void {
    for (const path of [...this.#served.harmed.keys()])
      if (path.startsWith(`/vision-${name}/`)) this.#served.harmed.delete(path);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Served {
  readonly pictures: Map<string, Uint8Array>;
  /** By address. */
  readonly harmed: Map<string, Harm>;
}

/** As the product serves its pages: compressed where that lies there, and asked for again each time. */
async function serve(
  visionFolder: string,
  { pictures, harmed }: Served,
): Promise<{ server: FastifyInstance; origin: string }> {
  const folder = await testPages();
  const server = fastify({
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/vision-\w+\//, '/vision/'),
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', POLICY);
    const harm = harmed.get(request.originalUrl.split('?')[0] ?? '');
    if (harm === 'missing') await reply.code(404).send();
    else if (harm !== undefined) {
      const bytes = harm === 'rubbish' ? RUBBISH : harm;
      await reply.type('application/octet-stream').send(Buffer.from(bytes));
    }
  });
  server.get<{ Params: { number: string } }>('/pictures/:number', async (request, reply) =>
    reply
      .type('application/octet-stream')
      .send(Buffer.from(pictures.get(`/pictures/${request.params.number}`) ?? [])),
  );
  // The address alone leads to the dashboard in the product.
  server.get('/page', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(await readFile(join(folder, pagePath('vision')))),
  );
  await pages(server as unknown as App, folder);
  await server.register(fastifyStatic, {
    root: visionFolder,
    prefix: '/vision/',
    decorateReply: false,
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply) => reply.header('cache-control', 'no-cache'),
  });
  return { server, origin: await server.listen({ port: 0, host: '127.0.0.1' }) };
}

let shared: Promise<VisionPage> | null = null;

/** One browser whose camera shows a person, for all suites of a test run; whoever ends the run closes it. */
export const sharedVision = (): Promise<VisionPage> => {
  shared ??= VisionPage.open('person');
  return shared;
};
