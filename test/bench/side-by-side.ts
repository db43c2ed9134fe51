import { join } from 'node:path';

/** A checkout whose code is measured: this one, or another one beside it. */
export interface Build {
  readonly name: string;
  readonly root: string;
}

export const THIS_BUILD: Build = { name: 'this build', root: join(import.meta.dirname, '../..') };

/**
 * The build to compare with in the same run: the folder of a checkout with its dependencies, in the environment
 * variable BENCH_BASE. null without one: then only this build is measured.
 */
export const baseBuild = (): Build | null => {
  const root = process.env.BENCH_BASE;
  return root === undefined || root === '' ? null : { name: 'base build', root };
};

/** The value in the middle. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
