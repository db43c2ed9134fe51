import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../../..');
const dist = join(root, 'dist');

/** The product as it is built. */
export interface ProductBuild {
  /** The main script of the desktop kiosk. */
  readonly main: string;
  /** The folder of the pages, which the server and the desktop kiosk serve. */
  readonly pages: string;
}

/** What `fresh-build.ts` has built from the sources as they are now. */
export const PRODUCT: ProductBuild = {
  main: join(dist, 'electron/main.js'),
  pages: join(dist, 'renderer'),
};

/** The same desktop kiosk with other pages. */
export interface OtherPages extends ProductBuild {
  remove(): void;
}

/** @param fill puts the pages into the folder that it is given. */
export const withOtherPages = async (
  fill: (pages: string) => Promise<void> | void,
): Promise<OtherPages> => {
  // Inside the project: the desktop kiosk finds its native module from there.
  const folder = mkdtempSync(join(dist, 'test-'));
  const pages = join(folder, 'renderer');
  cpSync(join(dist, 'electron'), join(folder, 'electron'), { recursive: true });
  await fill(pages);
  return {
    main: join(folder, 'electron/main.js'),
    pages,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** In the place of the kiosk's screens a page that hands its host to a test. */
export const buildHostPage = (): Promise<OtherPages> => {
  const page = join(import.meta.dirname, 'host-page');
  return withOtherPages(async (outDir) => {
    await build({
      configFile: false,
      root: page,
      base: './',
      publicDir: false,
      define: { __ATALAYA_VERSION__: JSON.stringify('test') },
      logLevel: 'warn',
      build: {
        outDir,
        emptyOutDir: true,
        target: 'chrome140',
        rolldownOptions: { input: join(page, 'kiosk/index.html') },
      },
    });
  });
};
