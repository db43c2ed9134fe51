import type { ServerClock } from '#server/platform/ports.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { ExamineeId } from '#shared/kernel/ids.ts';
import type { PrivacyStore } from './ports.ts';
import { claimsOpen } from './retention-clock.ts';

/** Whether the examinee objected to something, so that its evidence may be asked for. */
export const isContested = (attempt: LiveAttempt): boolean =>
  attempt.state.incidents.some(({ objection }) => objection !== null);

export interface ContestedDeps {
  readonly attempts: Pick<LiveAttempts, 'load'>;
  readonly privacy: Pick<PrivacyStore, 'participations'>;
  readonly clock: ServerClock;
}

/** Whether something of the person may not be deleted early: an attempt is held, or contested while claims are open. */
export const neededForClaims =
  (deps: ContestedDeps) =>
  async (examineeId: ExamineeId): Promise<boolean> => {
    for (const part of await deps.privacy.participations(examineeId)) {
      if (part.held) return true;
      if (!claimsOpen(part, deps.clock.now())) continue;
      const attempt = await deps.attempts.load(part.attemptId);
      if (attempt !== null && isContested(attempt)) return true;
    }
    return false;
  };

export type NeededForClaims = ReturnType<typeof neededForClaims>;
