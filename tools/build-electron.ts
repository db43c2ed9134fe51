// Bundles the main process (ESM) and the sandboxed preload (one CJS file, as Electron asks).
//   node tools/build-electron.ts [folder]      into folder/electron; dist when left out
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const out = join(root, process.argv[2] ?? 'dist', 'electron');
const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  logLevel: 'warning',
  // Native or replaced at run time: never inside the bundle.
  external: ['electron', 'better-sqlite3'],
};

await build({
  ...common,
  entryPoints: ['electron/main.ts'],
  outfile: join(out, 'main.js'),
  format: 'esm',
  // `ws` is CommonJS and asks for Node's modules by `require`.
  banner: {
    js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
  },
});
await build({
  ...common,
  entryPoints: ['electron/preload/preload.ts'],
  outfile: join(out, 'preload.cjs'),
  format: 'cjs',
});
