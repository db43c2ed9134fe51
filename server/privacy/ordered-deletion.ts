import type { EnrolmentStaff } from '#server/identity/enrolment-staff.ts';
import type { StaffMember } from '#server/people/ports.ts';
import { hasRight } from '#server/people/rights.ts';
import { refuse } from '#server/platform/problems.ts';
import type { ExamineeId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';
import type { NeededForClaims } from './contested.ts';
import type { Eraser } from './eraser.ts';

export interface OrderedDeletionDeps {
  readonly enrolments: Pick<EnrolmentStaff, 'reach'>;
  readonly eraser: Eraser;
  readonly neededForClaims: NeededForClaims;
}

/** What staff order to be deleted before its time. */
export interface OrderedDeletions {
  /**
   * Deletes template, portrait and document. Problems: `forbidden` without the right `privacy`; `not-found` when there
   * is no such person, out of reach, or no enrolment; `not-in-this-stage` while an attempt is held or contested.
   */
  remove(
    staff: StaffMember,
    examineeId: ExamineeId,
    reason: string,
  ): Promise<Result<DeletionCertificate, Problem>>;
}

export const orderedDeletions = (deps: OrderedDeletionDeps): OrderedDeletions => ({
  remove: async (staff, examineeId, reason) => {
    if (!hasRight(staff, 'privacy')) return refuse('forbidden');
    const reached = await deps.enrolments.reach(staff, examineeId);
    if (!reached.ok) return reached;
    if (await deps.neededForClaims(examineeId)) {
      return refuse('not-in-this-stage', 'an attempt is held or contested');
    }
    const certificate = await deps.eraser.erase({
      examineeId,
      reason: 'ordered',
      actor: staff.id,
      enrolment: true,
      stills: [],
      orderedBecause: reason,
    });
    return certificate === null ? refuse('not-found') : ok(certificate);
  },
});
