import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const stampOf = (folder: string): string | null => {
  const file = join(folder, '.built');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};

/**
 * Builds the dashboard and the kiosk's page that a script can drive, unless that was done since the product itself
 * was built (`tools/setup.mjs` does so whenever a source has changed). Two may build at a time: one of them wins.
 * @returns the folder of the pages.
 */
export const buildRehearsal = async (): Promise<string> => {
  const dist = join(root, 'dist');
  const folder = join(dist, 'rehearsal');
  const product = stampOf(dist);
  const isFresh = (): boolean => product !== null && product === stampOf(folder);
  if (isFresh()) return folder;
  const made = mkdtempSync(join(dist, 'rehearsal-'));
  await build({
    configFile: join(root, 'vite.config.ts'),
    mode: 'rehearsal',
    logLevel: 'warn',
    build: { outDir: made, emptyOutDir: true },
  });
  writeFileSync(join(made, '.built'), product ?? '');
  if (isFresh()) {
    rmSync(made, { recursive: true });
    return folder;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
  return folder;
};
