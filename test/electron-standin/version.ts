import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The version of Electron whose types the stand-in follows, marked as not the real one. */
export function electronVersion(): string {
  const types = createRequire(import.meta.url).resolve('electron/package.json');
  const manifest = readFileSync(join(dirname(types), 'package.json'), 'utf8');
  return `${(JSON.parse(manifest) as { version: string }).version}-standin`;
}
