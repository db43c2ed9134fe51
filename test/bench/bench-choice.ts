/** What is to be measured, or a sentence about why nothing is. */
interface Choice {
  readonly files: readonly string[];
  readonly fault: string | null;
  /** Whether the sentence was asked for. */
  readonly help: boolean;
}

const nameOf = (file: string): string => file.replace('.bench.ts', '');

/**
 * Chooses the benches that the words name.
 * @param words of the command line: beginnings of their names; none for all.
 * @param all their files.
 */
export const chooseBenches = (words: readonly string[], all: readonly string[]): Choice => {
  const usage = `npm run bench -- [NOMBRE…]\n\n  NOMBRE   ${all.map(nameOf).join(', ')}; sin nombres, todo`;
  const stop = (sentence: string): Choice => ({
    files: [],
    fault: `${sentence}\n\n${usage}`,
    help: false,
  });
  if (words.includes('--help')) return { files: [], fault: usage, help: true };
  const option = words.find((word) => word.startsWith('-'));
  if (option !== undefined) return stop(`No existe la opción ${option}.`);
  const stray = words.find((word) => !all.some((file) => file.startsWith(word)));
  if (stray !== undefined) return stop(`No hay nada que medir con el nombre «${stray}».`);
  const files = all.filter(
    (file) => words.length === 0 || words.some((word) => file.startsWith(word)),
  );
  return { files, fault: null, help: false };
};

/** The last line: goals are reached only where they were measured. */
export const verdictOf = (counts: {
  readonly goals: number;
  readonly missed: number;
  readonly failed: number;
}): string => {
  const { goals, missed, failed } = counts;
  const unmeasured = failed === 0 ? '' : `, ${failed} benches not measured`;
  if (missed > 0) return `${missed} of ${goals} goals missed${unmeasured}`;
  if (failed > 0) return `${goals} goals reached${unmeasured}`;
  return goals === 0 ? 'measured, without a goal' : 'all goals reached';
};
