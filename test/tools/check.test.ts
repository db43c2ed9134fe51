import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPORT_PATH } from '#tools/check/reporter.ts';
import { type FileReport, type RunReport, readRunReport } from '#tools/check/run-report.ts';
import { shortList, summary } from '#tools/check/summary.ts';
import { MOST_FILES, type Outcome, repeatsFor, verdicts } from '#tools/check/verdict.ts';

const passed = (file: string): FileReport => ({
  file,
  seconds: 1,
  passed: 2,
  retried: [],
  failures: [],
});
const failed = (file: string, error = 'it broke'): FileReport => ({
  ...passed(file),
  failures: [{ test: 'group > test', error }],
});
const ran = (...files: FileReport[]): RunReport => ({ files, unhandled: [] });
const outcome = (name: string, report: RunReport | null, more: Partial<Outcome> = {}): Outcome => ({
  name,
  ok: report?.files.every(({ failures }) => failures.length === 0) ?? false,
  seconds: 1,
  output: '',
  report,
  repeatable: name,
  ...more,
});

describe('which files run again alone', () => {
  const some = ran(passed('a.ts'), failed('b.ts'), failed('c.ts'));
  test.each<[string, Outcome[], string[]]>([
    ['none when all passed', [outcome('screens', ran(passed('a.ts')))], []],
    ['the failed ones', [outcome('screens', some)], ['b.ts', 'c.ts']],
    [
      'the failed ones of each group',
      [outcome('screens', ran(failed('a.ts'))), outcome('product', ran(failed('p.ts')))],
      ['a.ts', 'p.ts'],
    ],
    ['none of a group that only computes', [outcome('unit', some, { repeatable: null })], []],
    ['none of a run without a report', [outcome('screens', null)], []],
    [
      'none of a run in which something outside the tests failed too',
      [outcome('screens', { ...some, unhandled: ['socket hang up'] })],
      [],
    ],
    [
      'none of a run that failed with every test passed',
      [outcome('screens', ran(passed('a.ts')), { ok: false })],
      [],
    ],
    [
      'as many as a loaded machine may fail',
      [outcome('screens', ran(...Array.from({ length: MOST_FILES }, (_, n) => failed(`${n}.ts`))))],
      Array.from({ length: MOST_FILES }, (_, n) => `${n}.ts`),
    ],
    [
      'none of more than that, over all groups',
      [
        outcome('screens', some),
        outcome('product', ran(...['p.ts', 'q.ts', 'r.ts'].map((file) => failed(file)))),
      ],
      [],
    ],
  ])('%s', (_name, outcomes, files) => {
    expect(repeatsFor(outcomes).flatMap((repeat) => repeat.files)).toEqual(files);
  });
});

describe('what a check comes to', () => {
  const first = outcome('screens', ran(passed('a.ts'), failed('b.ts'), failed('c.ts')));
  test.each<[string, Outcome | null, string]>([
    ['all pass alone', outcome('screens', ran(passed('b.ts'), passed('c.ts'))), 'passed alone'],
    ['one fails alone too', outcome('screens', ran(passed('b.ts'), failed('c.ts'))), 'failed'],
    ['one is missing in the second run', outcome('screens', ran(passed('b.ts'))), 'failed'],
    [
      'one ran no test',
      outcome('screens', ran(passed('b.ts'), { ...passed('c.ts'), passed: 0 })),
      'failed',
    ],
    [
      'the second run failed with every test passed',
      outcome('screens', ran(passed('b.ts'), passed('c.ts')), { ok: false }),
      'failed',
    ],
    [
      'something outside the tests failed',
      outcome('screens', { ...ran(passed('b.ts'), passed('c.ts')), unhandled: ['oh'] }),
      'failed',
    ],
    ['the second run ended without a report', outcome('screens', null), 'failed'],
    ['there was none', null, 'failed'],
  ])('%s', (_name, second, state) => {
    const again = second === null ? [] : [second];
    expect(verdicts([first], repeatsFor([first]), again)[0]?.state).toBe(state);
  });

  test('what passed, and what is not to be repeated, needs no second run', () => {
    const outcomes = [
      outcome('screens', ran(passed('a.ts'))),
      outcome('types', null, { repeatable: null }),
      outcome('lint', null, { ok: true, repeatable: null }),
    ];
    const states = verdicts(outcomes, repeatsFor(outcomes), []).map(({ state }) => state);
    expect(states).toEqual(['passed', 'failed', 'passed']);
  });
});

