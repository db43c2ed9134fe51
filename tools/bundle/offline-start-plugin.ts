import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Plugin, Rolldown } from 'vite';
import { VERSION_META } from '#renderer/service-worker/page-messages.ts';

const root = join(import.meta.dirname, '../..');
const PAGE = 'kiosk/index.html';
const WORKER = 'sw.js';
const MANIFEST = 'kiosk/manifest.webmanifest';

/** What a browser shows of the kiosk as an installed program. Addresses are relative to the manifest. */
const manifest = (icon: string) => ({
  name: 'Atalaya: kiosco de examen',
  short_name: 'Atalaya',
  lang: 'es',
  id: './',
  start_url: './',
  scope: './',
  display: 'fullscreen',
  display_override: ['fullscreen', 'standalone'],
  orientation: 'landscape',
  background_color: '#ffffff',
  theme_color: '#0f3d3e',
  icons: [{ src: icon, sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
});

type Bundle = Rolldown.OutputBundle;

const textOf = (file: Bundle[string]): string => {
  if (file.type === 'chunk') return file.code;
  return typeof file.source === 'string'
    ? file.source
    : /\.(css|js|html|json|svg)$/.test(file.fileName)
      ? new TextDecoder().decode(file.source)
      : '';
};

const bytesOf = (file: Bundle[string]): string | Uint8Array =>
  file.type === 'chunk' ? file.code : file.source;

/** The files of the build that a page mentions, and those that they mention: what it needs to run. */
const neededBy = (page: string, bundle: Bundle): ReadonlySet<string> => {
  const needed = new Set<string>();
  const waiting = [page];
  const names = Object.keys(bundle).map((name) => [name, name.slice(name.lastIndexOf('/') + 1)]);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const file = bundle[next];
    if (file === undefined || needed.has(next)) continue;
    needed.add(next);
    const text = textOf(file);
    for (const [name = '', short = ''] of names) {
      // Pages are called alike; one never needs another.
      if (!name.endsWith('.html') && text.includes(short)) waiting.push(name);
    }
  }
  return needed;
};

/**
 * Gives the kiosk's page its manifest and a service worker with the list of the files that it needs, so that
 * a computer that restarts without a network goes on with its exam.
 * @param publicFolder files that are served as they are: those of the vision worker are kept too.
 */
export const offlineStart = (publicFolder: string): Plugin => ({
  name: 'atalaya-offline-start',
  apply: 'build',
  transformIndexHtml: {
    order: 'pre',
    handler: (_html, { path }) =>
      path.endsWith(`/${PAGE}`)
        ? [
            {
              tag: 'link',
              attrs: { rel: 'manifest', href: './manifest.webmanifest' },
              injectTo: 'head',
            },
          ]
        : [],
  },
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      if (bundle[PAGE] === undefined) return;
      const built = neededBy(PAGE, bundle);
      const text = [...built].map((name) => textOf(bundle[name] as Bundle[string])).join('\n');
      const vision = readdirSync(join(publicFolder, 'vision'))
        .filter((name) => /\.(js|wasm)$/.test(name) || text.includes(name))
        .map((name) => `vision/${name}`);
      const icon = [...built].find((name) => /\/favicon-[^/]+\.svg$/.test(name)) ?? '';
      const manifestText = JSON.stringify(manifest(`../${icon}`), null, 2);
      const files = [...built, ...vision, MANIFEST].sort();
      const hash = createHash('sha256').update(manifestText);
      for (const name of files) {
        const file = bundle[name];
        hash.update(`\n${name}\n`);
        if (file !== undefined) hash.update(bytesOf(file));
        else if (name !== MANIFEST) hash.update(readFileSync(join(publicFolder, name)));
      }
      const version = hash.digest('hex').slice(0, 16);
      const { outputFiles } = buildSync({
        absWorkingDir: root,
        entryPoints: ['renderer/service-worker/service-worker.ts'],
        bundle: true,
        format: 'iife',
        minify: true,
        target: 'chrome140',
        write: false,
        define: { __ATALAYA_OFFLINE__: JSON.stringify({ version, files }) },
      });
      const page = bundle[PAGE];
      if (page?.type === 'asset') {
        const meta = `<meta name="${VERSION_META}" content="${version}" />`;
        page.source = textOf(page).replace('</head>', `  ${meta}\n  </head>`);
      }
      this.emitFile({ type: 'asset', fileName: MANIFEST, source: manifestText });
      this.emitFile({ type: 'asset', fileName: WORKER, source: outputFiles[0]?.text ?? '' });
    },
  },
});
