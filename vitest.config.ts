import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests with a camera's picture in a real browser: the watch, the enrolment, the bench's lab. */
const camera = [
  'test/renderer/{vision,enrolment}/**/*.e2e.test.ts',
  'test/tools/bench-vision/**/*.e2e.test.ts',
];
/** Tests of the staff's page: a real browser on a scripted server. */
const dashboard = ['test/renderer/dashboard/**/*.e2e.test.ts'];
/** Tests of the other pages and of packages. */
const screens = ['test/renderer/**/*.e2e.test.{ts,tsx}', 'test/tools/**/*.e2e.test.ts'];
/** The whole product in a browser, with a camera in real time: kiosk and server, and `npm run demo`. They mostly wait. */
const roads = ['test/e2e/{demo,demo-identity,identity,web-kiosk}.test.ts'];
/** The whole product on a display with real keys, killed processes, the machine's own programs. */
const desktop = [
  'test/electron/**/*.e2e.test.ts',
  'test/standin/**/*.test.ts',
  'test/fault/**/*.test.ts',
  'test/e2e/**/*.test.ts',
];
/** Stores and migrations on every database, and what happens when one goes away. */
const databases = ['test/contract/sql/**/*.test.ts'];
/** They start what every kiosk on the same machine has to see, whatever its display: never beside a desktop's. */
const remote = ['test/electron/sensors/linux-remote.test.ts'];

// `isolate: false`: the files of a worker share its modules; half of the time went into loading them anew for each file.

/** A test that fails beside others is wrong or shows a real race: there is no second try. */
const real = {
  retry: 0,
  globalSetup: ['test/support/scratch.ts', 'test/support/exam/fresh-build.ts'],
  // What is polled for is there when it is there: vitest's own second is less than a loaded machine may stand still.
  expect: { poll: { timeout: 30_000 } },
  // A machine may be three times slower than it was an hour ago: what is waited for says by itself how long.
  testTimeout: 240_000,
  hookTimeout: 240_000,
};
/** One file at a time: a browser takes what processor there is. */
const oneAtATime = { ...real, fileParallelism: false };
/**
 * Not yet shown to be free of races beside busy processes: a real desktop, the whole product in real time. The run names
 * the second try.
 */
const stillRacing = { ...oneAtATime, retry: 1 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...dashboard, ...screens, ...roads, ...desktop, ...remote, ...databases],
          testTimeout: 60_000,
          // A hook that starts a server waits for it as a test would.
          hookTimeout: 60_000,
          globalSetup: 'test/support/scratch.ts',
          isolate: false,
          // The other half of the machine is for the checks that run beside (tools/check/checks.ts).
          maxWorkers: Math.max(1, Math.floor(availableParallelism() / 2)),
        },
      },
      {
        test: {
          name: 'databases',
          include: databases,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: 'test/contract/sql/databases-setup.ts',
          maxWorkers: 2,
        },
      },
      { test: { name: 'remote', include: remote, testTimeout: 20_000, hookTimeout: 20_000 } },
      { test: { name: 'camera', include: camera, ...oneAtATime } },
      { test: { name: 'dashboard', include: dashboard, ...oneAtATime } },
      {
        test: {
          name: 'screens',
          include: screens,
          exclude: [...camera, ...dashboard],
          ...oneAtATime,
        },
      },
      { test: { name: 'roads', include: roads, ...stillRacing, isolate: false } },
      {
        test: { name: 'desktop', include: desktop, exclude: roads, ...stillRacing, isolate: false },
      },
    ],
  },
});