describe('the words at the end', () => {
  const judged = (outcomes: Outcome[], again: Outcome[]) =>
    summary(verdicts(outcomes, repeatsFor(outcomes), again), 9.96);

  test('both runs are told, and what passed only alone is called that', () => {
    const first = [
      outcome('lint', null, { ok: true, repeatable: null }),
      outcome('screens', ran(failed('b.ts'))),
      outcome('product', ran(failed('p.ts'), { ...passed('q.ts'), retried: ['g > slow'] })),
    ];
    const again = [
      outcome('screens', ran(passed('b.ts'))),
      outcome('product', ran(failed('p.ts', 'it broke again'))),
    ];
    expect(judged(first, again)).toEqual([
      'passed at the second try:',
      '  q.ts > g > slow',
      'product failed:',
      '  p.ts > group > test: it broke',
      '  FAILED alone too: p.ts > group > test: it broke again',
      'screens failed:',
      '  b.ts > group > test: it broke',
      '  passed alone on a quiet machine: b.ts',
      'in 10.0 minutes',
      'failed: product',
      'checks: 2 passed (1 of them only alone), 1 failed',
    ]);
  });

  test('a green run says little', () => {
    expect(judged([outcome('screens', ran(passed('a.ts')))], [])).toEqual([
      'in 10.0 minutes',
      'checks: 1 passed, 0 failed',
    ]);
  });

  test.each<[string, Outcome, string]>([
    [
      'no tests',
      outcome('types', null, { output: '\n\u001b[31mroom.ts(1,2): error\u001b[39m\n' }),
      '  room.ts(1,2): error',
    ],
    [
      'no report',
      outcome('product', null),
      '  product: ended without a report, see its output above',
    ],
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

  test('two groups in ruins are still told within 40 rows', () => {
    const ruins = (name: string) =>
      outcome(
        name,
        ran(
          ...Array.from({ length: 2 }, (_, n) => ({
            ...failed(`${name}${n}.ts`),
            failures: Array.from({ length: 50 }, (_, at) => ({ test: `t${at}`, error: 'no' })),
            retried: Array.from({ length: 50 }, (_, at) => `r${at}`),
          })),
        ),
      );
    const both = [ruins('screens'), ruins('product')];
    const lines = judged(both, both);
    const end = lines.slice(-40).join('\n');
    expect(end).toContain('screens failed:\n  screens0.ts > t0: no');
    expect(end).toContain('product failed:\n  product0.ts > t0: no');
    expect(end).toContain('… and 94 more');
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
    'late.test.ts': "let n = 0; test('second try', { retry: 1 }, () => expect(n++).toBe(1));",
  };
  const run = (...names: string[]) => {
    const path = join(folder, 'report.json');
    rmSync(path, { force: true });
    const reporter = join(root, 'tools/check/reporter.ts');
    const args = [vitest, 'run', '--root', folder, '--reporter=default', `--reporter=${reporter}`];
    const { status } = spawnSync(process.execPath, [...args, ...names], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, [REPORT_PATH]: path },
    });
    return { status, report: readRunReport(path) };
  };
  const inside = (report: RunReport | null, file: string) =>
    report?.files.find((one) => one.file === file);

  beforeAll(() => {
    // Inside the project: from there vitest itself is found.
    mkdirSync(join(root, 'out'), { recursive: true });
    folder = mkdtempSync(join(root, 'out', 'check-'));
    writeFileSync(join(folder, 'vitest.config.ts'), 'export default { test: { globals: true } };');
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('failed tests, hooks and imports with their first line; second tries; what passed', () => {
    const { status, report } = run();
    expect(status).toBe(1);
    expect(report?.files.map(({ file }) => file).sort()).toEqual(Object.keys(files).sort());
    const failures = (file: string) => inside(report, file)?.failures;
    expect(failures('good.test.ts')).toEqual([]);
    expect(failures('bad.test.ts')).toEqual([
      { test: 'group > adds', error: expect.stringMatching(/^.*expected 2 to be 3/) },
    ]);
    expect(failures('hook.test.ts')).toContainEqual({ test: 'group', error: 'no display' });
    expect(failures('import.test.ts')).toEqual([{ test: null, error: 'not today' }]);
    expect(inside(report, 'late.test.ts')).toMatchObject({
      passed: 1,
      retried: ['second try'],
      failures: [],
    });
  });

  test('files that are named run alone', () => {
    const { status, report } = run('good.test.ts');
    expect(status).toBe(0);
    expect(report?.files).toMatchObject([{ file: 'good.test.ts', passed: 1, failures: [] }]);
  });

  test('no report is no report', () => {
    expect(readRunReport(join(folder, 'none.json'))).toBeNull();
    expect(readRunReport(join(folder, 'vitest.config.ts'))).toBeNull();
  });
});
