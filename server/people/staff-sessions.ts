import type { AuditRow, AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { newToken, tokenHash } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';
import type { StaffProfile } from '#shared/wire/dashboard.ts';
import type { AccessStore, Passwords, StaffMember } from './ports.ts';

/** A session that nobody used for this long is over, ms. */
export const STAFF_IDLE_MS = 12 * 60 * MINUTE;
/** However much it is used, a session is over after this, ms: one day of exams, with what comes before and after it. */
const STAFF_LONGEST_MS = 24 * 60 * MINUTE;
/** How exactly the last use is kept, ms; saves a write per request. */
const TOUCH_EVERY_MS = MINUTE;

export interface StaffDeps {
  readonly access: AccessStore;
  readonly trail: AuditTrail;
  readonly store: UnitOfWork<{ readonly access: AccessStore; readonly trail: AuditTrail }>;
  readonly passwords: Passwords;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

export interface StaffSessions {
  /** `wrong-credentials` alike for an unknown user and a wrong password, in like time. */
  signIn(
    user: string,
    password: string,
  ): Promise<Result<{ readonly token: string; readonly profile: StaffProfile }, Problem>>;
  /**
   * The person behind a session's token; null when it is unknown, was idle too long, or is a day old. Counts as a use
   * of the session unless `use` is false.
   */
  whoIs(token: string, options?: { readonly use: boolean }): Promise<StaffMember | null>;
  signOut(token: string): Promise<void>;
  /** Ends every session of the person behind the token, wherever it is open. */
  signOutEverywhere(token: string): Promise<void>;
  /** Calls `listener` when the session is signed out of. Returns how to stop listening. */
  onSignOut(token: string, listener: () => void): () => void;
}

export const profileOf = async (
  access: Pick<AccessStore, 'timeZone'>,
  { id, name, role, venueId }: StaffMember,
): Promise<StaffProfile> => ({ id, name, role, timeZone: await access.timeZone(venueId) });

/** A row about the person's own session. */
const session = (who: string, action: string, at: EpochMs): AuditRow => ({
  at,
  actor: who,
  action,
  subject: who,
  detail: {},
});

export const staffSessions = (deps: StaffDeps): StaffSessions => {
  const { access, trail, clock } = deps;
  // Checked for unknown users, so that their answer takes as long as a real one.
  const decoy = deps.passwords.hash(newToken(deps.random));

  const listeners = new Map<string, Set<() => void>>();

  return {
    signIn: async (user, password) => {
      const name = user.trim().toLowerCase();
      const known = await access.staffByUser(name);
      const fits = await deps.passwords.verify(known?.passwordHash ?? (await decoy), password);
      const staff = known !== null && fits ? await access.staff(known.id) : null;
      const now = clock.now();
      if (staff === null) {
        await trail.audit(session(known?.id ?? 'unknown', 'staff-sign-in-failed', now));
        return refuse('wrong-credentials');
      }
      const token = newToken(deps.random);
      await deps.store.transaction(async (tx) => {
        await tx.access.openStaffSession(tokenHash(token), staff.id, now);
        await tx.trail.audit(session(staff.id, 'staff-signed-in', now));
      });
      return ok({ token, profile: await profileOf(access, staff) });
    },

    whoIs: async (token, { use } = { use: true }) => {
      const hashed = tokenHash(token);
      const session = await access.staffSession(hashed);
      if (session === null) return null;
      const now = clock.now();
      const old = now - session.openedAt > STAFF_LONGEST_MS;
      if (old || now - session.lastSeenAt > STAFF_IDLE_MS) {
        await access.closeStaffSession(hashed);
        return null;
      }
      if (use && now - session.lastSeenAt > TOUCH_EVERY_MS) {
        await access.touchStaffSession(hashed, now);
      }
      return access.staff(session.staffId);
    },

    signOut: async (token) => {
      const hashed = tokenHash(token);
      await deps.store.transaction(async (tx) => {
        const open = await tx.access.staffSession(hashed);
        if (open === null) return;
        await tx.access.closeStaffSession(hashed);
        await tx.trail.audit(session(open.staffId, 'staff-signed-out', clock.now()));
      });
      for (const listener of listeners.get(hashed) ?? []) listener();
    },

    signOutEverywhere: async (token) => {
      const ended = await deps.store.transaction(async (tx) => {
        const open = await tx.access.staffSession(tokenHash(token));
        if (open === null) return [];
        const closed = await tx.access.closeStaffSessions(open.staffId);
        await tx.trail.audit(session(open.staffId, 'staff-signed-out-everywhere', clock.now()));
        return closed;
      });
      for (const hashed of ended) for (const listener of listeners.get(hashed) ?? []) listener();
    },

    onSignOut: (token, listener) => {
      const hashed = tokenHash(token);
      const all = listeners.get(hashed) ?? new Set();
      listeners.set(hashed, all.add(listener));
      return () => {
        all.delete(listener);
        if (all.size === 0) listeners.delete(hashed);
      };
    },
  };
};
