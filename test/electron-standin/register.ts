import { registerHooks } from 'node:module';
import { electronVersion } from '#test/electron-standin/version.ts';

/*
 * Loaded by `node --import` before the app: makes the module `electron` the stand-in, for `import`
 * and `require` alike, and gives `process` what Electron gives it. A packaged app's program names its
 * resources folder in ELECTRON_STANDIN_RESOURCES.
 */

const STAND_IN = import.meta.resolve('#test/electron-standin/electron.ts');
const NAMES = ['electron', 'electron/main', 'electron/common'];

registerHooks({
  resolve(specifier, context, next) {
    if (!NAMES.includes(specifier)) return next(specifier, context);
    return { url: STAND_IN, format: 'module-typescript', shortCircuit: true };
  },
});

const resources = process.env['ELECTRON_STANDIN_RESOURCES'];
const versions = { ...process.versions, electron: electronVersion() };
for (const [name, value] of Object.entries({
  versions: Object.freeze(versions),
  type: 'browser',
  ...(process.env['ELECTRON_STANDIN_PACKAGED'] === '1' ? {} : { defaultApp: true }),
  // Node's own switches are the stand-in's; Electron has none.
  execArgv: [],
  resourcesPath: resources ?? process.cwd(),
})) {
  Object.defineProperty(process, name, { value, configurable: true, enumerable: true });
}
