// Every check of the project, as `npm test` and the CI run them:
//   npm test                     everything
//   npm test -- unit screens     these groups only: format, remote, unit, desktop, camera, roads, dashboard,
//                                screens, databases
//   npm test -- server           format, types, and the tests that have this word in their path
// Prints each failed test at once and one line per check, of a failed one its whole output; at the end the failed
// tests again and the count. Exit 1 when a check failed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CHECKS, type Check, selectChecks } from './check/checks.ts';
import type { RunReport, Told } from './check/run-report.ts';
import { runSideBySide } from './check/scheduler.ts';
import { failureRow, type Outcome, shortList, summary } from './check/summary.ts';

const root = join(import.meta.dirname, '..');

/** A test run that has told its report has nothing to wait for but what it forgot to end, ms. */
const END_WITHIN_MS = 60_000;

const runCheck = ({ name, args }: Check): Promise<Outcome> =>
  new Promise((resolve) => {
    const began = performance.now();
    let output = '';
    let report: RunReport | null = null;
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    child.on('message', (told: Told) => {
      if (told.type === 'report') {
        report = told.report;
        const stuck = (): void => {
          output += `\n${name}: every test has run, and it does not end: something that it started holds it.\n`;
          child.kill('SIGKILL');
        };
        const late = setTimeout(stuck, END_WITHIN_MS);
        child.once('exit', () => clearTimeout(late));
      } else console.log(`FAILED ${name}\n${failureRow(told.file, told.failure)}`);
    });
    child.on('exit', async (code) => {
      // What it started may outlive it and hold its output open: what has come by now is all.
      const closed = new Promise((done) => child.once('close', done));
      await Promise.race([closed, new Promise((done) => setTimeout(done, 1_000))]);
      const seconds = (performance.now() - began) / 1_000;
      resolve({ name, ok: code === 0, seconds, report, output });
    });
  });

const option = process.argv.slice(2).find((word) => word.startsWith('-'));
if (option !== undefined) {
  const help = option === '--help';
  (help ? console.log : console.error)(
    `${help ? '' : `No existe la opción ${option}.\n\n`}npm test -- [GRUPO…] [PALABRA…]

  GRUPO     ${CHECKS.map(({ name }) => name).join(', ')}
  PALABRA   las pruebas que la tienen en su ruta, con el formato y los tipos
  (nada)    todo`,
  );
  process.exit(help ? 0 : 2);
}
const checks = selectChecks(process.argv.slice(2), (path) => existsSync(join(root, path)));
const began = performance.now();
const outcomes: Outcome[] = [];
// Never fewer than two: the smallest machine that this runs on has two cores.
const cores = Math.max(2, availableParallelism());
await runSideBySide(
  checks,
  async (check) => {
    const outcome = await runCheck(check);
    outcomes.push(outcome);
    const { name, ok, seconds, output } = outcome;
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
    // What a check ran on, where that depends on the machine.
    for (const line of output.split('\n'))
      if (line.startsWith('note: ')) console.log(`       ${line}`);
    if (!ok) console.log([...shortList(outcome), output].join('\n'));
  },
  cores,
);
console.log(summary(outcomes, (performance.now() - began) / 60_000).join('\n'));
process.exit(outcomes.every(({ ok }) => ok) ? 0 : 1);
