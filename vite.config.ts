import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from '#tools/bundle/compress-plugin.ts';
import { knownParts } from '#tools/bundle/known-parts.ts';
import { offlineStart } from '#tools/bundle/offline-start-plugin.ts';

const root = join(import.meta.dirname, 'renderer');
const publicDir = join(import.meta.dirname, 'assets/generated');
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));

/**
 * One build, four pages. Relative addresses, so that the same files work under http and app://.
 * In the mode `rehearsal` the kiosk's page is one that a script can drive (`npm run demo -- --clip`); it is
 * never part of the product's build.
 */
export default defineConfig(({ mode }) => ({
  root,
  base: './',
  publicDir,
  // The rehearsal is served on this machine only, and built for each run that follows a change.
  plugins: [
    react(),
    knownParts(),
    offlineStart(publicDir),
    mode === 'rehearsal' ? null : compressed(),
  ],
  define: { __ATALAYA_VERSION__: JSON.stringify(version) },
  worker: { format: 'es' },
  build: {
    outDir: join(import.meta.dirname, mode === 'rehearsal' ? 'dist/rehearsal' : 'dist/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // Inlined data: addresses would need a wider CSP.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      input: {
        ...(mode === 'rehearsal'
          ? { rehearsal: join(root, 'rehearsal/index.html') }
          : { kiosk: join(root, 'kiosk/index.html') }),
        dashboard: join(root, 'dashboard/index.html'),
        ...(mode === 'rehearsal'
          ? {}
          : {
              front: join(root, 'front/index.html'),
              enrolment: join(root, 'enrolment/index.html'),
              install: join(root, 'install/index.html'),
            }),
      },
    },
  },
}));
