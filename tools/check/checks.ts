import { join } from 'node:path';
import type { Job } from './scheduler.ts';

/** One of the checks of the project: a program that ends with 0 when all is well. */
export interface Check extends Job {
  /** Of Node. */
  readonly args: readonly string[];
  /** The vitest project that it runs. */
  readonly project?: string;
}

const modules = join(import.meta.dirname, '../../node_modules');
const bin = (path: string): string => join(modules, path);

const vitest = (project: string, load: number, after: readonly string[] = []): Check => ({
  name: project,
  project,
  load,
  after,
  args: [
    bin('vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    `--reporter=${join(import.meta.dirname, 'reporter.ts')}`,
  ],
});

/**
 * What a group of tests keeps busy: they wait for pages, pictures and keys a third of the time, so that three of them
 * fill two cores. A fourth one makes all of them slower than it saves.
 */
const GROUP = 2 / 3;

/** In the order in which they start: the quick ones first, then the longest. */
export const CHECKS: readonly Check[] = [
  {
    name: 'format',
    load: 0.5,
    args: [bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '--diagnostic-level=warn', '.'],
  },
  vitest('remote', 0.5),
  // The longest first, so that nothing long is left alone at the end; types are checked in the first of them.
  vitest('unit', GROUP),
  vitest('roads', GROUP),
  vitest('camera', GROUP),
  // A kiosk sees the remote tools of the whole machine.
  vitest('desktop', GROUP, ['remote']),
  vitest('screens', GROUP),
  vitest('dashboard', GROUP),
  vitest('databases', GROUP),
];

/** Where the types of the whole project are checked. */
const TYPES = 'test/arch/types.test.ts';

/**
 * @param words names of groups, and words that the path of a test has; none for everything.
 * @param exists whether a path from the root of the project exists.
 */
export const selectChecks = (
  words: readonly string[],
  exists: (path: string) => boolean,
): readonly Check[] => {
  const names = new Set(CHECKS.map(({ name }) => name));
  const groups = words.filter((word) => names.has(word));
  // A folder of the product is meant with its tests, not with whatever has its name somewhere.
  const filters = words
    .filter((word) => !names.has(word))
    .map((word) => (exists(join('test', word)) ? join('test', word) : word));
  if (filters.length > 0 && groups.length === 0) filters.push(TYPES);
  const chosen = groups.length === 0 ? CHECKS : CHECKS.filter(({ name }) => groups.includes(name));
  return chosen.map((check) =>
    check.project === undefined || filters.length === 0
      ? check
      : { ...check, args: [...check.args, '--passWithNoTests', ...filters] },
  );
};
