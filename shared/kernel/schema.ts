import type { Static, TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { fail, ok, type Result } from './result.ts';

/** Why a value does not fit its schema: where (JSON pointer) and what was expected. Never the value itself. */
export interface SchemaProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * Checks an unknown value at an edge of the system against its schema. Interpreted, so that it runs
 * under a page's CSP without `unsafe-eval`; the server's ingest compiles its few hot schemas itself.
 * @returns the same value, typed, or the first problem. The value is neither copied nor changed.
 */
export const check = <S extends TSchema>(
  schema: S,
  value: unknown,
): Result<Static<S>, SchemaProblem> => {
  if (Check(schema, value)) return ok(value as Static<S>);
  const first = Errors(schema, value)[0];
  return fail({ path: first?.instancePath || '/', message: first?.message ?? 'does not fit' });
};
