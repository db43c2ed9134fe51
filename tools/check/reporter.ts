import { writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';
import type { Failure, FileReport, RunReport } from './run-report.ts';

/** The variable that says where the report is to be written. */
export const REPORT_PATH = 'ATALAYA_CHECK_REPORT';

/** The first line of an error that says something, without colours. */
const firstLine = (message: string | undefined): string =>
  stripVTControlCharacters(message ?? '')
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '') ?? 'an error without a message';

const failuresOf = (module: TestModule): Failure[] => {
  const failures: Failure[] = [];
  const add = (test: string | null, errors: readonly { message?: string }[] | undefined): void => {
    failures.push({ test, error: firstLine(errors?.[0]?.message) });
  };
  // The file itself and its groups have errors of their own: imports, hooks.
  if (module.errors().length > 0) add(null, module.errors());
  for (const suite of module.children.allSuites())
    if (suite.errors().length > 0) add(suite.fullName, suite.errors());
  for (const test of module.children.allTests('failed')) add(test.fullName, test.result().errors);
  const state = module.state();
  if (failures.length === 0 && state !== 'passed' && state !== 'skipped')
    failures.push({ test: null, error: `the file ended as "${state}"` });
  return failures;
};

const fileReport = (root: string, module: TestModule): FileReport => ({
  file: relative(root, module.moduleId).split(sep).join('/'),
  seconds: module.diagnostic().duration / 1_000,
  passed: [...module.children.allTests('passed')].length,
  retried: [...module.children.allTests('passed')]
    .filter((test) => test.diagnostic()?.flaky === true)
    .map(({ fullName }) => fullName),
  failures: failuresOf(module),
});

/** Writes what `tools/check.ts` needs to know of a run. Its text is for people, in the default reporter. */
export default class CheckReporter implements Reporter {
  private root = process.cwd();

  onInit: NonNullable<Reporter['onInit']> = (vitest) => {
    this.root = vitest.config.root;
  };

  onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (modules, unhandledErrors) => {
    const path = process.env[REPORT_PATH];
    if (path === undefined) throw new Error(`${REPORT_PATH} names no file`);
    const report: RunReport = {
      files: modules.map((module) => fileReport(this.root, module)),
      unhandled: unhandledErrors.map(({ message }) => firstLine(message)),
    };
    writeFileSync(path, JSON.stringify(report));
  };
}
