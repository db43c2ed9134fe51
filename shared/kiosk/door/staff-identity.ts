import { authorisationFits } from '#shared/attempt/order-objection.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { AttemptCore } from '#shared/kiosk/attempt/attempt-core.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import type { StaffCode } from './staff-code.ts';

export type StaffIdentityAction = Extract<KioskAction, { type: 'staff-identity' }>;

/**
 * A member of staff decides at the machine who sits there (Art. 21, 31), with the session's exit code, so that it
 * works without a network. Every try is on record, with what it was to decide.
 * @returns `forbidden` when this session has no code, `rate-limited` after too many wrong ones, `bad-request` for
 * an alternative that nobody authorised.
 */
export const staffIdentity = async (
  core: AttemptCore,
  staffCode: StaffCode,
  { code, decision, authorisedBy, reason }: StaffIdentityAction,
): Promise<Result<null, Problem>> => {
  if (!authorisationFits(decision, authorisedBy)) return fail({ code: 'bad-request' });
  const checked = await staffCode.check(code, `staff-identity ${decision}`);
  if (!checked.ok) return checked;
  return core.turn(async () => {
    await core.settle();
    if (core.state().phase === 'closed') return fail({ code: 'attempt-closed' });
    const { t } = await core.writer.write('staff-identity', {
      outcome: checked.value.right ? 'decided' : 'refused',
      decision,
      authorisedBy: authorisedBy?.toWellFormed() ?? null,
      reason: reason.toWellFormed(),
      ...(checked.value.right ? { proof: checked.value.proof } : {}),
    });
    if (!checked.value.right) return fail({ code: 'wrong-exit-code' });
    staffCode.accepted();
    if (core.state().phase === 'in-progress') await core.closeGate(t);
    return ok(null);
  });
};
