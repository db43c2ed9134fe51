import type { SessionId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { IdentitySetup } from '#shared/wire/identity-setup.ts';

/** Dates of enrolment, how sessions check identity, which exams have thumbnails. */
export interface IdentitySetupStore {
  /** What is not over, whole; at most `limit` sessions. */
  setup(now: EpochMs, limit: number): Promise<IdentitySetup>;
  /** @returns false when there is no such venue. */
  addWindow(window: {
    readonly id: string;
    readonly venueId: string | null;
    readonly opensAt: EpochMs;
    readonly closesAt: EpochMs;
  }): Promise<boolean>;
  /** @returns false when there is no such window. */
  removeWindow(id: string): Promise<boolean>;
  /** Atomic: changes nothing when somebody signed in (`begun`) or the session is over. */
  setSession(
    sessionId: SessionId,
    identity: { readonly check: 'face' | 'by-hand'; readonly challenge: boolean },
    now: EpochMs,
  ): Promise<'done' | 'unknown' | 'begun' | 'over'>;
  /** Atomic: allows nothing while somebody sits a session that is not over (`begun`). */
  setThumbnails(
    examId: string,
    allowed: boolean,
    now: EpochMs,
  ): Promise<'done' | 'unknown' | 'begun'>;
}
