import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { fail, type Result } from '#shared/kernel/result.ts';

/** A refusal with its code; `detail` is for logs and developers and never holds a secret. */
export const problem = (code: ProblemCode, detail?: string, retryAfterMs?: number): Problem => ({
  code,
  ...(detail === undefined ? {} : { detail: detail.slice(0, 500) }),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.max(0, Math.round(retryAfterMs)) }),
});

export const refuse = (
  code: ProblemCode,
  detail?: string,
  retryAfterMs?: number,
): Result<never, Problem> => fail(problem(code, detail, retryAfterMs));
