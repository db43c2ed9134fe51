import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, loadConfigFromFile, mergeConfig } from 'vite';

const root = join(import.meta.dirname, '../../..');

/**
 * Builds the dashboard's page alone with the product's own settings.
 * @param minify as the product is; without it errors name their place.
 * @returns the folder, which the caller removes.
 */
export const buildDashboard = async (minify = false): Promise<string> => {
  const outDir = mkdtempSync(join(tmpdir(), 'atalaya-dashboard-'));
  const loaded = await loadConfigFromFile(
    { command: 'build', mode: 'production' },
    join(root, 'vite.config.ts'),
    root,
    'silent',
  );
  if (loaded === null) throw new Error('vite.config.ts was not found');
  const config = mergeConfig(loaded.config, {
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: { outDir, minify, reportCompressedSize: false },
  });
  config.build.rolldownOptions = {
    input: { dashboard: join(root, 'renderer/dashboard/index.html') },
  };
  await build(config);
  return outDir;
};
