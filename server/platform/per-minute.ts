import type { FastifyRequest } from 'fastify';
import { ProblemError } from './http-problems.ts';
import { problem } from './problems.ts';
import type { App } from './typed.ts';

/** Refuses a request as `rate-limited` when its key was seen more often than `max` times in a minute. */
export const perMinute = (app: App, max: number, keyOf: (request: FastifyRequest) => string) => {
  const check = app.createRateLimit({
    max,
    timeWindow: 60_000,
    keyGenerator: (request) => keyOf(request as FastifyRequest),
  });
  return async (request: FastifyRequest): Promise<void> => {
    const state = await check(request);
    if (!state.isAllowed && state.isExceeded) {
      request.log.warn({ url: request.url }, 'rate limit reached');
      throw new ProblemError(problem('rate-limited', undefined, state.ttl));
    }
  };
};
