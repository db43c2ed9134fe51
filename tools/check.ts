// Every check of the project, as `npm test` and the CI run them. Prints one line per check, the whole
// output of a failed one, and the count at the end. Exit 1 when one failed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (path: string): string => join(root, 'node_modules', path);

interface Check {
  readonly name: string;
  readonly args: readonly string[];
  /** Shows its output while it runs: for the long ones. */
  readonly live?: boolean;
}

const typeFolders = [
  'shared',
  'server',
  'electron',
  'electron/preload',
  'renderer',
  'renderer/vision/worker',
  'renderer/service-worker',
  'tools',
  'test',
];

const fast: readonly Check[] = [
  {
    name: 'format and lint',
    args: [bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '--diagnostic-level=warn', '.'],
  },
  ...typeFolders.map((folder) => ({
    name: `types ${folder}`,
    args: [bin('typescript/bin/tsc'), '-p', folder],
  })),
];

const vitest = (project: string): readonly string[] => [
  bin('vitest/vitest.mjs'),
  'run',
  '--project',
  project,
];
/**
 * Side by side, each list in its order: the product's tests wait for keys and clocks, the screens' for the processor.
 * The unit tests start programs under forbidden names, which a kiosk on the same machine would see.
 */
const slow: readonly (readonly Check[])[] = [
  [
    { name: 'unit, contract, import law', args: vitest('unit') },
    { name: 'product: desktop, browser', args: vitest('product'), live: true },
  ],
  [
    { name: 'screens, packages', args: vitest('screens') },
    { name: 'faults, demo', args: vitest('faults') },
  ],
];

interface Outcome {
  readonly check: Check;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

const runCheck = (check: Check): Promise<Outcome> =>
  new Promise((resolve) => {
    const began = performance.now();
    let output = '';
    const child = spawn(process.execPath, check.args, {
      cwd: root,
      stdio: check.live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) =>
      resolve({ check, ok: code === 0, seconds: (performance.now() - began) / 1000, output }),
    );
  });

const outcomes: Outcome[] = [];
const report = (outcome: Outcome): void => {
  outcomes.push(outcome);
  console.log(
    `${outcome.ok ? 'ok    ' : 'FAILED'} ${outcome.check.name} (${outcome.seconds.toFixed(1)} s)`,
  );
  if (!outcome.ok && outcome.output !== '') console.log(outcome.output);
};

const began = performance.now();
const queue = [...fast];
// Two at a time: the smallest machine that this runs on has two cores.
await Promise.all(
  [0, 1].map(async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift())
      report(await runCheck(check));
  }),
);
await Promise.all(
  slow.map(async (list) => {
    for (const check of list) report(await runCheck(check));
  }),
);

const failed = outcomes.filter((outcome) => !outcome.ok);
console.log(`in ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
if (failed.length > 0)
  console.log(`failed: ${failed.map((outcome) => outcome.check.name).join(', ')}`);
console.log(`checks: ${outcomes.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
