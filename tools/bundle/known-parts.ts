import { join } from 'node:path';
import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin } from 'vite';
import { shippedParts } from '#tools/third-parties/shipped.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/**
 * Packages that a bundle is made of and whose notices do not ship with it.
 * @param modules files of the bundle. @param known names of what ships.
 */
export const unknownParts = (
  modules: Iterable<string>,
  known: ReadonlySet<string>,
): readonly string[] => {
  const names = [...modules].flatMap((file) => {
    const name = FOLDER.exec(file)?.[1]?.replaceAll('\\', '/');
    // What the bundlers themselves put in is nobody's package.
    return name === undefined || file.startsWith('\0') ? [] : [name];
  });
  return [...new Set(names)].filter((name) => !known.has(name)).sort();
};

const faultOf = (modules: Iterable<string>): string | null => {
  const unknown = unknownParts(modules, new Set(shippedParts(ROOT).map(({ name }) => name)));
  return unknown.length === 0
    ? null
    : `ships without its notice: ${unknown.join(', ')} (a dependency, or tools/third-parties/inside.ts)`;
};

/** No page is built of a package whose notice does not ship. */
export const knownParts = (): Plugin => ({
  name: 'atalaya-known-parts',
  apply: 'build',
  generateBundle() {
    const fault = faultOf(this.getModuleIds());
    if (fault !== null) this.error(fault);
  },
});

/** The same for the desktop kiosk's main process. */
export const knownPartsOfKiosk = (): EsbuildPlugin => ({
  name: 'atalaya-known-parts',
  setup: (build) => {
    build.initialOptions.metafile = true;
    build.onEnd(({ metafile }) => {
      const fault = faultOf(Object.keys(metafile?.inputs ?? {}));
      return fault === null ? null : { errors: [{ text: fault }] };
    });
  },
});
