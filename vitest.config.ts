import { defineConfig } from 'vitest/config';

/** Tests with a camera's picture in a real browser: the watch, the enrolment, the bench's lab. */
const camera = [
  'test/renderer/{vision,enrolment}/**/*.e2e.test.ts',
  'test/tools/bench-vision/**/*.e2e.test.ts',
];
/** Tests of pages and packages: a real browser on scripted servers. They need the processor. */
const screens = ['test/renderer/**/*.e2e.test.{ts,tsx}', 'test/tools/**/*.e2e.test.ts'];
/** Tests of processes that are killed, and of the demo: no display, no real keys. */
const faults = [
  'test/fault/server-kill.test.ts',
  'test/fault/lockdown-{kill,launch}.test.ts',
  'test/e2e/demo.test.ts',
];
/** Tests of the whole product on a display with real keys. They wait more than they compute. */
const product = [
  'test/electron/**/*.e2e.test.ts',
  'test/standin/**/*.test.ts',
  'test/fault/**/*.test.ts',
  'test/e2e/**/*.test.ts',
];

/** One file at a time; `tools/check.ts` runs the kinds side by side. */
const real = {
  fileParallelism: false,
  // A real desktop and a real browser on a loaded machine: a second try, and the report says so.
  retry: 1,
  // What is polled for is there when it is there: vitest's own second is less than such a machine may stand still.
  expect: { poll: { timeout: 30_000 } },
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...screens, ...product],
          testTimeout: 20_000,
        },
      },
      { test: { name: 'camera', include: camera, ...real } },
      { test: { name: 'screens', include: screens, exclude: camera, ...real } },
      { test: { name: 'faults', include: faults, ...real } },
      { test: { name: 'product', include: product, exclude: faults, ...real } },
    ],
  },
});
