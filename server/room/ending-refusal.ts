import { refuse } from '#server/platform/problems.ts';
import { closedItself, endingOf } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';

/** Why staff cannot end the attempt without its kiosk, or null: it is there, or there is nothing to end (any more). */
export const endingRefusal = (attempt: LiveAttempt): Result<never, Problem> | null => {
  const { state, presence, registration } = attempt;
  if (state.seq === 0) return refuse('not-in-this-stage', 'nobody has begun: sign in elsewhere');
  if (closedItself(attempt)) return refuse('attempt-closed');
  if (state.phase === 'closed' && endingOf(attempt) === null) return refuse('attempt-closed');
  if (registration.carriedOnBy !== null) return refuse('conflict', 'it is carried on elsewhere');
  if (presence.link !== null)
    return refuse('conflict', 'the kiosk is connected: order it to close');
  return null;
};
