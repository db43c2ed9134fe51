import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The kiosk's screens on a scripted host: a page of the tests, never part of the product's build. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  plugins: [react()],
  logLevel: 'warn',
  build: {
    target: 'chrome140',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2_000,
    minify: false,
  },
});
