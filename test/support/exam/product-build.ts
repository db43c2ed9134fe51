import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { build, type InlineConfig } from 'vite';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

/** The product as it is built, from the sources as they are now. */
export interface ProductBuild {
  /** The main script of the desktop kiosk. */
  readonly main: string;
  /** The folder of the pages, which the server and the desktop kiosk serve. */
  readonly pages: string;
  remove(): void;
}

/**
 * Builds pages and desktop kiosk with the product's own tools into a folder of its own: a test of a
 * build that is older than the sources would prove nothing.
 */
export const buildProduct = (): Promise<ProductBuild> =>
  buildWith({ configFile: join(root, 'vite.config.ts') });

/** The same desktop kiosk, and in the place of the kiosk's screens a page that hands its host to a test. */
export const buildHostPage = (): Promise<ProductBuild> => {
  const page = join(import.meta.dirname, 'host-page');
  return buildWith({
    configFile: false,
    root: page,
    base: './',
    publicDir: false,
    define: { __ATALAYA_VERSION__: JSON.stringify('test') },
    build: { target: 'chrome140', rolldownOptions: { input: join(page, 'kiosk/index.html') } },
  });
};

const buildWith = async (pagesConfig: InlineConfig): Promise<ProductBuild> => {
  const dist = join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  // Inside the project: the desktop kiosk finds its native module from there.
  const folder = mkdtempSync(join(dist, 'test-'));
  const pages = join(folder, 'renderer');
  await Promise.all([
    build({
      ...pagesConfig,
      logLevel: 'warn',
      build: { ...pagesConfig.build, outDir: pages, emptyOutDir: true },
    }),
    run(process.execPath, ['tools/build/build-electron.ts', relative(root, folder)], { cwd: root }),
  ]);
  return {
    main: join(folder, 'electron/main.js'),
    pages,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
