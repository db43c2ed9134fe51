import { stripVTControlCharacters } from 'node:util';
import type { Failure, FileReport, RunReport } from './run-report.ts';

/** How one check ended. */
export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** What it printed. */
  readonly output: string;
  /** Null when the check runs no tests, or its run ended without a report. */
  readonly report: RunReport | null;
}

/** Characters of a line: enough for a name and an error, short enough for one row of a log. */
const WIDTH = 200;
/** Rows of one list: the lists of some failed groups fit into the last 40 rows, which is all that some logs keep. */
const ROWS = 6;

const row = (text: string): string => (text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text);
const rows = (lines: readonly string[]): readonly string[] =>
  lines.length > ROWS
    ? [...lines.slice(0, ROWS), `  … and ${lines.length - ROWS} more`].map(row)
    : lines.map(row);

/** A failed test in one row. */
export const failureRow = (file: string, { test, error }: Failure): string =>
  row(`  ${[file, test].filter(Boolean).join(' > ')}: ${error}`);

const failureRows = ({ file, failures }: FileReport): string[] =>
  failures.map((failure) => failureRow(file, failure));

const firstLines = (output: string): readonly string[] =>
  stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, ROWS)
    .map((line) => row(`  ${line}`));

/** A failed check in a few rows: each failed test with the first line of its error, else how its output begins. */
export const shortList = ({ name, output, report }: Outcome): readonly string[] => {
  if (report === null) {
    const lines = firstLines(output);
    return lines.length > 0 ? lines : [`  ${name}: ended without a report and without a word`];
  }
  const lines = [
    ...report.files.flatMap(failureRows),
    ...report.unhandled.map((error) => `  outside any test: ${error}`),
  ];
  return lines.length > 0 ? rows(lines) : [`  ${name}: every test passed, but the run failed`];
};

/**
 * The end of the report, after everything else was printed.
 *
 * @param minutes how long all of it took.
 * @returns rows; the last one counts the checks.
 */
export const summary = (outcomes: readonly Outcome[], minutes: number): readonly string[] => {
  const failed = outcomes.filter(({ ok }) => !ok);
  return [
    ...failed.flatMap((outcome) => [`${outcome.name} failed:`, ...shortList(outcome)]),
    `in ${minutes.toFixed(1)} minutes`,
    ...(failed.length > 0 ? [`failed: ${failed.map(({ name }) => name).join(', ')}`] : []),
    `checks: ${outcomes.length - failed.length} passed, ${failed.length} failed`,
  ];
};
