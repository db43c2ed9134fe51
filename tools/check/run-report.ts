import { readFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { check } from '#shared/kernel/schema.ts';

/** A test that failed for good, or what went wrong outside any test. */
const FailureSchema = Type.Object({
  /** With its groups, `group > test`; null when it is none of the tests: an import, a hook of the file. */
  test: Type.Union([Type.String(), Type.Null()]),
  /** The first line of the error, without colours. */
  error: Type.String(),
});

const FileReportSchema = Type.Object({
  /** Relative to the project, with forward slashes. */
  file: Type.String(),
  /** From the first hook to the last, s. */
  seconds: Type.Number(),
  /** How many tests passed. */
  passed: Type.Number(),
  /** Tests that passed at their second try only. */
  retried: Type.Array(Type.String()),
  failures: Type.Array(FailureSchema),
});

/** What one run of vitest tells `tools/check.ts`. Written by `reporter.ts`. */
export const RunReportSchema = Type.Object({
  files: Type.Array(FileReportSchema),
  /** First lines of errors that belong to no file: they fail a run in which every test passed. */
  unhandled: Type.Array(Type.String()),
});

export type Failure = Static<typeof FailureSchema>;
export type FileReport = Static<typeof FileReportSchema>;
export type RunReport = Static<typeof RunReportSchema>;

/** @returns the report; null when the run ended without one, or wrote something else. */
export const readRunReport = (path: string): RunReport | null => {
  try {
    const read = check(RunReportSchema, JSON.parse(readFileSync(path, 'utf8')));
    return read.ok ? read.value : null;
  } catch {
    return null;
  }
};
