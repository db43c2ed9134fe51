import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const kept = join(root, 'dist/test-pages');

/** Pages that only tests have, by their name in the build: real screens and real vision code under a test's hand. */
const PAGES = {
  kiosk: 'test/renderer/kiosk/harness/index.html',
  dashboard: 'test/renderer/dashboard/harness/index.html',
  vision: 'test/renderer/vision/page/index.html',
} as const;

/** As the product is, for what measures; or with the libraries' own warnings, which are failures of a test. */
export type PageForm = 'product' | 'talking';

/** What the build depends on. */
const SOURCES = [
  'renderer',
  'shared',
  'assets/locales',
  'test/renderer/kiosk/harness',
  'test/renderer/dashboard/harness',
  'test/renderer/vision/page',
  'test/support/test-pages.ts',
  'package-lock.json',
];

/** A hash over the sources' names and bytes: reading them takes a tenth of a second, building two. */
const fingerprint = (): string => {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(root, source);
    const files = /\.\w+$/.test(source)
      ? [path]
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort();
    for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
};

const buildInto = async (folder: string, form: PageForm): Promise<void> => {
  const mode = form === 'product' ? 'production' : 'development';
  const before = process.env['NODE_ENV'];
  // How elements are written depends on the process that builds, whatever the mode: this one is a test's.
  process.env['NODE_ENV'] = mode;
  await build({
    configFile: false,
    mode,
    root,
    base: './',
    publicDir: false,
    logLevel: 'error',
    plugins: [react()],
    define: {
      __ATALAYA_VERSION__: JSON.stringify('test'),
      'process.env.NODE_ENV': JSON.stringify(mode),
    },
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome140',
      // As in the product: inlined data would need a wider policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4_000,
      reportCompressedSize: false,
      minify: form === 'product',
      rolldownOptions: { input: PAGES },
    },
  }).finally(() => {
    process.env['NODE_ENV'] = before;
  });
};

const ready = new Map<PageForm, Promise<string>>();

const builtOnce = async (form: PageForm): Promise<string> => {
  const folder = join(kept, `${form}-${fingerprint()}`);
  if (existsSync(folder)) return folder;
  const part = `${folder}.${process.pid}.part`;
  mkdirSync(part, { recursive: true });
  await buildInto(part, form);
  try {
    renameSync(part, folder);
  } catch {
    // Another process was quicker: what it built is the same.
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
};

/**
 * All test pages, built once for all test files and all runs until a source changes.
 *
 * @returns the absolute path of the folder to serve; nobody removes or writes in it.
 */
export const testPages = (form: PageForm = 'talking'): Promise<string> => {
  const folder = ready.get(form) ?? builtOnce(form);
  ready.set(form, folder);
  return folder;
};

/** Where a page lies in the folder of `testPages`, from its root. */
export const pagePath = (name: keyof typeof PAGES): string => `/${PAGES[name]}`;
