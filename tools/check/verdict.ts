import type { FileReport, RunReport } from './run-report.ts';

/** How one check ended. */
export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** What it printed; empty when that was shown while it ran. */
  readonly output: string;
  /** Null when the check runs no tests, or its run ended without a report. */
  readonly report: RunReport | null;
  /**
   * The vitest project whose failed files may be run again alone: one whose tests wait for a real browser or
   * desktop. Null for everything else: what only computes gives the same answer on any machine.
   */
  readonly repeatable: string | null;
}

/** Files of one check to run again. */
export interface Repeat {
  readonly name: string;
  readonly project: string;
  readonly files: readonly string[];
}

/** How one file did alone. */
export interface Alone {
  readonly file: string;
  readonly ok: boolean;
  readonly failures: FileReport['failures'];
}

/** What a check comes to after all runs. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly state: 'passed' | 'passed alone' | 'failed';
  /** Empty when nothing was run again. */
  readonly alone: readonly Alone[];
}

/** More failed files than this are no matter of load, and running them again would only take time. */
export const MOST_FILES = 4;

export const failedFiles = ({ report }: Outcome): readonly FileReport[] =>
  report?.files.filter(({ failures }) => failures.length > 0) ?? [];

/**
 * Which files to run once more, alone, when everything else is over.
 *
 * Why at all: two groups run side by side on as few as two cores, and a browser or a desktop that gets no
 * processor for seconds fails a test that is right. Alone there is nothing to blame but the product or the test:
 * what fails there fails the check, and what passes there is said to have passed only there. Both runs are printed.
 * An error that belongs to no file could hide behind a second run, so that check stays failed.
 */
export const repeatsFor = (outcomes: readonly Outcome[]): readonly Repeat[] => {
  const repeats = outcomes.flatMap((outcome) => {
    const { name, ok, report, repeatable } = outcome;
    const files = failedFiles(outcome).map(({ file }) => file);
    if (ok || repeatable === null || files.length === 0) return [];
    return report?.unhandled.length === 0 ? [{ name, project: repeatable, files }] : [];
  });
  const all = repeats.flatMap(({ files }) => files);
  return all.length > MOST_FILES ? [] : repeats;
};

/** @param again how the run of these files ended. A file that is missing in it, or ran no test, did not pass. */
const aloneOf = (repeat: Repeat, again: Outcome | undefined): readonly Alone[] =>
  repeat.files.map((file) => {
    const seen = again?.report?.files.find((one) => one.file === file);
    const clean = again?.report?.unhandled.length === 0;
    const ok = clean && seen !== undefined && seen.passed > 0 && seen.failures.length === 0;
    return { file, ok, failures: seen?.failures ?? [] };
  });

/**
 * @param again how the second runs ended, under the names of their checks.
 * @returns one verdict per outcome, in their order.
 */
export const verdicts = (
  outcomes: readonly Outcome[],
  repeats: readonly Repeat[],
  again: readonly Outcome[],
): readonly Verdict[] =>
  outcomes.map((outcome) => {
    if (outcome.ok) return { outcome, state: 'passed', alone: [] };
    const repeat = repeats.find(({ name }) => name === outcome.name);
    if (repeat === undefined) return { outcome, state: 'failed', alone: [] };
    const second = again.find(({ name }) => name === outcome.name);
    const alone = aloneOf(repeat, second);
    // Failures without a failed file would be a run that broke off.
    const passed = alone.every(({ ok }) => ok) && second?.ok === true;
    return { outcome, state: passed ? 'passed alone' : 'failed', alone };
  });
