import { maskDocument } from '#server/people/mask-document.ts';
import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, may } from '#server/people/rights.ts';
import type { AuditRow, AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { normaliseCode, readableCode, tokenHash } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { ExamineeId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { EnrolmentList, EnrolmentPicture, EnrolmentState } from '#shared/wire/enrolment.ts';
import { reachOf } from '#shared/wire/roles.ts';
import type { ReadEnrolment } from './active-enrolment.ts';
import type { EnrolmentRow, EnrolmentStore, PeopleReach, Sitting } from './ports.ts';

/** How long a room code may be used, ms. */
const ROOM_CODE_MS = 30 * MINUTE;
const ROOM_CODE_LETTERS = 8;
/** Staff of a room reach its examinees until a day after their last shift there. */
const REACH_AFTER_MS = 24 * 60 * MINUTE;
const MOST_WAITING = 200;
const MOST_FOUND = 20;

export interface EnrolmentStaffDeps {
  readonly enrolments: EnrolmentStore;
  readonly readEnrolment: ReadEnrolment;
  readonly trail: AuditTrail;
  readonly store: UnitOfWork<{ readonly enrolments: EnrolmentStore; readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/** Problems: `forbidden` by role; `not-found` when there is no such person or they are out of reach (alike). */
export interface EnrolmentStaff {
  list(
    staff: StaffMember,
    filter: { readonly waiting: true } | { readonly search: string },
  ): Promise<Result<EnrolmentList, Problem>>;
  /** Every look is on record. */
  picture(
    staff: StaffMember,
    examineeId: ExamineeId,
    picture: EnrolmentPicture,
  ): Promise<Result<Uint8Array, Problem>>;
  /** `conflict` when none waits (any more). */
  decide(
    staff: StaffMember,
    examineeId: ExamineeId,
    decision: { readonly decision: 'approve' | 'reject'; readonly reason: string },
  ): Promise<Result<null, Problem>>;
  /** Shown once; ends the one before. */
  roomCode(
    staff: StaffMember,
    examineeId: ExamineeId,
  ): Promise<Result<{ readonly code: string; readonly expiresAt: number }, Problem>>;
  /** Whether the person may deal with the examinee's enrolment at all. */
  reach(staff: StaffMember, examineeId: ExamineeId): Promise<Result<null, Problem>>;
}

const stateOf = (row: EnrolmentRow): EnrolmentState => {
  if (row.waiting !== null) return 'waiting';
  if (row.rejectedAt !== null) return 'rejected';
  return row.active === null ? 'none' : 'active';
};

export const enrolmentStaff = (deps: EnrolmentStaffDeps): EnrolmentStaff => {
  const { enrolments, clock } = deps;

  const peopleReach = (staff: StaffMember): PeopleReach => {
    const endedAfter = clock.now() - REACH_AFTER_MS;
    switch (reachOf(staff.role)) {
      case 'all':
        return 'all';
      case 'venue':
        return { venueId: staff.venueId ?? '', endedAfter };
      case 'rooms':
      case 'nowhere':
        return { roomIds: staff.roomIds, endedAfter };
    }
  };

  const sits = (staff: StaffMember, sitting: Sitting): boolean =>
    sitting.endsAt >= clock.now() - REACH_AFTER_MS && may(staff, 'identity', sitting);

  const reach = async (
    staff: StaffMember,
    examineeId: ExamineeId,
  ): Promise<Result<null, Problem>> => {
    if (!hasRight(staff, 'identity')) return refuse('forbidden');
    if ((await enrolments.person(examineeId)) === null) return refuse('not-found');
    if (reachOf(staff.role) === 'all') return ok(null);
    const sittings = await enrolments.sittings(examineeId);
    return sittings.some((sitting) => sits(staff, sitting)) ? ok(null) : refuse('not-found');
  };

  const entry = (
    staff: StaffMember,
    action: string,
    examineeId: ExamineeId,
    detail: Readonly<Record<string, string>>,
  ): AuditRow => ({ at: clock.now(), actor: staff.id, action, subject: examineeId, detail });

  const view = async (row: EnrolmentRow): Promise<EnrolmentList['enrolments'][number]> => {
    const slot = row.waiting === null ? 'active' : 'waiting';
    const shown = row.waiting ?? row.active;
    const stored = shown === null ? null : await deps.readEnrolment(row.id, slot);
    return {
      examineeId: row.id,
      name: row.name,
      documentMasked: maskDocument(row.document),
      state: stateOf(row),
      at: shown?.at ?? null,
      documentKind: shown?.documentKind ?? null,
      documentQr: stored?.documentQr ?? null,
      changeDistance: row.waiting?.changeDistance ?? null,
      documentDoubt: row.waiting === null ? null : (stored?.documentDoubt ?? null),
    };
  };

  return {
    reach,

    list: async (staff, filter) => {
      if (!hasRight(staff, 'identity')) return refuse('forbidden');
      const most = 'waiting' in filter ? MOST_WAITING : MOST_FOUND;
      const rows = await enrolments.people(filter, peopleReach(staff), most);
      return ok({ enrolments: await Promise.all(rows.map(view)) });
    },

    picture: async (staff, examineeId, picture) => {
      const reached = await reach(staff, examineeId);
      if (!reached.ok) return reached;
      const waits = picture.startsWith('new-');
      const what = picture.endsWith('portrait') ? 'portrait' : 'document';
      const body = await enrolments.picture(examineeId, waits ? 'waiting' : 'active', what);
      if (body === null) return refuse('not-found');
      await deps.trail.audit(entry(staff, `${what}-viewed`, examineeId, { picture }));
      return ok(body);
    },

    decide: async (staff, examineeId, { decision, reason }) => {
      const reached = await reach(staff, examineeId);
      if (!reached.ok) return reached;
      const now = clock.now();
      const done = await deps.store.transaction(async (tx) => {
        const decided =
          decision === 'approve'
            ? await tx.enrolments.approve(examineeId, staff.id, now)
            : await tx.enrolments.reject(examineeId, staff.id, reason, now);
        if (!decided) return false;
        await tx.trail.audit(entry(staff, `enrolment-${decision}`, examineeId, { reason }));
        return true;
      });
      return done ? ok(null) : refuse('conflict', 'no enrolment waits');
    },

    roomCode: async (staff, examineeId) => {
      const reached = await reach(staff, examineeId);
      if (!reached.ok) return reached;
      const code = readableCode(deps.random, ROOM_CODE_LETTERS);
      const expiresAt = clock.now() + ROOM_CODE_MS;
      await deps.store.transaction(async (tx) => {
        await tx.enrolments.addRoomCode({
          codeHash: tokenHash(normaliseCode(code)),
          examineeId,
          expiresAt,
          createdBy: staff.id,
        });
        await tx.trail.audit(entry(staff, 'room-code-made', examineeId, {}));
      });
      return ok({ code, expiresAt });
    },
  };
};
