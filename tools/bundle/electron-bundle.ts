import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { knownPartsOfKiosk } from './known-parts.ts';
import { nativeAddons, type Target } from './native-addons.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Bundles the main process (ESM) and the sandboxed preload (one CJS file, as Electron asks).
 * @param out folder for `main.js`, `preload.cjs`, `native-watch.cjs` and `native/`.
 * @param releaseKeys Ed25519 public keys (base64url, 32 bytes) whose releases this build will install.
 */
export const bundleElectron = async (
  out: string,
  target: Target,
  releaseKeys: readonly string[],
): Promise<void> => {
  const common: BuildOptions = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node24',
    logLevel: 'warning',
    // Replaced at run time: never inside the bundle.
    external: ['electron'],
  };
  rmSync(join(out, 'native'), { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: ['electron/main.ts'],
    outfile: join(out, 'main.js'),
    format: 'esm',
    // `ws` is CommonJS and asks for Node's modules by `require`.
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
    define: { __ATALAYA_RELEASE_KEYS__: JSON.stringify(releaseKeys) },
    plugins: [nativeAddons(target, out), knownPartsOfKiosk()],
  });
  await build({
    ...common,
    entryPoints: ['electron/preload/preload.ts'],
    outfile: join(out, 'preload.cjs'),
    format: 'cjs',
    plugins: [knownPartsOfKiosk()],
  });
  // A process of its own for what watches keys and USB: native code that may break without the exam breaking.
  await build({
    ...common,
    entryPoints: ['electron/sensors/native/native-watch.ts'],
    outfile: join(out, 'native-watch.cjs'),
    format: 'cjs',
    plugins: [nativeAddons(target, out), knownPartsOfKiosk()],
  });
};
