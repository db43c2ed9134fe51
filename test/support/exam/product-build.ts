import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';

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
export const buildProduct = async (): Promise<ProductBuild> => {
  const dist = join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  // Inside the project: the desktop kiosk finds its native module from there.
  const folder = mkdtempSync(join(dist, 'test-'));
  const pages = join(folder, 'renderer');
  await Promise.all([
    build({
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: pages, emptyOutDir: true },
    }),
    run(process.execPath, ['tools/build-electron.ts', relative(root, folder)], { cwd: root }),
  ]);
  return {
    main: join(folder, 'electron/main.js'),
    pages,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
