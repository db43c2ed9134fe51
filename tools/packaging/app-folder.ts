import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { BuildIdentity } from '#shared/wire/build-identity.ts';
import { bundleElectron } from '#tools/bundle/electron-bundle.ts';
import type { Target } from '#tools/bundle/native-addons.ts';
import { filesUnder, IDENTITY_FILE, identify } from './content-hash.ts';

const root = join(import.meta.dirname, '../..');
/** For kiosks in a browser: a desktop one is not installed from its page and does not keep it for off line. */
const WEB_ONLY = new Set(['sw.js', 'kiosk/manifest.webmanifest']);
const TEXT = new Set(['.html', '.js', '.css', '.json', '.svg']);

/**
 * The files of the built pages that the kiosk can ask for: the kiosk's page, the face models, and every file whose
 * name stands in one that is asked for. The dashboard's own files are none of them. File names are unique by their
 * hash, so a name that occurs is a reference.
 */
const kioskPages = (pages: string): readonly string[] => {
  const all = filesUnder(pages).filter((file) => !WEB_ONLY.has(file));
  const start = 'kiosk/index.html';
  if (!all.includes(start)) throw new Error(`Falta ${join(pages, start)}: compile las pantallas.`);
  // The vision library puts the names of its files together while it runs.
  const vision = all.filter((file) => /^vision\/.*\.(js|wasm|tflite|bin)$/.test(file));
  const found = new Set([start, ...vision]);
  for (const file of found) {
    if (!TEXT.has(extname(file))) continue;
    const text = readFileSync(join(pages, file), 'utf8');
    for (const other of all)
      if (!other.endsWith('.html') && text.includes(basename(other))) found.add(other);
  }
  return [...found].sort();
};

/**
 * Puts together the folder that becomes app.asar: the bundle of the target, the kiosk's pages, a manifest and the
 * identity of the build. Nothing else is ever packaged.
 * @param pages folder of the built pages. @param out emptied first.
 */
export const stageApp = async (
  pages: string,
  out: string,
  target: Target,
  releaseKeys: readonly string[],
): Promise<BuildIdentity> => {
  rmSync(out, { recursive: true, force: true });
  const electron = join(out, 'dist/electron');
  mkdirSync(electron, { recursive: true });
  await bundleElectron(electron, target, releaseKeys);
  for (const file of kioskPages(pages)) {
    const to = join(out, 'dist/renderer', file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(pages, file), to);
  }
  const { version, description } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<'version' | 'description', string>;
  const manifest = {
    name: 'atalaya',
    productName: 'Atalaya',
    version,
    description,
    author: 'Atalaya',
    license: 'MIT',
    type: 'module',
    main: 'dist/electron/main.js',
  };
  writeFileSync(join(out, 'package.json'), JSON.stringify(manifest));
  if (existsSync(join(root, 'LICENSE'))) cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
  const identity = identify(out, 'packaged', target);
  writeFileSync(join(electron, IDENTITY_FILE), `${JSON.stringify(identity, null, 2)}\n`);
  return identity;
};

/** A file's name without the hash of its content: the same in each build. */
export const withoutHash = (file: string): string =>
  file.replace(/-[A-Za-z0-9_-]{8}(\.(?:js|css|woff2|svg|png|wasm|tflite))$/, '-*$1');
