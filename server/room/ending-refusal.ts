import { refuse } from '#server/platform/problems.ts';
import { endingOf } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { EndingKind } from '#shared/wire/command.ts';

/** Whether there is something to end by this decision, or to put right of an earlier one. */
const isOpenTo = (kind: EndingKind, attempt: LiveAttempt): boolean => {
  const { phase, closedBy } = attempt.state;
  if (phase !== 'closed') return true;
  const ended = endingOf(attempt) !== null;
  // At the limit a person may still dismiss: whoever is let go goes on as soon as the count allows it.
  if (closedBy === 'copy-attempts') return ended || kind === 'let-go';
  return ended && closedBy === 'proctor';
};

/**
 * Why staff cannot end the attempt without its kiosk, or null: it is there, or there is nothing to end (any more).
 * @param cutOff the person knows that the kiosk is connected and says that it does not work.
 */
export const endingRefusal = (
  kind: EndingKind,
  attempt: LiveAttempt,
  cutOff: boolean,
): Result<never, Problem> | null => {
  const { state, presence, registration } = attempt;
  if (state.seq === 0) return refuse('not-in-this-stage', 'nobody has begun: sign in elsewhere');
  if (!isOpenTo(kind, attempt)) return refuse('attempt-closed');
  if (registration.carriedOnBy !== null) return refuse('conflict', 'it is carried on elsewhere');
  if (presence.link !== null && !cutOff)
    return refuse(
      'conflict',
      'the kiosk is connected: order it to close, or say that it is cut off',
    );
  return null;
};
