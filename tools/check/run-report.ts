/** A test that failed for good, or what went wrong outside any test. */
export interface Failure {
  /** With its groups, `group > test`; null when it is none of the tests: an import, a hook of the file. */
  readonly test: string | null;
  /** The first line of the error, without colours. */
  readonly error: string;
}

export interface FileReport {
  /** Relative to the project, with forward slashes. */
  readonly file: string;
  /** How many tests passed. */
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** What one run of vitest came to. */
export interface RunReport {
  readonly files: readonly FileReport[];
  /** First lines of errors that belong to no file: they fail a run in which every test passed. */
  readonly unhandled: readonly string[];
}

/** What `reporter.ts` tells the process that started it. */
export type Told =
  | { readonly type: 'failed'; readonly file: string; readonly failure: Failure }
  | { readonly type: 'report'; readonly report: RunReport };
