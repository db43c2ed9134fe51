import { relative, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Failure, FileReport, Told } from './run-report.ts';

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

const pathOf = (root: string, { moduleId }: TestModule): string =>
  relative(root, moduleId).split(sep).join('/');

const fileReport = (root: string, module: TestModule): FileReport => ({
  file: pathOf(root, module),
  passed: [...module.children.allTests('passed')].length,
  failures: failuresOf(module),
});

/** Ends when the other process has it: this one may end right behind. */
const tell = (told: Told): Promise<void> =>
  new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('nobody listens: start it by tools/check.ts');
    process.send(told, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });

/** Tells `tools/check.ts` what it needs to know of a run. Its text is for people, in the default reporter. */
export default class CheckReporter implements Reporter {
  private root = process.cwd();

  onInit: NonNullable<Reporter['onInit']> = (vitest) => {
    this.root = vitest.config.root;
  };

  onTestCaseResult = (test: TestCase): Promise<void> | undefined => {
    const { state, errors } = test.result();
    if (state !== 'failed') return undefined;
    const failure = { test: test.fullName, error: firstLine(errors[0]?.message) };
    return tell({ type: 'failed', file: pathOf(this.root, test.module), failure });
  };

  onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (modules, unhandledErrors) =>
    tell({
      type: 'report',
      report: {
        files: modules.map((module) => fileReport(this.root, module)),
        unhandled: unhandledErrors.map(({ message }) => firstLine(message)),
      },
    });
}
