import { stripVTControlCharacters } from 'node:util';
import type { FileReport } from './run-report.ts';
import { failedFiles, type Outcome, type Verdict } from './verdict.ts';

/** Characters of a line: enough for a name and an error, short enough for one row of a log. */
const WIDTH = 200;
/** Rows of one list: the lists of two failed groups fit into the last 40 rows, which is all that some logs keep. */
const ROWS = 6;

const row = (text: string): string => (text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text);
const rows = (lines: readonly string[]): readonly string[] =>
  lines.length > ROWS
    ? [...lines.slice(0, ROWS), `  … and ${lines.length - ROWS} more`].map(row)
    : lines.map(row);

const failureRows = ({ file, failures }: Pick<FileReport, 'file' | 'failures'>): string[] =>
  failures.map(({ test, error }) => `  ${[file, test].filter(Boolean).join(' > ')}: ${error}`);

const firstLines = (output: string): readonly string[] =>
  stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, ROWS)
    .map((line) => row(`  ${line}`));

/** A failed check in a few rows: each failed test with the first line of its error, else how its output begins. */
export const shortList = (outcome: Outcome): readonly string[] => {
  const { name, output, report } = outcome;
  if (report === null) {
    const lines = firstLines(output);
    return lines.length > 0 ? lines : [`  ${name}: ended without a report, see its output above`];
  }
  const lines = [
    ...failedFiles(outcome).flatMap(failureRows),
    ...report.unhandled.map((error) => `  outside any test: ${error}`),
  ];
  return lines.length > 0 ? rows(lines) : [`  ${name}: every test passed, but the run failed`];
};

const aloneRows = ({ alone }: Verdict): readonly string[] =>
  rows(
    alone.flatMap(({ file, ok, failures }) => {
      if (ok) return [`  passed alone on a quiet machine: ${file}`];
      const why =
        failures.length > 0 ? failureRows({ file, failures }) : [`  ${file}: did not run`];
      return why.map((line) => `  FAILED alone too:${line.slice(1)}`);
    }),
  );

/** The second tries of all runs: what is about to become a failure. */
const retriedRows = (verdicts: readonly Verdict[]): readonly string[] => {
  const retried = verdicts.flatMap(({ outcome }) =>
    (outcome.report?.files ?? []).flatMap(({ file, retried }) =>
      retried.map((test) => `  ${file} > ${test}`),
    ),
  );
  return retried.length === 0 ? [] : ['passed at the second try:', ...rows(retried)];
};

/**
 * The end of the report, after everything else was printed.
 *
 * @param minutes how long all of it took.
 * @returns rows; the last one counts the checks.
 */
export const summary = (verdicts: readonly Verdict[], minutes: number): readonly string[] => {
  const of = (state: Verdict['state']) => verdicts.filter((verdict) => verdict.state === state);
  const [passed, alone, failed] = [of('passed'), of('passed alone'), of('failed')];
  const troubled = [...failed, ...alone];
  const note = alone.length > 0 ? ` (${alone.length} of them only alone)` : '';
  return [
    ...retriedRows(verdicts),
    ...troubled.flatMap((verdict) => [
      `${verdict.outcome.name} failed:`,
      ...shortList(verdict.outcome),
      ...aloneRows(verdict),
    ]),
    `in ${minutes.toFixed(1)} minutes`,
    ...(failed.length > 0
      ? [`failed: ${failed.map(({ outcome }) => outcome.name).join(', ')}`]
      : []),
    `checks: ${passed.length + alone.length} passed${note}, ${failed.length} failed`,
  ];
};
