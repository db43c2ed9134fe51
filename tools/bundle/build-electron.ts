// Bundles the desktop kiosk for this machine, for development and tests; `npm run dist` makes what is installed.
//   node tools/bundle/build-electron.ts [folder]      into folder/electron; dist when left out
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '#tools/packaging/content-hash.ts';
import { readReleaseKeys } from '#tools/packaging/release-keys.ts';
import { bundleElectron } from './electron-bundle.ts';
import { thisTarget } from './native-addons.ts';

const out = join(import.meta.dirname, '../..', process.argv[2] ?? 'dist', 'electron');
const target = thisTarget();
await bundleElectron(out, target, readReleaseKeys());
const identity = identify(out, 'development', target);
writeFileSync(join(out, 'build-identity.json'), `${JSON.stringify(identity, null, 2)}\n`);
