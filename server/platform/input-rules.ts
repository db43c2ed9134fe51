import Type, { type TSchema } from 'typebox';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { refuse } from './problems.ts';

/** A name as it is shown: neither empty nor with control signs, which no database need store. */
export const ShownTextSchema = (maxLength: number) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]+$',
  });

/** An object with these properties and no others. */
export const strictObject = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** `conflict` naming the first value that comes twice. */
export const refuseDoubles = (what: string, values: readonly string[]): Result<null, Problem> => {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) return refuse('conflict', `${what} ${value} comes twice`);
    seen.add(value);
  }
  return ok(null);
};

/** `conflict` naming the first value that is taken. */
export const refuseTaken = (
  what: string,
  values: readonly string[],
  taken: ReadonlySet<string>,
): Result<null, Problem> => {
  const first = values.find((value) => taken.has(value));
  return first === undefined ? ok(null) : refuse('conflict', `${what} ${first} is there already`);
};

/** `not-found` naming the first value that there is not. */
export const refuseUnknown = (
  what: string,
  values: readonly string[],
  known: ReadonlySet<string>,
): Result<null, Problem> => {
  const first = values.find((value) => !known.has(value));
  return first === undefined ? ok(null) : refuse('not-found', `no ${what} ${first}`);
};

/** The first refusal; what comes after it is not asked any more. */
export const firstRefusal = async (
  steps: readonly (() => Result<null, Problem> | Promise<Result<null, Problem>>)[],
): Promise<Result<null, Problem>> => {
  for (const step of steps) {
    const outcome = await step();
    if (!outcome.ok) return outcome;
  }
  return ok(null);
};
