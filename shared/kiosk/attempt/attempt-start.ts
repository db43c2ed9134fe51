import { msUntilStart, shiftStage } from '#shared/exam/shift.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import { enterLockdown } from '#shared/kiosk/machine/lockdown.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json } from '#shared/ledger/entry.ts';
import type { AttemptCore } from './attempt-core.ts';
import type { FormKeeper } from './attempt-form.ts';

/** Whether the shift lets the exam begin now, by the server's clock. */
const untimely = (core: AttemptCore, serverClock: ServerClock): Problem | null => {
  const now = serverClock.now();
  const { shift } = core.ticket;
  switch (shiftStage(shift, now)) {
    case 'too-early':
    case 'check-in':
      return { code: 'too-early', retryAfterMs: msUntilStart(shift, now) };
    case 'running':
      return null;
    case 'over':
      return { code: 'too-late' };
  }
};

/**
 * Starts the exam: questions, lockdown, first second. Nobody's time goes past the shift's end
 * (Art. 12b), however late they come.
 * @returns `too-early` before the shift, `too-late` after it, `not-in-this-stage` when something else
 * happened to the attempt while the questions were under way.
 */
export const startExam = async (
  core: AttemptCore,
  form: FormKeeper,
  serverClock: ServerClock,
): Promise<Result<null, Problem>> => {
  if (core.state().phase !== 'waiting') return fail({ code: 'not-in-this-stage' });
  const early = untimely(core, serverClock);
  if (early !== null) return fail(early);
  const obtained = await form.obtain();
  if (!obtained.ok) return obtained;
  const formHash = await core.deps.digest.sha256Hex(canonicalText(obtained.value as Json));
  return core.turn(async () => {
    // The answer may have taken its time: a closed attempt must not come back to life by it.
    if (core.state().phase !== 'waiting') return fail({ code: 'not-in-this-stage' });
    const late = untimely(core, serverClock);
    if (late !== null) return fail(late);
    await enterLockdown(core);
    const entry = await core.writer.write('exam-started', (t) => {
      const leftMs = Math.max(1, core.ticket.shift.endsAt - serverClock.now());
      return {
        // As the server gave it out; the shift's end cuts it (`deadlineT`), here as everywhere.
        durationMs: core.ticket.exam.durationMs,
        shiftEndsT: t + leftMs,
        formHash,
      };
    });
    await core.run(entry.t);
    return ok(null);
  });
};
