import type { StaffMember } from '#server/people/ports.ts';
import { hasRight } from '#server/people/rights.ts';
import type { AuditRow, AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import {
  type IdentitySetup,
  type NewWindow,
  OPENING_SLACK_MS,
  type SessionIdentity,
  type ThumbnailChange,
} from '#shared/wire/identity-setup.ts';
import type { IdentitySetupStore } from './setup-ports.ts';

const MOST_SESSIONS = 300;

export interface IdentitySetupDeps {
  readonly identitySetup: IdentitySetupStore;
  readonly attempts: Pick<LiveAttempts, 'refreshWhere'>;
  readonly store: UnitOfWork<{
    readonly identitySetup: IdentitySetupStore;
    readonly trail: AuditTrail;
  }>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/**
 * What is decided about identity before an exam; each change is on record. For staff with the right `privacy`, else
 * `forbidden`; `not-found` for what does not exist.
 */
export interface IdentitySetups {
  list(staff: StaffMember): Promise<Result<IdentitySetup, Problem>>;
  /** Problems: `bad-request` when the dates are in the past or the wrong way round. @returns its id. */
  addWindow(staff: StaffMember, window: NewWindow): Promise<Result<string, Problem>>;
  removeWindow(staff: StaffMember, id: string, reason: string): Promise<Result<null, Problem>>;
  /**
   * Problems: `conflict` once somebody signed in, since a ledger's opening is compared with what the session says;
   * `not-in-this-stage` when the session is over; `bad-request` for a challenge by hand.
   */
  setSession(
    staff: StaffMember,
    sessionId: SessionId,
    change: SessionIdentity,
  ): Promise<Result<null, Problem>>;
  /**
   * To forbid works at once. Problems: `conflict` when they would be allowed while somebody sits the exam, who was
   * told that there are none.
   */
  setThumbnails(
    staff: StaffMember,
    examId: string,
    change: ThumbnailChange,
  ): Promise<Result<null, Problem>>;
}

export const identitySetups = (deps: IdentitySetupDeps): IdentitySetups => {
  const { identitySetup, clock } = deps;

  /** The change and its entry as one; nothing is entered when `change` says that it changed nothing. */
  const recorded = <Outcome>(
    row: Omit<AuditRow, 'at'>,
    change: (setup: IdentitySetupStore) => Promise<Outcome>,
    changed: (outcome: Outcome) => boolean,
  ): Promise<Outcome> =>
    deps.store.transaction(async (tx) => {
      const outcome = await change(tx.identitySetup);
      if (changed(outcome)) await tx.trail.audit({ at: clock.now(), ...row });
      return outcome;
    });

  return {
    list: async (staff) =>
      hasRight(staff, 'privacy')
        ? ok(await identitySetup.setup(clock.now(), MOST_SESSIONS))
        : refuse('forbidden'),

    addWindow: async (staff, { venueId, opensAt, closesAt, reason }) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      const now = clock.now();
      if (closesAt <= opensAt) return refuse('bad-request', 'it closes before it opens');
      if (opensAt < now - OPENING_SLACK_MS || closesAt <= now) {
        return refuse('bad-request', 'dates are set beforehand');
      }
      const id = `window-${deps.random.uuid()}`;
      const detail = { venueId, opensAt, closesAt, reason };
      const added = await recorded(
        { actor: staff.id, action: 'enrolment-window-set', subject: id, detail },
        (setup) => setup.addWindow({ id, venueId, opensAt, closesAt }),
        (done) => done,
      );
      return added ? ok(id) : refuse('not-found');
    },

    removeWindow: async (staff, id, reason) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      const removed = await recorded(
        { actor: staff.id, action: 'enrolment-window-removed', subject: id, detail: { reason } },
        (setup) => setup.removeWindow(id),
        (done) => done,
      );
      return removed ? ok(null) : refuse('not-found');
    },

    setSession: async (staff, sessionId, { check, challenge, reason }) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      if (check === 'by-hand' && challenge) return refuse('bad-request', 'by hand nobody turns');
      const detail = { check, challenge, reason };
      const outcome = await recorded(
        { actor: staff.id, action: 'session-identity-set', subject: sessionId, detail },
        (setup) => setup.setSession(sessionId, { check, challenge }, clock.now()),
        (done) => done === 'done',
      );
      if (outcome === 'unknown') return refuse('not-found');
      if (outcome === 'begun') return refuse('conflict', 'somebody signed in');
      if (outcome === 'over') return refuse('not-in-this-stage', 'the session is over');
      // What is in memory says the same as the store from now on.
      await deps.attempts.refreshWhere((registration) => registration.sessionId === sessionId);
      return ok(null);
    },

    setThumbnails: async (staff, examId, { allowed, reason }) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      const outcome = await recorded(
        { actor: staff.id, action: 'thumbnails-set', subject: examId, detail: { allowed, reason } },
        (setup) => setup.setThumbnails(examId, allowed, clock.now()),
        (done) => done === 'done',
      );
      if (outcome === 'unknown') return refuse('not-found');
      if (outcome === 'begun') return refuse('conflict', 'somebody sits it');
      await deps.attempts.refreshWhere(({ exam }) => exam.id === examId);
      return ok(null);
    },
  };
};
