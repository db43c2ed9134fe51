import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, may } from '#server/people/rights.ts';
import { refuse } from '#server/platform/problems.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { Right } from '#shared/wire/roles.ts';

/**
 * The attempt, for whoever may do this with it. Problems: `forbidden` when the role has no such right, `not-found` when
 * there is no such attempt or it is out of the person's reach (alike, so that ids cannot be probed).
 */
export const reachAttempt = async (
  attempts: Pick<LiveAttempts, 'load'>,
  staff: StaffMember,
  attemptId: AttemptId,
  right: Right,
): Promise<Result<LiveAttempt, Problem>> => {
  if (!hasRight(staff, right)) return refuse('forbidden');
  const attempt = await attempts.load(attemptId);
  if (attempt === null) return refuse('not-found');
  const { room } = attempt.registration;
  if (!may(staff, right, { roomId: room.id, venueId: room.venueId })) return refuse('not-found');
  return ok(attempt);
};
