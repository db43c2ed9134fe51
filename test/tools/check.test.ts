import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKS, selectChecks } from '#tools/check/checks.ts';
import type { FileReport, RunReport, Told } from '#tools/check/run-report.ts';
import { type Job, runSideBySide } from '#tools/check/scheduler.ts';
import { type Outcome, shortList, summary } from '#tools/check/summary.ts';

describe('side by side', () => {
  /** Runs jobs of so many steps each. @returns what ran at each step, the job's letters together. */
  const stepsOf = async (jobs: readonly (Job & { steps: number })[], cores: number) => {
    const steps: string[] = [];
    const running = new Map<string, { left: number; end: () => void }>();
    const all = runSideBySide(
      jobs,
      ({ name, steps: left }) => new Promise((end) => running.set(name, { left, end })),
      cores,
    );
    let over = false;
    const ended = all.then(() => {
      over = true;
    });
    while (!over) {
      steps.push([...running.keys()].join(''));
      for (const [name, job] of running) {
        job.left -= 1;
        if (job.left > 0) continue;
        running.delete(name);
        job.end();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    return steps;
  };
  const job = (name: string, load: number, steps = 1, after: readonly string[] = []) => ({
    name,
    load,
    steps,
    after,
  });

  test.each<[string, (Job & { steps: number })[], number, string[]]>([
    ['as many as the cores take', [job('a', 1), job('b', 1), job('c', 1)], 2, ['ab', 'c']],
    ['what waits leaves room', [job('a', 0.5, 2), job('b', 1), job('c', 0.5)], 2, ['abc', 'a']],
    [
      'a small one passes a large one',
      [job('a', 1, 2), job('b', 2), job('c', 1)],
      2,
      ['ac', 'a', 'b'],
    ],
    ['one that is larger than the machine runs alone', [job('a', 4), job('b', 1)], 2, ['a', 'b']],
    ['what comes after another waits for it', [job('a', 1), job('b', 1, 1, ['a'])], 4, ['a', 'b']],
    ['nobody waits for what is not run', [job('b', 1, 1, ['a'])], 2, ['b']],
  ])('%s', async (_, jobs, cores, steps) => {
    expect(await stepsOf(jobs, cores)).toEqual(steps);
  });

  test('jobs that wait for each other, and a job that cannot be started, are an error', async () => {
    const circle = [job('a', 1, 1, ['b']), job('b', 1, 1, ['a'])];
    await expect(runSideBySide(circle, async () => undefined, 2)).rejects.toThrow('a, b');
    const broken = () => Promise.reject(new Error('no such program'));
    await expect(runSideBySide([job('a', 1)], broken, 2)).rejects.toThrow('no such program');
  });
});

describe('which checks', () => {
  const chosen = (...words: string[]) =>
    selectChecks(words, (path) => path === join('test', 'server'));
  const named = (...words: string[]) => chosen(...words).map(({ name }) => name);
  const all = CHECKS.map(({ name }) => name);
  test('all without a word', () => expect(named()).toEqual(all));
  test('a group by its name', () => expect(named('unit', 'format')).toEqual(['format', 'unit']));
  test('a folder of the product: its tests, wherever they are, with format and types', () => {
    expect(named('server')).toEqual(all);
    for (const { name, args } of chosen('server'))
      expect(args.includes(join('test', 'server'))).toBe(name !== 'format');
    const unit = chosen('server').find(({ name }) => name === 'unit');
    expect(unit?.args.at(-1)).toBe('test/arch/types.test.ts');
  });
  test('any other word as it is; with a group, in that group', () => {
    expect(named('unit', 'ledger')).toEqual(['unit']);
    expect(chosen('unit', 'ledger')[0]?.args.at(-1)).toBe('ledger');
  });
});

const passed = (file: string): FileReport => ({ file, passed: 2, failures: [] });
const failed = (file: string, ...errors: string[]): FileReport => ({
  ...passed(file),
  failures: errors.map((error) => ({ test: 'group > test', error })),
});
const ran = (...files: FileReport[]): RunReport => ({ files, unhandled: [] });
const outcome = (name: string, report: RunReport | null, more: Partial<Outcome> = {}): Outcome => ({
  name,
  ok: report?.files.every(({ failures }) => failures.length === 0) ?? false,
  seconds: 1,
  output: '',
  report,
  ...more,
});

describe('the words at the end', () => {
  test('failed tests with their error, and the count', () => {
    const outcomes = [
      outcome('format', null, { ok: true }),
      outcome('screens', ran(failed('b.ts', 'it broke'))),
      outcome('desktop', ran(passed('p.ts'))),
    ];
    expect(summary(outcomes, 9.96)).toEqual([
      'screens failed:',
      '  b.ts > group > test: it broke',
      'in 10.0 minutes',
      'failed: screens',
      'checks: 2 passed, 1 failed',
    ]);
  });

  test('a green run says little', () => {
    expect(summary([outcome('screens', ran(passed('a.ts')))], 5)).toEqual([
      'in 5.0 minutes',
      'checks: 1 passed, 0 failed',
    ]);
  });

  test.each<[string, Outcome, string]>([
    [
      'no tests',
      outcome('types', null, { output: '\n\u001b[31mroom.ts(1,2): error\u001b[39m\n' }),
      '  room.ts(1,2): error',
    ],
    ['no report', outcome('desktop', null), '  desktop: ended without a report and without a word'],
    [
      'an error outside the tests',
      outcome('screens', { files: [passed('a.ts')], unhandled: ['socket hang up'] }),
      '  outside any test: socket hang up',
    ],
    [
      'nothing that failed',
      outcome('screens', ran(passed('a.ts')), { ok: false }),
      '  screens: every test passed, but the run failed',
    ],
  ])('a failed check with %s', (_name, one, line) => {
    expect(shortList(one)).toEqual([line]);
  });

  test('three groups in ruins are still told within 40 rows', () => {
    const ruins = (name: string) =>
      outcome(name, ran(failed(`${name}.ts`, ...Array.from({ length: 50 }, () => 'no'))));
    const lines = summary(['screens', 'desktop', 'camera'].map(ruins), 5);
    const end = lines.slice(-40).join('\n');
    for (const name of ['screens', 'desktop', 'camera'])
      expect(end).toContain(`${name} failed:\n  ${name}.ts > group > test: no`);
    expect(end).toContain('… and 44 more');
  });
});

describe('the report of a real run', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const vitest = join(
    dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
    'vitest.mjs',
  );
  let folder: string;
  const files = {
    'good.test.ts': "test('adds', () => expect(1 + 1).toBe(2));",
    'bad.test.ts': "describe('group', () => test('adds', () => expect(1 + 1).toBe(3)));",
    'hook.test.ts':
      "describe('group', () => { beforeAll(() => { throw new Error('no display'); }); test('x', () => {}); });",
    'import.test.ts': "throw new Error('not today');",
  };

  beforeAll(() => {
    // Inside the project: from there vitest itself is found.
    mkdirSync(join(root, 'out'), { recursive: true });
    folder = mkdtempSync(join(root, 'out', 'check-'));
    writeFileSync(join(folder, 'vitest.config.ts'), 'export default { test: { globals: true } };');
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('failed tests at once, hooks and imports with their first line; what passed', async () => {
    const reporter = join(root, 'tools/check/reporter.ts');
    const args = [vitest, 'run', '--root', folder, '--reporter=default', `--reporter=${reporter}`];
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const told: Told[] = [];
    child.on('message', (one: Told) => told.push(one));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    const wrong = { test: 'group > adds', error: expect.stringMatching(/expected 2 to be 3/) };
    expect(told.slice(0, -1)).toEqual([{ type: 'failed', file: 'bad.test.ts', failure: wrong }]);
    const last = told.at(-1);
    const reports = last?.type === 'report' ? last.report.files : [];
    expect(reports.map(({ file }) => file).sort()).toEqual(Object.keys(files).sort());
    const inside = (file: string) => reports.find((one) => one.file === file);
    expect(inside('good.test.ts')).toEqual({ file: 'good.test.ts', passed: 1, failures: [] });
    expect(inside('bad.test.ts')?.failures).toEqual([wrong]);
    expect(inside('hook.test.ts')?.failures).toContainEqual({ test: 'group', error: 'no display' });
    expect(inside('import.test.ts')?.failures).toEqual([{ test: null, error: 'not today' }]);
  });
});
