import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { AttemptCore } from '#shared/kiosk/attempt/attempt-core.ts';
import { leaveLockdown } from '#shared/kiosk/machine/lockdown.ts';
import type { StaffCode } from './staff-code.ts';

/**
 * The way out of the locked machine for a member of staff, with or without a network. A right code pauses the
 * exam and gives the machine back; every try is on record.
 * @returns `forbidden` when this session has no code, `rate-limited` after too many wrong ones.
 */
export const staffExit = async (
  core: AttemptCore,
  staffCode: StaffCode,
  { code, reason }: { readonly code: string; readonly reason: string },
): Promise<Result<null, Problem>> => {
  const checked = await staffCode.check(code, 'staff-exit');
  if (!checked.ok) return checked;
  return core.turn(async () => {
    await core.settle();
    if (checked.value.right) await core.hearOut();
    const { phase } = core.state();
    if (phase === 'closed') return fail({ code: 'attempt-closed' });
    const entry = await core.writer.write('staff-exit', {
      outcome: checked.value.right ? 'opened' : 'refused',
      reason: reason.toWellFormed(),
      ...(checked.value.right ? { proof: checked.value.proof } : {}),
    });
    if (!checked.value.right) return fail({ code: 'wrong-exit-code' });
    staffCode.accepted();
    if (phase === 'in-progress') await core.halt(entry.t);
    await leaveLockdown(core);
    return ok(null);
  });
};
