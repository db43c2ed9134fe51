import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');

/**
 * Builds the dashboard and the kiosk's page that a script can drive.
 * @returns the folder of the pages.
 */
export const buildRehearsal = async (): Promise<string> => {
  await build({ configFile: join(root, 'vite.config.ts'), mode: 'rehearsal', logLevel: 'warn' });
  return join(root, 'dist/rehearsal');
};
