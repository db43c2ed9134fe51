// Every check of the project, as `npm test` and the CI run them. Prints one line per check; of a failed one the
// failed tests, then its whole output; at the end the failed tests again and the count. Test files that wait for a
// real browser or desktop and failed beside the others run once more, alone. Exit 1 when a check failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPORT_PATH } from './check/reporter.ts';
import { readRunReport } from './check/run-report.ts';
import { shortList, summary } from './check/summary.ts';
import { type Outcome, repeatsFor, verdicts } from './check/verdict.ts';

const root = join(import.meta.dirname, '..');
const bin = (path: string): string => join(root, 'node_modules', path);

interface Check {
  readonly name: string;
  readonly args: readonly string[];
  /** Shows its output while it runs: for the long ones. */
  readonly live?: boolean;
  /** The vitest project that it runs. */
  readonly project?: string;
  /** Whether its failed files get a second run, alone. Never for tests that only compute. */
  readonly repeatable?: boolean;
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

const vitest = (project: string, ...more: readonly string[]): Pick<Check, 'args' | 'project'> => ({
  args: [
    bin('vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    `--reporter=${join(import.meta.dirname, 'check', 'reporter.ts')}`,
    ...more,
  ],
  project,
});
/** They start programs under forbidden names, which a kiosk on the same machine would see: before the product's. */
const unit: Check = { name: 'unit, contract, import law', ...vitest('unit') };
/** A real browser on scripted servers: needs the processor. */
const screens: Check = { name: 'screens, packages', ...vitest('screens'), repeatable: true };
/** The whole product, and faults: both wait for keys, clocks and clips more than they compute. */
const product: Check = {
  name: 'product: desktop, browser',
  ...vitest('product'),
  live: true,
  repeatable: true,
};
const faults: Check = { name: 'faults, demo', ...vitest('faults'), repeatable: true };
const camera: Check = { name: 'camera, enrolment', ...vitest('camera'), repeatable: true };

const reports = mkdtempSync(join(tmpdir(), 'atalaya-check-'));
let runs = 0;

const runCheck = ({ name, args, live, project, repeatable }: Check): Promise<Outcome> =>
  new Promise((resolve) => {
    const began = performance.now();
    const reportFile = join(reports, `${runs++}.json`);
    let output = '';
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, [REPORT_PATH]: reportFile },
      stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) =>
      resolve({
        name,
        ok: code === 0,
        seconds: (performance.now() - began) / 1000,
        report: project === undefined ? null : readRunReport(reportFile),
        repeatable: repeatable ? (project ?? null) : null,
        output,
      }),
    );
  });

const print = (lines: readonly string[]): void => console.log(lines.join('\n'));
const report = (run: Outcome): Outcome => {
  console.log(`${run.ok ? 'ok    ' : 'FAILED'} ${run.name} (${run.seconds.toFixed(1)} s)`);
  if (run.ok) return run;
  print(shortList(run));
  if (run.output !== '') console.log(run.output);
  return run;
};

const began = performance.now();
const outcomes: Outcome[] = [];
const queue = [...fast];
// Two at a time: the smallest machine that this runs on has two cores.
await Promise.all(
  [0, 1].map(async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift())
      outcomes.push(report(await runCheck(check)));
  }),
);
const run = async (check: Check): Promise<void> => {
  outcomes.push(report(await runCheck(check)));
};
await Promise.all([
  run(screens).then(() => run(camera)),
  run(unit).then(() => Promise.all([run(product), run(faults)])),
]);

const repeats = repeatsFor(outcomes);
const again: Outcome[] = [];
for (const { name, project, files } of repeats) {
  console.log(`again, alone: ${files.join(', ')}`);
  // Without the second try that every test of these projects has: on a quiet machine nothing excuses it.
  again.push(await runCheck({ name, ...vitest(project, '--retry=0', ...files), live: true }));
}
rmSync(reports, { recursive: true, force: true });

const all = verdicts(outcomes, repeats, again);
print(summary(all, (performance.now() - began) / 60_000));
process.exit(all.some(({ state }) => state === 'failed') ? 1 : 0);
