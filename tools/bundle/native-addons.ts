import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/** A system that the kiosk is built for, in Node's words. */
export interface Target {
  readonly platform: 'linux' | 'win32' | 'darwin';
  readonly arch: 'x64' | 'arm64';
}

/** The target of the machine that this runs on. @throws Error when the kiosk is not built for it. */
export const thisTarget = (): Target => {
  const { platform, arch } = process;
  if (platform !== 'linux' && platform !== 'win32' && platform !== 'darwin')
    throw new Error(`No hay kiosco para el sistema ${platform}.`);
  if (arch !== 'x64' && arch !== 'arm64')
    throw new Error(`No hay kiosco para el procesador ${arch}.`);
  return { platform, arch };
};

const root = join(import.meta.dirname, '../..');
// The real place, which the bundler tells of importers too.
const modules = realpathSync(join(root, 'node_modules'));

/** Where packages of other systems are put; see `tools/packaging/natives.ts`. */
export const FOREIGN_PACKAGES = join(root, '.cache/native-packages');

/** The npm package that holds the `usb` library's binary for a target. */
export const usbPackage = ({ platform, arch }: Target): string => {
  const libc = { linux: '-gnu', win32: '-msvc', darwin: '' }[platform];
  return `@node-usb/usb-${platform}-${arch}${libc}`;
};

const usbBinary = (target: Target): string => {
  const name = usbPackage(target);
  const file = join(name, `usb.${name.slice('@node-usb/usb-'.length)}.node`);
  const installed = join(modules, file);
  return existsSync(installed) ? installed : join(FOREIGN_PACKAGES, file);
};

/** The compiled parts of the libraries that the main process uses, by the name that they get in the product. */
const BINARIES: Readonly<Record<string, (target: Target) => string>> = {
  'better-sqlite3': ({ platform, arch }) =>
    join(modules, 'better-sqlite3/prebuilds', `${platform}-${arch}.node`),
  usb: usbBinary,
  'uiohook-napi': ({ platform, arch }) =>
    join(modules, 'uiohook-napi/prebuilds', `${platform}-${arch}`, 'uiohook-napi.node'),
};

const NAMESPACE = 'native-addon';

/**
 * What stands in the bundle in place of a library's own search for its binary. Those searches follow
 * environment variables (`NAPI_RS_NATIVE_LIBRARY_PATH`, `UIOHOOK_NAPI_PREBUILD`), by which anybody could load
 * code into the kiosk; this is one fixed file with a known hash. Electron checks what is inside app.asar, but
 * compiled code lies beside it. On macOS the signature changes the file, and the system checks it instead.
 */
const loader = (name: string, file: string, target: Target): string => {
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
  const check =
    target.platform === 'darwin'
      ? ''
      : `const found = require('node:crypto').createHash('sha256').update(require('node:fs').readFileSync(require.resolve('./native/${name}.node'))).digest('hex');
if (found !== '${hash}') throw new Error('native/${name}.node is not the file that this program was built with');`;
  return `${check}\nmodule.exports = require('./native/${name}.node');`;
};

/**
 * Bundles better-sqlite3, usb and uiohook-napi with the one binary of the target, which is copied to `native/`
 * beside the bundle: no `node_modules` is needed at run time.
 * @param out folder of the bundle.
 * @throws Error at build time when a binary that the program needs is not there.
 */
export const nativeAddons = (target: Target, out: string): Plugin => ({
  name: NAMESPACE,
  setup: (build) => {
    const provide = (name: string): { path: string; namespace: string } => ({
      path: name,
      namespace: NAMESPACE,
    });
    build.onResolve({ filter: /^better-sqlite3$/ }, () => ({
      path: join(modules, 'better-sqlite3/lib', `${target.platform}-${target.arch}.js`),
    }));
    build.onResolve({ filter: /^\.\.\/prebuilds\/[\w-]+\.node$/ }, () => provide('better-sqlite3'));
    build.onResolve({ filter: /^usb$/ }, () => ({ path: join(modules, 'usb/dist/index.js') }));
    build.onResolve({ filter: /^\.\.\/index\.js$/ }, ({ importer }) =>
      dirname(importer) === join(modules, 'usb/dist') ? provide('usb') : undefined,
    );
    build.onResolve({ filter: /^uiohook-napi$/ }, () => ({
      path: join(modules, 'uiohook-napi/dist/index.js'),
    }));
    build.onResolve({ filter: /^node-gyp-build$/ }, ({ importer }) =>
      dirname(importer) === join(modules, 'uiohook-napi/dist')
        ? provide('node-gyp-build')
        : undefined,
    );
    build.onResolve({ filter: /^\.\/native\/[\w-]+\.node$/ }, ({ path }) => ({
      path,
      external: true,
    }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
      // uiohook-napi asks a function for its binary, the others load theirs themselves.
      const wrapped = path === 'node-gyp-build';
      const name = wrapped ? 'uiohook-napi' : path;
      const file = BINARIES[name]?.(target);
      if (file === undefined || !existsSync(file)) {
        const text = `${name} has no binary for ${target.platform}-${target.arch}`;
        return { errors: [{ text }] };
      }
      mkdirSync(join(out, 'native'), { recursive: true });
      copyFileSync(file, join(out, 'native', `${name}.node`));
      const code = loader(name, file, target);
      return {
        contents: wrapped ? code.replace('module.exports =', 'module.exports = () =>') : code,
        resolveDir: out,
        loader: 'js',
      };
    });
  },
});
