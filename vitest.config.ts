import { defineConfig } from 'vitest/config';

/** Tests that own a browser, a display or a killed process: one file at a time. */
const heavy = [
  'test/**/*.e2e.test.{ts,tsx}',
  'test/standin/**/*.test.ts',
  'test/fault/**/*.test.ts',
  'test/e2e/**/*.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: heavy,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'real',
          include: heavy,
          fileParallelism: false,
          // A real desktop and a real browser on a loaded machine: a second try, and the report says so.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
